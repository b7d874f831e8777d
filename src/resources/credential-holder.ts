import { DRIVER_SECRET_NAME, tenantSecretName } from '../drivers/names.ts';

/** Whose volumes a credential is for. */
export interface Holder {
  /** UID of the namespace kube-system: tells clusters, and so installations, apart in one cloud. */
  clusterId: string;
  /** The tenant's namespace; undefined for the drivers' own credential. */
  tenant?: string | undefined;
}

/** The first eight characters of the cluster's id: what names at Keystone carry to tell clusters apart. */
export function installationName(clusterId: string): string {
  return `manila-rwx-${clusterId.slice(0, 8)}`;
}

/** Name of the service user, where the file does not name it. */
export function serviceUserName({ clusterId, tenant }: Holder): string {
  return tenant === undefined ? installationName(clusterId) : `${installationName(clusterId)}-${tenant}`;
}

/** What a service user's description says, by which it is known again. */
export function serviceUserMark({ clusterId, tenant }: Holder): string {
  const whose = tenant === undefined ? 'the CSI drivers' : `namespace ${tenant}`;
  return `made by manila-rwx for ${whose} of Kubernetes cluster ${clusterId}`;
}

/**
 * Names of a holder's credentials begin so; what follows is the time. The dot after a namespace, which has none, keeps
 * those of `team` and `team-a` apart where one user owns both.
 */
export function credentialPrefix({ clusterId, tenant }: Holder): string {
  return `${installationName(clusterId)}-${tenant === undefined ? 'driver-' : `tenant-${tenant}.`}`;
}

/** Name of the Secret that the credential is in, in the drivers' namespace. */
export function secretNameOf({ tenant }: Pick<Holder, 'tenant'>): string {
  return tenant === undefined ? DRIVER_SECRET_NAME : tenantSecretName(tenant);
}

/** `the drivers’ credential`, `the credential of tenant team-a`. */
export function titleOf({ tenant }: Pick<Holder, 'tenant'>): string {
  return tenant === undefined ? 'the drivers’ credential' : `the credential of tenant ${tenant}`;
}

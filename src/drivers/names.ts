/** Namespace of the drivers and of their Secret, unless the file or `-n` names another. */
export const DEFAULT_NAMESPACE = 'manila-csi';

/** The Secret with the drivers' OpenStack credential. PVs freeze this name, so it never changes. */
export const DRIVER_SECRET_NAME = 'manila-rwx-credential';

/**
 * Secret of a tenant, in the drivers' namespace; classes name it by the template `tenant-${pvc.namespace}`. A namespace
 * is a DNS label, so no two of them lead to one name, and none leads to the drivers' own Secret.
 */
export function tenantSecretName(namespace: string): string {
  return `tenant-${namespace}`;
}

/** On a tenant's Secret: the namespace that it is for. */
export const TENANT_LABEL = 'manila-rwx/tenant';

/** Name of the NFS driver's CSIDriver; see `protocols.ts` for all of them. */
export const NFS_DRIVER_NAME = 'nfs.manila.csi.openstack.org';

/** Manila CSI puts the protocol before this name; an install by plain manifests or on OpenShift has none in front. */
const MANILA_DRIVER = 'manila.csi.openstack.org';

/** Is it a driver of Manila, whoever installed it? */
export function isManilaDriver(name: string): boolean {
  return name === MANILA_DRIVER || name.endsWith(`.${MANILA_DRIVER}`);
}

/** What all objects of the drivers carry in `app.kubernetes.io/name`. */
export const DRIVER_APP = 'manila-csi';

/** Label selector of the drivers' objects and pods. */
export const DRIVER_SELECTOR = `app.kubernetes.io/name=${DRIVER_APP}`;

export const COMPONENT_LABEL = 'app.kubernetes.io/component';

/** Component, and name, of the objects around the snapshot-controller. */
export const SNAPSHOT_CONTROLLER = {
  component: 'snapshot-controller',
  name: 'manila-csi-snapshot-controller',
} as const;

/** Lease of a snapshot-controller, whoever runs it. */
export const SNAPSHOT_CONTROLLER_LEASE = 'snapshot-controller-leader';

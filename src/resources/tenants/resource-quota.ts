import type { QuotaSpec, ShareTypeQuotaSpec, Tenant } from '../../config/types.ts';
import type { KubeObject, ObjectRef } from '../../kube/types.ts';
import type { QuotaSet } from '../../openstack/types.ts';
import { PRODUCT } from '../ownership.ts';
import { audienceOf, type StorageClass, typeNameOf } from '../storage-classes/class.ts';
import { matchesPattern } from '../storage-classes/names.ts';

/** What Manila allows a tenant's project, as it is or as the file is going to make it. */
export interface ProjectQuota {
  own: QuotaSet;
  /** By the name of the share type. */
  types: ReadonlyMap<string, QuotaSet>;
}

/** The classes that a tenant is to make its claims of. */
export function classesOf({ storageClasses }: Pick<Tenant, 'storageClasses'>, all: readonly StorageClass[]) {
  return all.filter(
    (one) =>
      audienceOf(one) === 'tenants' && storageClasses.some((pattern) => matchesPattern(pattern, typeNameOf(one))),
  );
}

export function quotaRef(namespace: string): ObjectRef {
  return { apiVersion: 'v1', kind: 'ResourceQuota', name: PRODUCT, namespace };
}

/**
 * What the project's Manila quota says, as a ResourceQuota for each class
 * (https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-for-storage). A limit of the whole project is
 * that of each class: Kubernetes cannot add up some classes and not others, so Manila keeps the sum. The driver's
 * other classes get no room: their shares would be another project's, past this quota.
 *
 * @param all the driver's classes.
 */
export function quotaManifest(tenant: Tenant, all: readonly StorageClass[], quota: ProjectQuota): KubeObject {
  const own = classesOf(tenant, all);
  const hard = Object.fromEntries(
    all.flatMap((one) => {
      const key = (what: string): string => `${one.metadata.name}.storageclass.storage.k8s.io/${what}`;
      if (!own.includes(one)) return [[key('persistentvolumeclaims'), '0']];
      const limits = { ...quota.own, ...quota.types.get(typeNameOf(one)) };
      const limit = (name: string): number => limits[name] ?? -1;
      return [
        ...(limit('gigabytes') < 0 ? [] : [[key('requests.storage'), `${limit('gigabytes')}Gi`]]),
        ...(limit('shares') < 0 ? [] : [[key('persistentvolumeclaims'), String(limit('shares'))]]),
      ];
    }) as [string, string][],
  );
  const { apiVersion, kind, name } = quotaRef(tenant.namespace);
  return { apiVersion, kind, metadata: { name, namespace: tenant.namespace }, spec: { hard } };
}

/** The limits of Manila with those that the file is going to set; what is inherited is as it is. */
export function withFile(live: ProjectQuota, spec: QuotaSpec | undefined): ProjectQuota {
  if (!spec) return live;
  const types = new Map(live.types);
  for (const [name, limits] of Object.entries(spec.shareTypes ?? {})) {
    types.set(name, { ...types.get(name), ...(limits === 'inherit' ? {} : namesOfManila(limits)) });
  }
  return { own: { ...live.own, ...namesOfManila(spec) }, types };
}

function namesOfManila({ shares, gigabytes }: ShareTypeQuotaSpec): QuotaSet {
  const number = (value: unknown): value is number => typeof value === 'number';
  return { ...(number(shares) ? { shares } : {}), ...(number(gigabytes) ? { gigabytes } : {}) };
}

import type { LoadedConfig } from '../../config/types.ts';
import { mapLimit } from '../../core/concurrency.ts';
import type { Context } from '../../core/context.ts';
import { secretUsers } from '../../drivers/secret-users.ts';
import type { KubeClient, KubeObject } from '../../kube/types.ts';
import { type CredentialEntry, listCredentials } from '../credential-list.ts';
import { isOurs } from '../ownership.ts';
import type { StorageClass } from '../storage-classes/class.ts';
import { classesOf, quotaRef } from './resource-quota.ts';

/** A tenant of the file, or one that its Secret tells of. */
export interface TenantEntry {
  namespace: string;
  /** `Active`, `Terminating`, or `missing`. */
  phase: string;
  /** Project that owns the shares; of the file where there is no credential yet. */
  project?: string;
  /** Its credential, and whether Keystone takes it. */
  credential: Omit<CredentialEntry, 'tenant' | 'usedBy' | 'inFile'>;
  /** Names of the StorageClasses that lead to its Secret; empty where the file has the tenant no more. */
  storageClasses: string[];
  /** Number of its volumes. */
  volumes: number;
  /** Number of its snapshots. */
  snapshots: number;
  /** Is there a ResourceQuota of ours in the namespace? */
  resourceQuota: boolean;
  /** Does the file have it? */
  inFile: boolean;
}

/** Result of `tenant list`. */
export interface TenantList {
  tenants: TenantEntry[];
}

const CONCURRENCY = 8;

export async function listTenants(
  ctx: Context,
  kube: KubeClient,
  namespace: string,
  loaded: LoadedConfig,
): Promise<TenantList> {
  const [{ credentials }, users, { items: classes }] = await Promise.all([
    listCredentials(ctx, kube, namespace, loaded),
    secretUsers(kube, namespace),
    kube.list<StorageClass>({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' }, { signal: ctx.signal }),
  ]);
  const tenants = await mapLimit(credentials, CONCURRENCY, async (entry): Promise<TenantEntry[]> => {
    const { tenant, inFile, secret, standing, reason, credential: held, daysLeft } = entry;
    const credential = {
      secret,
      standing,
      ...(reason === undefined ? {} : { reason }),
      ...(held && { credential: held }),
      ...(daysLeft === undefined ? {} : { daysLeft }),
    };
    if (tenant === undefined) return [];
    const spec = loaded.config.tenants.find((one) => one.namespace === tenant);
    const [place, quota] = await Promise.all([
      kube.get<KubeObject & { status?: { phase?: string } }>({ apiVersion: 'v1', kind: 'Namespace', name: tenant }),
      kube.get(quotaRef(tenant)),
    ]);
    const own = users.get(entry.secret) ?? [];
    const project = entry.credential?.project ?? spec?.project;
    return [
      {
        namespace: tenant,
        phase: place?.status?.phase ?? (place ? 'Active' : 'missing'),
        ...(project === undefined ? {} : { project }),
        credential,
        storageClasses: spec ? classesOf(spec, classes).map(({ metadata }) => metadata.name) : [],
        volumes: own.filter(({ kind }) => kind === 'PersistentVolume').length,
        snapshots: own.filter(({ kind }) => kind === 'VolumeSnapshotContent').length,
        resourceQuota: quota !== undefined && isOurs(quota),
        inFile,
      },
    ];
  });
  return { tenants: tenants.flat() };
}

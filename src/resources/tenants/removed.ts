import type { Context } from '../../core/context.ts';
import { TENANT_LABEL } from '../../drivers/names.ts';
import { describeUsers, type SecretUser } from '../../drivers/secret-users.ts';
import type { KubeClient, KubeObject } from '../../kube/types.ts';
import type { KeystoneSession } from '../../openstack/session.ts';
import type { AnyResource, Resource } from '../../reconcile/reconcile.ts';
import { inSequence } from '../../reconcile/sequence.ts';
import { credentialRemoval } from '../credential-removal.ts';
import { kubeObjectRemoval, refOf } from '../kube-objects.ts';
import { quotaRef } from './resource-quota.ts';

export interface RemovedTenant {
  /** Its namespace, which stays: what is in it is not ours. */
  tenant: string;
  secret: KubeObject;
  /** What needs the Secret as long as it exists. */
  users: readonly SecretUser[];
}

interface RemovalParts {
  kube: KubeClient;
  session: KeystoneSession;
  namespace: string;
  clusterId: string;
  prune: boolean;
}

/** Secrets of tenants that the file has no more. */
export function removedTenants(
  secrets: readonly KubeObject[],
  inFile: ReadonlySet<string>,
  users: ReadonlyMap<string, readonly SecretUser[]>,
): RemovedTenant[] {
  return secrets.flatMap((secret) => {
    const tenant = secret.metadata.labels?.[TENANT_LABEL];
    if (tenant === undefined || inFile.has(tenant)) return [];
    return [{ tenant, secret, users: users.get(secret.metadata.name) ?? [] }];
  });
}

/**
 * A tenant that is no longer in the file keeps its credential and Secret while volumes need them, and until `--prune`
 * says that they may go. Then they go, and the ResourceQuota with them.
 */
export function removedTenant(ctx: Context, removed: RemovedTenant, parts: RemovalParts): AnyResource {
  const { kube, session, namespace, clusterId, prune } = parts;
  const { tenant, secret, users } = removed;
  if (users.length > 0)
    return kept(removed, `kept: tenant ${tenant} is not in the file, but ${describeUsers(users)} need it`);
  if (!prune) return kept(removed, `kept: tenant ${tenant} is not in the file; --prune revokes and deletes it`);
  return inSequence(`tenant ${tenant}`, [
    // The Secret alone tells whose the credential is.
    credentialRemoval(ctx, kube, session, {
      namespace,
      clusterId,
      tenant,
      user: 'create',
      project: undefined,
      cloud: undefined,
    }),
    kubeObjectRemoval(ctx, kube, `what was made for tenant ${tenant}`, [refOf(secret), quotaRef(tenant)]),
  ]);
}

function kept({ secret }: RemovedTenant, reason: string): AnyResource {
  const name = `${secret.metadata.namespace ?? ''}/${secret.metadata.name}`;
  const resource: Resource<undefined, undefined> = {
    title: `Secret ${name}`,
    serverDryRun: true,
    observe: async () => undefined,
    plan: () => [
      { change: { kind: 'Secret', name, action: 'none', fields: [], destructive: false, reason }, op: undefined },
    ],
    perform: async () => undefined,
  };
  return resource;
}

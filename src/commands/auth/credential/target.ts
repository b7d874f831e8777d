import type { LoadedConfig, Tenant } from '../../../config/types.ts';
import type { Context } from '../../../core/context.ts';
import { usageError } from '../../../core/errors.ts';
import { didYouMean } from '../../../core/nearest.ts';
import { readClusterId } from '../../../drivers/survey.ts';
import type { KubeClient, KubeObject } from '../../../kube/types.ts';
import type { KeystoneSession } from '../../../openstack/session.ts';
import { secretNameOf } from '../../../resources/credential-holder.ts';
import { withCloud } from '../../with-cloud.ts';
import { withCluster } from '../../with-cluster.ts';

/** The credential that a command is about, and what is known of it. */
export interface Target {
  kube: KubeClient;
  session: KeystoneSession;
  loaded: LoadedConfig;
  /** Of the drivers and of all Secrets. */
  namespace: string;
  clusterId: string;
  /** The tenant's namespace; undefined for the drivers' own. */
  tenant: string | undefined;
  /** What the file says of that tenant. */
  spec: Tenant | undefined;
  /** The Secret; undefined where there is none yet. */
  secret: KubeObject | undefined;
}

/**
 * Finds the drivers' credential, or that of the tenant that is named.
 * @throws CliError `usage` (exit 2) for a tenant that neither the file nor the cluster has.
 */
export async function withTarget<T>(
  ctx: Context,
  { tenant }: { tenant?: string },
  work: (target: Target) => Promise<T>,
): Promise<T> {
  return withCluster(ctx, (kube) =>
    withCloud(ctx, async (session, loaded) => {
      const { config, path } = loaded;
      const namespace = ctx.global.namespace ?? config.cluster.namespace;
      const ref = { apiVersion: 'v1', kind: 'Secret', name: secretNameOf({ tenant }), namespace };
      const [clusterId, secret] = await Promise.all([readClusterId(kube, ctx.signal), kube.get(ref)]);
      const spec = config.tenants.find((one) => one.namespace === tenant);
      if (tenant !== undefined && !spec && !secret) {
        const known = config.tenants.map((one) => one.namespace);
        throw usageError(
          `there is no tenant ${JSON.stringify(tenant)}: ${path ?? 'no file'} names none, and there is no Secret ${namespace}/${ref.name}${didYouMean(tenant, known)}`,
          { remedy: known.length > 0 ? `tenants are ${known.join(', ')}` : 'name it under tenants in manila-rwx.yaml' },
        );
      }
      return work({ kube, session, loaded, namespace, clusterId, tenant, spec, secret });
    }),
  );
}

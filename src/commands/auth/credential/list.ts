import type { Context } from '../../../core/context.ts';
import { type CommandResult, result } from '../../../core/result.ts';
import { listCredentials } from '../../../resources/credential-list.ts';
import { withCluster } from '../../with-cluster.ts';

/** The credentials that are in the cluster, each tried at Keystone. No login of one's own is needed. */
export async function run(ctx: Context): Promise<CommandResult<'credential-list'>> {
  return withCluster(ctx, async (kube, loaded) => {
    const namespace = ctx.global.namespace ?? loaded.config.cluster.namespace;
    return result('credential-list', await listCredentials(ctx, kube, namespace, loaded));
  });
}

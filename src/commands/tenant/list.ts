import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { listTenants } from '../../resources/tenants/list.ts';
import { withCluster } from '../with-cluster.ts';

/** The tenants of the file and those whose Secret is in the cluster. Reads only. */
export async function run(ctx: Context): Promise<CommandResult<'tenant-list'>> {
  return withCluster(ctx, async (kube, loaded) => {
    const namespace = ctx.global.namespace ?? loaded.config.cluster.namespace;
    return result('tenant-list', await listTenants(ctx, kube, namespace, loaded));
  });
}

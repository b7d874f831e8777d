import type { Context } from '../../core/context.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import { orphanRemoval } from '../../resources/orphans/delete.ts';
import { findOrphans } from '../../resources/orphans/find.ts';
import { observeOrphans, openLogins } from '../../resources/orphans/observe.ts';
import { withCluster } from '../with-cluster.ts';

export interface OrphansOptions {
  delete?: boolean;
}

/**
 * What lost its other half, in the projects of the drivers and of all tenants. Exit 1 where there is something; with
 * `--delete`, where something is left.
 */
export async function run(
  ctx: Context,
  options: OrphansOptions,
): Promise<CommandResult<'orphans'> | CommandResult<'change-set'>> {
  return withCluster(ctx, async (kube, { config }) => {
    const namespace = ctx.global.namespace ?? config.cluster.namespace;
    const opened = await openLogins(ctx, kube, namespace);
    try {
      if (options.delete === true) {
        const changes = await reconcile(ctx, orphanRemoval(ctx, kube, namespace, opened));
        return result('change-set', changes, changes.summary.none > 0 ? ExitCode.Found : ExitCode.Done);
      }
      const report = findOrphans(await observeOrphans(ctx, kube, namespace, opened));
      return result('orphans', report, report.orphans.length > 0 ? ExitCode.Found : ExitCode.Done);
    } finally {
      for (const { session } of opened.logins) session.close();
    }
  });
}

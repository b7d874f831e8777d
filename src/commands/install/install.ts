import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { prepareInstallation } from '../../drivers/installation.ts';
import { waitForDriver } from '../../drivers/observe.ts';
import type { InstallReport } from '../../drivers/reports.ts';
import type { SnapshotMode } from '../../drivers/snapshots.ts';
import type { InstallationState } from '../../drivers/state.ts';
import { isWorkload, versionsOf } from '../../drivers/workload.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import type { OwnerOptions } from '../../resources/credential-choice.ts';
import { withCloud } from '../with-cloud.ts';
import { withCluster } from '../with-cluster.ts';

export interface InstallOptions extends OwnerOptions {
  /** Beats `drivers.version` of the file. */
  driverVersion?: string;
  /** Beats `drivers.snapshots` of the file. */
  snapshots?: SnapshotMode;
  /** False with `--no-wait`. */
  wait: boolean;
}

const READY_TIMEOUT_MS = 300_000;

/** Installs the drivers: their credential first, then everything in the cluster; then waits until the nodes have them. */
export async function run(ctx: Context, options: InstallOptions): Promise<CommandResult<'install'>> {
  return withCluster(ctx, (kube) =>
    withCloud(ctx, async (session, loaded) => {
      const installation = await prepareInstallation(ctx, {
        kube,
        session,
        loaded,
        owner: options,
        version: options.driverVersion,
        snapshots: options.snapshots,
      });
      const { drivers, namespace, survey, manifests, snapshots } = installation;
      const startedAt = ctx.clock.now();
      const changes = await reconcile(ctx, installation.resource);
      const credential = installation.credential();
      const report: InstallReport = {
        ...changes,
        namespace,
        kubeletDirectory: survey.kubeletDirectory,
        snapshots: snapshots.snapshotter,
        versions: versionsOf(manifests.filter(isWorkload)),
        ...(credential && { credential }),
      };
      if (!options.wait || ctx.global.dryRun !== 'none') return result('install', report);
      const state = await waitForDriver(ctx, kube, {
        drivers,
        namespace,
        timeoutMs: ctx.global.timeoutMs ?? READY_TIMEOUT_MS,
        probablyReady: changes.summary.none === changes.changes.length,
        partialResult: (state: InstallationState) => result('install', { ...report, ...standing(state) }),
      });
      const readySeconds = Math.round((ctx.clock.now() - startedAt) / 100) / 10;
      return result('install', { ...report, ...standing(state), readySeconds });
    }),
  );
}

function standing({ drivers, snapshotController }: InstallationState) {
  return { drivers, ...(snapshotController && { snapshotController }) };
}

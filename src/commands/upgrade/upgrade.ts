import type { Context } from '../../core/context.ts';
import { couldNotRun } from '../../core/errors.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { type Installation, prepareInstallation } from '../../drivers/installation.ts';
import { readDriverObjects, waitForDriver } from '../../drivers/observe.ts';
import type { UpgradeReport } from '../../drivers/reports.ts';
import { refuseUnreadableSecrets, rollFuseNodes, stopRoll } from '../../drivers/roll.ts';
import type { InstallationState } from '../../drivers/state.ts';
import { isWorkload, versionsOf } from '../../drivers/workload.ts';
import type { KubeClient } from '../../kube/types.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import { withCloud } from '../with-cloud.ts';
import { withCluster } from '../with-cluster.ts';

export interface UpgradeOptions {
  driverVersion?: string;
}

/** For one node after the other; a node takes seconds unless it must pull images. */
const ROLL_TIMEOUT_MS = 1_800_000;

/**
 * Moves what is installed to another row of the matrix. Mounts outlive the pods that made them, so nothing that writes
 * notices; where they would not (ceph-fuse), a node is passed over until it is drained.
 */
export async function run(ctx: Context, options: UpgradeOptions): Promise<CommandResult<'upgrade'>> {
  return withCluster(ctx, (kube) =>
    withCloud(ctx, async (session, loaded) => {
      const installation = await prepareInstallation(ctx, {
        kube,
        session,
        loaded,
        version: options.driverVersion,
        newest: true,
      });
      return upgrade(ctx, kube, installation);
    }),
  );
}

async function upgrade(ctx: Context, kube: KubeClient, installation: Installation): Promise<CommandResult<'upgrade'>> {
  const { drivers, namespace, survey, manifests, release } = installation;
  if (survey.installedManila === undefined) {
    throw couldNotRun('not-installed', 'there is nothing to upgrade: manila-rwx has installed no driver here', {
      remedy: 'run manila-rwx install',
    });
  }
  await refuseUnreadableSecrets(kube, namespace, ctx.signal);
  const before = await readDriverObjects(kube, namespace, ctx.signal);
  const from = versionsOf([...before.deployments, ...before.daemonSets]);
  const to = versionsOf(manifests.filter(isWorkload));
  ctx.io.note(described(from, to, release.name));
  const startedAt = ctx.clock.now();
  const changes = await reconcile(ctx, installation.resource);
  const report: UpgradeReport = { ...changes, namespace, release: release.name, from, to, heldBack: [] };
  if (ctx.global.dryRun !== 'none') return result('upgrade', report);
  try {
    report.heldBack = await rollFuseNodes(ctx, kube, namespace, survey.fuseVolumes);
    const standing = ({ drivers: states, snapshotController }: InstallationState) => ({
      drivers: states,
      ...(snapshotController && { snapshotController }),
    });
    if (report.heldBack.length === 0) {
      const state = await waitForDriver(ctx, kube, {
        drivers,
        namespace,
        timeoutMs: ctx.global.timeoutMs ?? ROLL_TIMEOUT_MS,
        probablyReady: changes.summary.none === changes.changes.length,
        partialResult: (now) => result('upgrade', { ...report, ...standing(now) }),
      });
      Object.assign(report, standing(state));
    }
  } catch (error) {
    if (ctx.signal.aborted) await stopRoll(ctx, kube, namespace);
    throw error;
  }
  report.seconds = Math.round((ctx.clock.now() - startedAt) / 100) / 10;
  return result('upgrade', report, report.heldBack.length > 0 ? ExitCode.Found : ExitCode.Done);
}

function described(from: Record<string, string>, to: Record<string, string>, release: string): string {
  const moves = Object.entries(to).flatMap(([name, version]) => {
    const now = from[name];
    return now === version ? [] : [`${name} ${now ?? '(none)'} -> ${version}`];
  });
  return moves.length === 0
    ? `driver version ${release}: every program has its version`
    : `driver version ${release}: ${moves.join(', ')}`;
}

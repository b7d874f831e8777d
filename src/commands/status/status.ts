import type { Config } from '../../config/types.ts';
import type { Context } from '../../core/context.ts';
import { durationMs } from '../../core/duration.ts';
import { messageOf } from '../../core/errors.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { type DriverObjects, driversIn, readDriverObjects, stateOf, waitForDriver } from '../../drivers/observe.ts';
import { ALL_DRIVERS, driverNamed } from '../../drivers/protocols.ts';
import type { SnapshotStatus, StatusReport } from '../../drivers/reports.ts';
import { type SnapshotSurvey, surveySnapshots } from '../../drivers/snapshots.ts';
import type { DriverState, InstallationState } from '../../drivers/state.ts';
import { refusedAmong } from '../../drivers/versions.ts';
import { versionsOf } from '../../drivers/workload.ts';
import type { KubeClient } from '../../kube/types.ts';
import { OpenStackError } from '../../openstack/errors.ts';
import { readInstalledCredential } from '../../resources/credential-login.ts';
import { isOurs } from '../../resources/ownership.ts';
import { isDefault, type StorageClass, typeNameOf } from '../../resources/storage-classes/class.ts';
import { withCluster } from '../with-cluster.ts';

export interface StatusOptions {
  wait?: boolean;
}

const READY_TIMEOUT_MS = 300_000;

/** How the driver stands on every node, and whether its credential works. Exit 1 where something is wrong. */
export async function run(ctx: Context, options: StatusOptions): Promise<CommandResult<'status'>> {
  return withCluster(ctx, async (kube, { config }) => {
    const namespace = ctx.global.namespace ?? config.cluster.namespace;
    const [objects, credential, storageClasses, csiDrivers, snapshots] = await Promise.all([
      readDriverObjects(kube, namespace, ctx.signal),
      readCredential(ctx, kube, namespace, config),
      readClasses(kube),
      readCsiDrivers(kube),
      surveySnapshots(kube, { now: ctx.clock.now(), signal: ctx.signal }),
    ]);
    const installed = objects.daemonSets.length + objects.deployments.length > 0;
    const state = installed ? await settled(ctx, kube, namespace, objects, options) : undefined;
    const problems = [
      ...(state ? stateProblems(state, csiDrivers) : [notInstalled(namespace, csiDrivers)]),
      ...(installed || credential.report ? credential.problems : []),
      ...refusedAmong(versionsOf([...objects.deployments, ...objects.daemonSets])),
      ...(hasSnapshotter(objects) && !snapshots.controller
        ? ['nobody binds VolumeSnapshots: manila-rwx install --snapshots install installs a snapshot-controller']
        : []),
    ];
    const healthy = problems.length === 0;
    const report: StatusReport = {
      healthy,
      installed,
      namespace,
      problems,
      drivers: state?.drivers ?? [],
      ...(state?.snapshotController && { snapshotController: state.snapshotController }),
      ...(snapshots.definitions.length > 0 && { snapshots: snapshotStatus(snapshots, objects) }),
      versions: versionsOf([...objects.deployments, ...objects.daemonSets]),
      ...(credential.report && { credential: credential.report }),
      storageClasses,
    };
    return result('status', report, healthy ? ExitCode.Done : ExitCode.Found);
  });
}

/** The state now, or with `--wait` when it is good. */
async function settled(
  ctx: Context,
  kube: KubeClient,
  namespace: string,
  objects: DriverObjects,
  { wait }: StatusOptions,
): Promise<InstallationState> {
  const now = stateOf(objects);
  if (now.ready || !wait) return now;
  return waitForDriver(ctx, kube, {
    drivers: driversIn(objects),
    namespace,
    timeoutMs: ctx.global.timeoutMs ?? READY_TIMEOUT_MS,
  });
}

function hasSnapshotter({ deployments }: DriverObjects): boolean {
  return deployments.some(({ spec }) => spec.template.spec.containers.some(({ name }) => name === 'snapshotter'));
}

function snapshotStatus({ definitions, controller }: SnapshotSurvey, objects: DriverObjects): SnapshotStatus {
  return {
    snapshotter: hasSnapshotter(objects),
    definitions: definitions.map((one) => ({ name: one.metadata.name, ours: isOurs(one) })),
    ...(controller && { controller }),
  };
}

/** Names of the CSIDrivers that the cluster has, of those that this program installs. */
async function readCsiDrivers(kube: KubeClient): Promise<string[]> {
  const found = await Promise.all(
    ALL_DRIVERS.map(({ name }) => kube.get({ apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', name })),
  );
  return found.flatMap((one) => (one ? [one.metadata.name] : []));
}

function stateProblems({ drivers, snapshotController }: InstallationState, csiDrivers: readonly string[]): string[] {
  return [
    ...drivers.flatMap((driver) =>
      driverProblems(driver, csiDrivers).map((problem) =>
        drivers.length > 1 ? `${driver.driver}: ${problem}` : problem,
      ),
    ),
    ...(snapshotController?.reason ? [`snapshot-controller: ${snapshotController.reason}`] : []),
  ];
}

function driverProblems({ driver, controller, nodes, ready }: DriverState, csiDrivers: readonly string[]): string[] {
  const problems = [
    ...nodes.flatMap(({ name, schedulable, reason }) => (schedulable && reason ? [`node ${name}: ${reason}`] : [])),
    ...(controller.reason ? [`controller: ${controller.reason}`] : []),
    ...(csiDrivers.includes(driver) ? [] : [`there is no CSIDriver ${driver}: run manila-rwx install`]),
  ];
  return problems.length > 0 || ready ? problems : ['a new version of the node plugin is being rolled out'];
}

function notInstalled(namespace: string, [csiDriver]: readonly string[]): string {
  return csiDriver !== undefined
    ? `there is a CSIDriver ${csiDriver}, but nothing of it in namespace ${namespace}: name the right one with -n`
    : 'the driver is not installed: run manila-rwx install';
}

interface CredentialStatus {
  report?: NonNullable<StatusReport['credential']>;
  problems: string[];
}

/** Logs in as the drivers do, from here. */
async function readCredential(
  ctx: Context,
  kube: KubeClient,
  namespace: string,
  { credential: { rotateBefore } }: Config,
): Promise<CredentialStatus> {
  const installed = await readInstalledCredential(ctx, kube, namespace);
  if (!installed) return { problems: ['the drivers have no credential: run manila-rwx install'] };
  const { report, session } = installed;
  try {
    await session.identity();
    const left = report.expiresAt === undefined ? Infinity : Date.parse(report.expiresAt) - ctx.clock.now();
    const due = left < (durationMs(rotateBefore) ?? 0);
    const day = report.expiresAt?.slice(0, 10) ?? '';
    return {
      report: { ...report, valid: true },
      problems: due ? [`the credential ends on ${day}: manila-rwx auth credential rotate replaces it`] : [],
    };
  } catch (error) {
    if (ctx.signal.aborted) throw error;
    const refused = error instanceof OpenStackError && error.status >= 400 && error.status < 500;
    return refused
      ? {
          report: { ...report, valid: false },
          problems: [`${messageOf(error).replace(/\.$/, '')}: manila-rwx install makes a new credential`],
        }
      : { report, problems: [`the credential cannot be tried from here: ${messageOf(error)}`] };
  } finally {
    session.close();
  }
}

async function readClasses(kube: KubeClient): Promise<StatusReport['storageClasses']> {
  const { items } = await kube.list<StorageClass>({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' });
  return items
    .filter(({ provisioner }) => driverNamed(provisioner))
    .map((one) => {
      const shareType = typeNameOf(one);
      return {
        name: one.metadata.name,
        ...(shareType === '' ? {} : { shareType }),
        default: isDefault(one),
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

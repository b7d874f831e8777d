import type { LoadedConfig } from '../../config/types.ts';
import type { Context } from '../../core/context.ts';
import { durationMs } from '../../core/duration.ts';
import { configError, couldNotRun, usageError } from '../../core/errors.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { manilaNfsObjects, namespaceObject } from '../../drivers/manila-nfs.ts';
import { waitForDriver } from '../../drivers/observe.ts';
import type { InstallReport } from '../../drivers/reports.ts';
import type { DriverState } from '../../drivers/state.ts';
import { isWorkload, versionsOf } from '../../drivers/workload.ts';
import { type ClusterSurvey, surveyCluster } from '../../drivers/survey.ts';
import type { KubeClient } from '../../kube/types.ts';
import { Manila } from '../../openstack/manila.ts';
import type { KeystoneSession } from '../../openstack/session.ts';
import type { Planned } from '../../reconcile/change.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import { inSequence } from '../../reconcile/sequence.ts';
import { installationName } from '../../resources/credential-owner.ts';
import type { CredentialOwner } from '../../resources/credential-state.ts';
import { DriverCredential } from '../../resources/credentials.ts';
import { isOurs } from '../../resources/ownership.ts';
import { kubeObjects, type ObjectOp } from '../../resources/kube-objects.ts';
import { type Access, refuseWithoutRights } from '../../resources/rights.ts';
import { withCloud } from '../with-cloud.ts';
import { withCluster } from '../with-cluster.ts';

export interface InstallOptions {
  project?: string;
  user?: string;
  credentialCloud?: string;
  /** False with `--no-wait`. */
  wait: boolean;
}

/** Manila CSI speaks this microversion. */
const DRIVER_MICROVERSION = '2.37';
const READY_TIMEOUT_MS = 300_000;

/** Installs the NFS driver: its credential first, then everything in the cluster; then waits until the nodes have it. */
export async function run(ctx: Context, options: InstallOptions): Promise<CommandResult<'install'>> {
  return withCluster(ctx, (kube) =>
    withCloud(ctx, (session, loaded) => install(ctx, { kube, session, loaded, options })),
  );
}

interface Parts {
  kube: KubeClient;
  session: KeystoneSession;
  loaded: LoadedConfig;
  options: InstallOptions;
}

async function install(ctx: Context, parts: Parts): Promise<CommandResult<'install'>> {
  const { kube, session, loaded, options } = parts;
  const { config } = loaded;
  const namespace = ctx.global.namespace ?? config.cluster.namespace;
  const choice = chooseOwner(loaded, options);
  const [survey] = await Promise.all([
    surveyCluster(kube, namespace, { kubeletDirectory: config.cluster.kubeletDirectory, signal: ctx.signal }),
    checkManila(ctx, session),
  ]);
  const credential = new DriverCredential(ctx, kube, session, {
    namespace,
    clusterId: survey.clusterId,
    owner: namedOwner(choice, survey.clusterId),
    ...lifeOf(loaded),
  });
  const manifests = await driverManifests(namespace, survey, loaded);
  const startedAt = ctx.clock.now();
  const changes = await reconcile(
    ctx,
    inSequence(
      'the NFS driver and its credential',
      [
        kubeObjects(ctx, kube, 'the namespace', await namespaceManifests(namespace, survey)),
        credential,
        kubeObjects(ctx, kube, 'the NFS driver', manifests),
      ],
      (todo, { signal }) => refuseWithoutRights(kube, todo.filter(isOfCluster), secretRights(namespace, todo), signal),
    ),
  );
  const report: InstallReport = {
    ...changes,
    namespace,
    kubeletDirectory: survey.kubeletDirectory,
    snapshots: survey.snapshots,
    versions: versionsOf(manifests.filter(isWorkload)),
    ...(credential.report && { credential: credential.report }),
  };
  if (!options.wait || ctx.global.dryRun !== 'none') return result('install', report);
  const driver = await waitForDriver(ctx, kube, {
    namespace,
    timeoutMs: ctx.global.timeoutMs ?? READY_TIMEOUT_MS,
    probablyReady: changes.summary.none === changes.changes.length,
    partialResult: (state: DriverState) => result('install', { ...report, driver: state }),
  });
  const readySeconds = Math.round((ctx.clock.now() - startedAt) / 100) / 10;
  return result('install', { ...report, driver, readySeconds });
}

/** Before anything is changed: is Manila there, and new enough for the driver? */
async function checkManila(ctx: Context, session: KeystoneSession): Promise<void> {
  const manila = await Manila.connect(session, ctx);
  if (manila.supports(DRIVER_MICROVERSION)) return;
  throw couldNotRun(
    'old-manila',
    `Manila at ${manila.endpoint.url} knows API versions ${manila.microversions.min} to ${manila.microversions.max}, and its CSI driver needs ${DRIVER_MICROVERSION}`,
    { remedy: 'Manila of OpenStack Ocata or later is needed' },
  );
}

/** Ours is made, and kept right; somebody else's is used as it is. */
async function namespaceManifests(name: string, { namespace }: ClusterSurvey) {
  return namespace === undefined || isOurs(namespace) ? [await namespaceObject(name)] : [];
}

async function driverManifests(namespace: string, survey: ClusterSurvey, { config }: LoadedConfig) {
  return manilaNfsObjects({
    namespace,
    clusterId: survey.clusterId,
    kubeletDirectory: survey.kubeletDirectory.path,
    replicas: config.drivers.replicas,
    snapshots: survey.snapshots,
  });
}

/** Is it a change to an object of the cluster? Those of Keystone are not asked of the API server. */
function isOfCluster(planned: Planned<unknown>): planned is Planned<ObjectOp> {
  const { op } = planned as { op: { do: string; object?: unknown } };
  return ['apply', 'replace', 'delete'].includes(op.do);
}

/** A new credential ends in a Secret, which is better known before it is made. */
function secretRights(namespace: string, todo: readonly Planned<unknown>[]): Access[] {
  const writes = todo.some(({ change }) => change.kind === 'Secret');
  return writes ? ['create', 'patch'].map((verb) => ({ verb, group: '', resource: 'secrets', namespace })) : [];
}

/** How long a credential lives, and how long before its end it is replaced. */
function lifeOf({ config: { credential }, where }: LoadedConfig): { lifeMs: number; rotateBeforeMs: number } {
  const lifeMs = durationMs(credential.expiresIn) ?? 0;
  const rotateBeforeMs = durationMs(credential.rotateBefore) ?? 0;
  if (rotateBeforeMs < lifeMs) return { lifeMs, rotateBeforeMs };
  throw configError(
    'credential-life',
    `${where(['credential', 'rotateBefore'])}: a credential that lives ${credential.expiresIn} and is replaced ${credential.rotateBefore} before its end is replaced by every run`,
    { remedy: 'let rotateBefore be shorter than expiresIn' },
  );
}

type Choice = { cloud: string } | { project: string; user: string };

/** Whose the shares shall be: flags, else the file. */
function chooseOwner({ config, path, where }: LoadedConfig, options: InstallOptions): Choice {
  const { credential } = config;
  if (options.credentialCloud !== undefined) {
    if (options.project !== undefined || options.user !== undefined) {
      throw usageError('--credential-cloud goes with neither --project nor --user: the entry has both', {
        remedy: 'leave one of them out',
      });
    }
    return { cloud: options.credentialCloud };
  }
  if (credential.cloud !== undefined && options.project === undefined) {
    if (credential.project !== undefined) {
      throw configError(
        'credential-twice',
        `${where(['credential', 'cloud'])}: credential names both a cloud, whose entry has its project, and a project`,
        { remedy: 'leave one of them out' },
      );
    }
    return { cloud: credential.cloud };
  }
  const project = options.project ?? credential.project;
  if (project !== undefined) return { project, user: options.user ?? credential.user };
  throw configError(
    'no-credential',
    path === undefined
      ? 'it is not said in which project the shares are to be: there is neither a manila-rwx.yaml nor --project'
      : `it is not said in which project the shares are to be: ${path} has no credential`,
    { remedy: 'add credential: { project: NAME } to the file, or give --project NAME' },
  );
}

function namedOwner(choice: Choice, clusterId: string): CredentialOwner {
  if ('cloud' in choice) return { kind: 'cloud', cloud: choice.cloud };
  const userName = choice.user === 'create' ? installationName(clusterId) : choice.user;
  return { kind: 'service-user', project: choice.project, userName };
}

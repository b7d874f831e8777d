import type { LoadedConfig } from '../../config/types.ts';
import type { Context } from '../../core/context.ts';
import { CliError } from '../../core/errors.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { DEFAULT_KUBELET_DIRECTORY, driverObjects } from '../../drivers/manifests.ts';
import { DRIVER_SECRET_NAME, TENANT_LABEL } from '../../drivers/names.ts';
import { ALL_DRIVERS, driverNamed } from '../../drivers/protocols.ts';
import { driverSnapshots, strangersIn, waitUntilRemoved } from '../../drivers/removal.ts';
import { type SnapshotRemoval, snapshotRemoval } from '../../drivers/snapshot-removal.ts';
import { readClusterId } from '../../drivers/survey.ts';
import { driverVolumes } from '../../drivers/volumes.ts';
import type { KubeClient, KubeObject, ObjectRef } from '../../kube/types.ts';
import type { KeystoneSession } from '../../openstack/session.ts';
import { summarize } from '../../reconcile/change.ts';
import { type AnyResource, reconcile } from '../../reconcile/reconcile.ts';
import { inSequence } from '../../reconcile/sequence.ts';
import { credentialRemoval } from '../../resources/credential-removal.ts';
import { kubeObjectRemoval, refOf } from '../../resources/kube-objects.ts';
import { isOurs, ownerOf } from '../../resources/ownership.ts';
import { type RemovedTenant, removedTenant, removedTenants } from '../../resources/tenants/removed.ts';
import { withCloud } from '../with-cloud.ts';
import { withCluster } from '../with-cluster.ts';

export interface UninstallOptions {
  keepCredential?: boolean;
  /** Also the CRDs of VolumeSnapshots that `install` made, if nobody uses them. */
  crds?: boolean;
}

const GONE_TIMEOUT_MS = 180_000;

/** Takes away what `install` and `storageclass sync` made, once no volume needs it. */
export async function run(ctx: Context, options: UninstallOptions): Promise<CommandResult<'uninstall'>> {
  return withCluster(ctx, (kube) =>
    withCloud(ctx, (session, loaded) => uninstall(ctx, { kube, session, loaded, options })),
  );
}

interface Parts {
  kube: KubeClient;
  session: KeystoneSession;
  loaded: LoadedConfig;
  options: UninstallOptions;
}

async function uninstall(ctx: Context, parts: Parts): Promise<CommandResult<'uninstall'>> {
  const { kube, loaded, options } = parts;
  const namespace = ctx.global.namespace ?? loaded.config.cluster.namespace;
  await refuseWhileUsed(ctx, kube, namespace);
  const [classes, snapshots] = await Promise.all([
    readClasses(kube),
    snapshotRemoval(kube, namespace, { crds: options.crds ?? false, signal: ctx.signal }),
  ]);
  const place = await readNamespace(kube, namespace, snapshots);
  const kept = [
    ...classes.filter((one) => !isOurs(one)).map((one) => `${one.kind} ${one.metadata.name}: ${ownerOf(one)}`),
    ...place.kept,
    ...snapshots.kept,
    ...(options.keepCredential ? ['the drivers’ user or credential at Keystone, as asked'] : []),
  ];
  const clusterId = await readClusterId(kube, ctx.signal);
  const everything = {
    topology: true,
    namespace,
    clusterId,
    kubeletDirectory: DEFAULT_KUBELET_DIRECTORY,
    replicas: 1,
    snapshots: true,
  };
  const objects = (await Promise.all(ALL_DRIVERS.map((driver) => driverObjects(driver, everything)))).flat();
  const secret: ObjectRef = { apiVersion: 'v1', kind: 'Secret', name: DRIVER_SECRET_NAME, namespace };
  const refs = [...classes.filter(isOurs).map(refOf), ...objects.map(refOf), ...snapshots.goes, secret];
  const { user, project, cloud } = loaded.config.credential;
  const tenants = await readTenants(kube, namespace);
  const removals: AnyResource[] = [
    kubeObjectRemoval(ctx, kube, 'the drivers', refs),
    ...(options.keepCredential
      ? []
      : [credentialRemoval(ctx, kube, parts.session, { namespace, clusterId, user, project, cloud })]),
    ...tenants.map((tenant) =>
      options.keepCredential
        ? kubeObjectRemoval(ctx, kube, 'Secrets of tenants', [refOf(tenant.secret)])
        : removedTenant(ctx, tenant, { kube, session: parts.session, namespace, clusterId, prune: true }),
    ),
    kubeObjectRemoval(ctx, kube, 'the namespace', place.goes ? [refOf(place.goes)] : []),
  ];
  const changes = await reconcile(ctx, inSequence('the drivers, their classes and their credential', removals));
  if (ctx.global.dryRun === 'none' && changes.summary.delete > 0) {
    await waitUntilRemoved(ctx, kube, {
      namespace,
      namespaceGoes: place.goes !== undefined,
      snapshotController: !snapshots.controllerStays,
      timeoutMs: ctx.global.timeoutMs ?? GONE_TIMEOUT_MS,
    });
  }
  return result('uninstall', { ...changes, namespace, volumes: [], kept });
}

/** No volume is there any more, so no tenant needs its credential. Their namespaces stay: what is in them is not ours. */
async function readTenants(kube: KubeClient, namespace: string): Promise<RemovedTenant[]> {
  const { items } = await kube.list({ apiVersion: 'v1', kind: 'Secret', namespace, labelSelector: TENANT_LABEL });
  return removedTenants(items.filter(isOurs), new Set(), new Map());
}

/** Without the driver, volumes can be neither mounted nor deleted, and their shares would stay for good. */
async function refuseWhileUsed(ctx: Context, kube: KubeClient, namespace: string): Promise<void> {
  const [volumes, snapshots] = await Promise.all([driverVolumes(kube), driverSnapshots(kube)]);
  if (volumes.length + snapshots.length === 0) return;
  const claims = volumes.slice(0, 5).map(({ name, claim }) => claim ?? name);
  const used = [
    ...(volumes.length > 0
      ? [`${counted(volumes.length, 'volume')} (${claims.join(', ')}${volumes.length > 5 ? ', ...' : ''})`]
      : []),
    ...(snapshots.length > 0 ? [`${counted(snapshots.length, 'snapshot')} (${snapshots.slice(0, 5).join(', ')})`] : []),
  ];
  throw new CliError({
    code: 'in-use',
    exitCode: ExitCode.Found,
    message: `the driver is needed by ${used.join(' and ')}; nothing was removed`,
    remedy: 'delete the snapshots, then the claims, and wait until their volumes are gone: kubectl get pv',
    result: result('uninstall', {
      dryRun: ctx.global.dryRun,
      changes: [],
      summary: summarize([]),
      namespace,
      volumes,
      kept: [],
    }),
  });
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** StorageClasses and VolumeSnapshotClasses of the drivers, whoever made them. */
async function readClasses(kube: KubeClient): Promise<KubeObject[]> {
  const [classes, snapshotClasses] = await Promise.all([
    kube.list({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' }),
    kube.list({ apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshotClass' }),
  ]);
  return [
    ...classes.items.filter(({ provisioner }) => driverNamed(provisioner as string)),
    ...snapshotClasses.items.filter(({ driver }) => driverNamed(driver as string)),
  ];
}

/** The namespace goes if it is ours and holds nothing else. */
async function readNamespace(
  kube: KubeClient,
  name: string,
  { controllerStays }: SnapshotRemoval,
): Promise<{ goes?: KubeObject; kept: string[] }> {
  const live = await kube.get({ apiVersion: 'v1', kind: 'Namespace', name });
  if (!live) return { kept: [] };
  if (!isOurs(live)) return { kept: [`namespace ${name}: it was not made by manila-rwx`] };
  if (controllerStays) return { kept: [`namespace ${name}: it holds the snapshot-controller`] };
  const strangers = await strangersIn(kube, name);
  if (strangers.length === 0) return { goes: live, kept: [] };
  return {
    kept: [`namespace ${name}: it holds ${strangers.slice(0, 5).join(', ')}${strangers.length > 5 ? ', ...' : ''}`],
  };
}

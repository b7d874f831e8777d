import type { Context } from '../core/context.ts';
import { couldNotRun, usageError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { result } from '../core/result.ts';
import { waitFor } from '../core/wait.ts';
import { driverNamed } from '../drivers/protocols.ts';
import { isNotFound } from '../kube/errors.ts';
import { quantity } from '../kube/schema.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import type { Action } from '../reconcile/change.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import { kubeObjects } from './kube-objects.ts';
import { isDefault, type StorageClass } from './storage-classes/class.ts';

export interface ClaimOptions {
  name: string;
  namespace: string;
  /** As Kubernetes writes it: `10Gi`. */
  size: string;
  accessMode: string;
  storageClass?: string | undefined;
  wait: boolean;
}

/** A claim as it stands. */
export interface ClaimReport {
  /** Name of the PersistentVolumeClaim. */
  name: string;
  /** Its namespace. */
  namespace: string;
  /** What was done with it: create, update or none. */
  action: Action;
  /** `none` where it was done; otherwise it was only tried. */
  dryRun: 'none' | 'client' | 'server';
  /** Name of its StorageClass. */
  storageClass: string;
  /** Asked for, as Kubernetes writes it: `10Gi`. */
  size: string;
  /** ReadWriteMany and so on. */
  accessModes: string[];
  /** Pending, Bound or Lost; absent where the claim does not exist (a dry run). */
  phase?: string;
  /** Size that it has; absent until it is bound. */
  capacity?: string;
  /** Name of the PersistentVolume; absent until it is bound. */
  volume?: string;
  /** Id of the Manila share; absent until it is bound. */
  shareId?: string;
}

interface Claim extends KubeObject {
  spec: { accessModes: string[]; storageClassName?: string; volumeName?: string };
  status?: { phase?: string; capacity?: { storage?: string } };
}

interface Event extends KubeObject {
  type?: string;
  reason?: string;
  message?: string;
  lastTimestamp?: string;
  eventTime?: string;
  series?: { lastObservedTime?: string };
}

const TIMEOUT_MS = 120_000;

/**
 * Makes a claim (or changes the size of one that was made here) and waits until it is bound.
 * @throws CliError for a class that does not exist (exit 2), a claim that is not ours, a refusal of the server
 *   (exit 3), and `timed-out` (exit 4) with the newest event of the claim.
 */
export async function createClaim(ctx: Context, kube: KubeClient, options: ClaimOptions): Promise<ClaimReport> {
  const bytes = quantity(options.size);
  if (bytes === undefined || bytes <= 0) {
    throw usageError(`--size ${JSON.stringify(options.size)} is no size`, { remedy: 'write 10Gi or 500Mi' });
  }
  const storageClass = await chooseClass(ctx, kube, options.storageClass);
  const manifest = claimManifest(options, storageClass.metadata.name);
  const action = await apply(ctx, kube, manifest, options.namespace);
  const report: ClaimReport = {
    name: options.name,
    namespace: options.namespace,
    action,
    dryRun: ctx.global.dryRun,
    storageClass: storageClass.metadata.name,
    size: options.size,
    accessModes: [options.accessMode],
  };
  if (ctx.global.dryRun !== 'none') return report;
  if (options.wait && storageClass.volumeBindingMode === 'WaitForFirstConsumer') {
    ctx.io.note(`StorageClass ${report.storageClass} binds a claim when the first pod uses it; not waiting for that`);
  } else if (options.wait) {
    await waitUntilBound(ctx, kube, report);
  }
  return { ...report, ...(await standingOf(kube, report, ctx.signal)) };
}

function claimManifest({ name, namespace, size, accessMode }: ClaimOptions, storageClassName: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace },
    spec: { accessModes: [accessMode], storageClassName, resources: { requests: { storage: size } } },
  };
}

/** The class that is named, or the cluster's default if it is of the driver, or the only one of the driver. */
async function chooseClass(ctx: Context, kube: KubeClient, named: string | undefined): Promise<StorageClass> {
  const { items } = await kube.list<StorageClass>(
    { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' },
    { signal: ctx.signal },
  );
  const own = items.filter(({ provisioner }) => driverNamed(provisioner));
  const names = own.map(({ metadata }) => metadata.name);
  const list = names.length === 0 ? 'the driver has none yet: manila-rwx storageclass sync' : names.join(', ');
  if (named !== undefined) {
    const found = items.find(({ metadata }) => metadata.name === named);
    if (found) return found;
    throw usageError(`there is no StorageClass ${JSON.stringify(named)}${didYouMean(named, names)}`, {
      remedy: `classes of the driver: ${list}`,
    });
  }
  const chosen = own.find(isDefault) ?? (own.length === 1 ? own[0] : undefined);
  if (chosen) return chosen;
  throw usageError(
    own.length === 0
      ? 'there is no StorageClass of the driver'
      : 'there are several StorageClasses of the driver, and none of them is the default',
    { remedy: own.length === 0 ? 'make them: manila-rwx storageclass sync' : `choose with --storage-class: ${list}` },
  );
}

async function apply(ctx: Context, kube: KubeClient, manifest: KubeObject, namespace: string): Promise<Action> {
  try {
    const { changes } = await reconcile(ctx, kubeObjects(ctx, kube, 'claims', [manifest]));
    return changes[0]?.action ?? 'none';
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw couldNotRun('no-namespace', `there is no namespace ${JSON.stringify(namespace)}`, {
      remedy: `make it (kubectl create namespace ${namespace}), or choose another with -n`,
      cause: error,
    });
  }
}

async function waitUntilBound(ctx: Context, kube: KubeClient, report: ClaimReport): Promise<void> {
  const { name, namespace } = report;
  let standing: Partial<ClaimReport> = {};
  await waitFor(ctx, {
    what: `claim ${namespace}/${name} to be bound with ${report.size}`,
    timeoutMs: ctx.global.timeoutMs ?? TIMEOUT_MS,
    intervalMs: 500,
    nextCommand: `manila-rwx pvc diagnose ${name} -n ${namespace}`,
    partialResult: () => result('claim', { ...report, ...standing }),
    look: async (signal) => {
      const claim = await kube.get<Claim>(refOf(report), { signal });
      if (!claim) throw couldNotRun('claim-gone', `claim ${namespace}/${name} was deleted while it was waited for`);
      const phase = claim.status?.phase ?? 'Pending';
      standing = { phase };
      if (phase === 'Bound' && hasSize(claim, report.size)) return { done: true, value: undefined };
      if (phase === 'Lost') {
        throw couldNotRun(
          'claim-lost',
          `claim ${namespace}/${name} has lost its volume ${claim.spec.volumeName ?? ''}`,
          {
            remedy: `see what became of it: kubectl -n ${namespace} describe pvc ${name}`,
          },
        );
      }
      return { done: false, reason: await whyPending(kube, claim, signal) };
    },
    doneText: () => `claim ${namespace}/${name} is bound and has ${report.size}`,
  });
}

/** A bound claim that was made larger has its new size a little later. */
function hasSize({ status }: Claim, size: string): boolean {
  return (quantity(status?.capacity?.storage) ?? 0) >= (quantity(size) ?? 0);
}

/** The newest event of a claim in its own words: the provisioner's message holds what Manila said. */
async function whyPending(kube: KubeClient, { metadata }: Claim, signal: AbortSignal): Promise<string> {
  const { items } = await kube.list<Event>(
    {
      apiVersion: 'v1',
      kind: 'Event',
      namespace: metadata.namespace,
      fieldSelector: `involvedObject.uid=${metadata.uid ?? ''}`,
    },
    { signal },
  );
  const newest = items.sort((a, b) => timeOf(b) - timeOf(a));
  // A warning says more than the "waiting" that is repeated beside it.
  const event = newest.find(({ type }) => type === 'Warning') ?? newest[0];
  if (!event) return 'no provisioner has taken it up yet';
  const message = (event.message ?? '').replaceAll(/\s+/g, ' ').trim();
  return `${event.reason ?? 'event'}: ${message}`;
}

async function standingOf(kube: KubeClient, report: ClaimReport, signal: AbortSignal): Promise<Partial<ClaimReport>> {
  const claim = await kube.get<Claim>(refOf(report), { signal });
  if (!claim) return {};
  const volume = claim.spec.volumeName;
  const standing = { phase: claim.status?.phase ?? 'Pending' };
  if (volume === undefined || standing.phase !== 'Bound') return standing;
  const pv = await kube.get<KubeObject & { spec: { csi?: { driver: string; volumeHandle: string } } }>(
    { apiVersion: 'v1', kind: 'PersistentVolume', name: volume },
    { signal },
  );
  const csi = pv?.spec.csi;
  return {
    ...standing,
    volume,
    ...(claim.status?.capacity?.storage === undefined ? {} : { capacity: claim.status.capacity.storage }),
    ...(csi && driverNamed(csi.driver) ? { shareId: csi.volumeHandle } : {}),
  };
}

function refOf({ name, namespace }: ClaimReport) {
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace };
}

function timeOf({ series, lastTimestamp, eventTime, metadata }: Event): number {
  return Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') || 0;
}

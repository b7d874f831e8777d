import type { Context } from '../../core/context.ts';
import { type CliError, usageError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { type DriverObjects, readDriverObjects, stateOf } from '../../drivers/observe.ts';
import { KubeApiError } from '../../kube/errors.ts';
import type { Collection, KubeClient, KubeObject } from '../../kube/types.ts';
import type { Manila } from '../../openstack/manila.ts';
import { isDefault } from '../../resources/storage-classes/class.ts';
import { type Node, nodeAddresses } from '../../resources/storage-classes/share-clients.ts';
import { type Event, warningsOf } from './events.ts';
import { driverLog, type LogLine } from './logs.ts';
import { claimPods } from './pods.ts';
import { readShare } from './share.ts';
import type { Claim, Facts, Said, StorageClass, Volume } from './types.ts';

export interface FactsOptions {
  name: string;
  namespace: string;
  driverNamespace: string;
  /** Manila as the driver sees it, or why it cannot be asked. */
  manila: Manila | string;
}

interface CsiNode extends KubeObject {
  spec: { drivers?: { name: string }[] | null };
}

/**
 * Reads everything that bears on a claim. What this user may not read is left out and said.
 * @throws CliError `usage` (exit 2) where there is no such claim, with the nearest name and where it does exist.
 */
export async function readFacts(
  ctx: Context,
  kube: KubeClient,
  { name, namespace, driverNamespace, manila }: FactsOptions,
): Promise<{ facts: Facts; notLookedAt: string[] }> {
  const { signal } = ctx;
  const look = new Look(kube, signal);
  const claim = await kube.get<Claim>({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace }, { signal });
  if (!claim) throw await noClaim(kube, name, namespace, signal);
  const storage = 'storage.k8s.io/v1';
  const [classes, drivers, pods, events, nodes, csiNodes, volume, objects] = await Promise.all([
    look.list<StorageClass>({ apiVersion: storage, kind: 'StorageClass' }),
    look.list({ apiVersion: storage, kind: 'CSIDriver' }),
    look.list({ apiVersion: 'v1', kind: 'Pod', namespace }),
    look.list<Event>({ apiVersion: 'v1', kind: 'Event', namespace }),
    look.list<Node>({ apiVersion: 'v1', kind: 'Node' }),
    look.list<CsiNode>({ apiVersion: storage, kind: 'CSINode' }),
    volumeOf(kube, claim, signal),
    look.unlessForbidden<DriverObjects>('the driver', readDriverObjects(kube, driverNamespace, signal)),
  ]);
  const wanted = claim.spec.storageClassName;
  const storageClass = classes.find((one) => one.metadata.name === wanted || (wanted === undefined && isDefault(one)));
  const driverName = volume?.spec.csi?.driver ?? storageClass?.provisioner;
  const users = claimPods(pods, name);
  const stuckPod = users.find(({ ready, phase }) => !ready && phase !== 'Succeeded' && phase !== 'Failed');
  const share = typeof manila === 'string' ? { failure: manila } : await readShare(manila, claim, volume);
  if (share.failure !== undefined) look.notLookedAt.push(`the share: ${share.failure}`);
  const terms = [`pvc-${claim.metadata.uid ?? ''}`, `${namespace}/${name}"`, volume?.spec.csi?.volumeHandle ?? ''];
  const logs = objects ? await driverLog(kube, objects.pods, stuckPod?.node, terms.filter(Boolean), signal) : [];
  const own = events.filter(({ involvedObject }) => involvedObject?.uid === claim.metadata.uid);
  const registered = csiNodes.map(({ metadata, spec }) => {
    const names = (spec.drivers ?? []).map((driver) => driver.name);
    return [metadata.name, driverName !== undefined && names.includes(driverName)] as const;
  });
  const hosts = nodes.filter(({ metadata }) => metadata.name === stuckPod?.node);
  const facts: Facts = {
    namespace,
    name,
    claim,
    storageClass,
    classes,
    csiDrivers: new Set(drivers.map(({ metadata }) => metadata.name)),
    driverName,
    driver: objects && stateOf(objects).drivers.find(({ driver }) => driver === driverName),
    driverNamespace,
    volume,
    pods: users,
    stuckPod,
    registered: new Map(registered),
    nodeAddresses: nodeAddresses(hosts).map(({ address }) => address),
    claimSaid: [...warningsOf(own, ''), ...logs.filter(({ stage }) => stage === 'provisioning')],
    podSaid: podSaid(events, stuckPod?.name, volume, logs),
    provisionerSpoke: own.some(({ reason }) => /^Provisioning/.test(reason ?? '')),
    ageSeconds: Math.max(0, (ctx.clock.now() - Date.parse(claim.metadata.creationTimestamp ?? '')) / 1000) || 0,
    manila: share.facts,
    shareMissing: share.missing === true,
  };
  return { facts, notLookedAt: look.notLookedAt };
}

/** Lists, and what could not be listed: a diagnosis by half the facts is better than none. */
class Look {
  readonly notLookedAt: string[] = [];
  readonly #kube: KubeClient;
  readonly #signal: AbortSignal;

  constructor(kube: KubeClient, signal: AbortSignal) {
    this.#kube = kube;
    this.#signal = signal;
  }

  async list<T extends KubeObject>(collection: Collection): Promise<T[]> {
    const what = `${collection.kind}s`;
    const listed = this.#kube.list<T>(collection, { signal: this.#signal });
    return (await this.unlessForbidden(what, listed))?.items ?? [];
  }

  async unlessForbidden<T>(what: string, work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof KubeApiError) || error.status !== 403) throw error;
      this.notLookedAt.push(`${what}: ${error.message}`);
      return undefined;
    }
  }
}

/** Of a pod that waits: warnings about its volumes. Those of another volume of the pod name that volume. */
function podSaid(
  events: readonly Event[],
  pod: string | undefined,
  volume: Volume | undefined,
  logs: readonly LogLine[],
): Said[] {
  if (pod === undefined) return [];
  const volumeName = volume?.metadata.name ?? '';
  const mounts = events.filter(
    ({ involvedObject, reason, message = '' }) =>
      involvedObject?.kind === 'Pod' &&
      involvedObject.name === pod &&
      /^Failed(Mount|AttachVolume|MapVolume)$/.test(reason ?? '') &&
      // This only repeats that it waits.
      !/^Unable to attach or mount volumes.*timed out waiting/.test(message) &&
      (!/for volume "/.test(message) || message.includes(volumeName)),
  );
  return [...warningsOf(mounts, ` of pod ${pod}`), ...logs.filter(({ stage }) => stage === 'mounting')];
}

async function volumeOf(kube: KubeClient, claim: Claim, signal: AbortSignal): Promise<Volume | undefined> {
  const name = claim.spec.volumeName;
  if (name === undefined || name === '') return undefined;
  return kube.get<Volume>({ apiVersion: 'v1', kind: 'PersistentVolume', name }, { signal });
}

async function noClaim(kube: KubeClient, name: string, namespace: string, signal: AbortSignal): Promise<CliError> {
  const claims = kube.list({ apiVersion: 'v1', kind: 'PersistentVolumeClaim' }, { signal });
  const all = await claims.then(({ items }) => items).catch(() => []);
  const elsewhere = all
    .filter(({ metadata }) => metadata.name === name)
    .map(({ metadata }) => metadata.namespace ?? '');
  const here = all.filter(({ metadata }) => metadata.namespace === namespace).map(({ metadata }) => metadata.name);
  return usageError(`there is no claim ${JSON.stringify(name)} in namespace ${namespace}`, {
    remedy: whereElse(name, here, elsewhere),
  });
}

function whereElse(name: string, here: readonly string[], elsewhere: readonly string[]): string {
  if (elsewhere.length > 0) return `it is in namespace ${elsewhere.join(', ')}: -n ${elsewhere[0] ?? ''}`;
  const near = nearest(name, here);
  if (near !== undefined) return `did you mean ${near}?`;
  if (here.length > 0) return `its claims are ${here.slice(0, 10).join(', ')}`;
  return 'it has no claims; name another namespace with -n';
}

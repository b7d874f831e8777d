import type { Context } from '../core/context.ts';
import { couldNotRun } from '../core/errors.ts';
import { waitFor } from '../core/wait.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import type { DaemonSet, Pod } from './cluster-objects.ts';
import { COMPONENT_LABEL, DRIVER_SELECTOR } from './names.ts';
import { ALL_DRIVERS, driverNamed, type ProtocolDriver } from './protocols.ts';
import { driverVolumes } from './volumes.ts';

/** A node whose plugin runs the old version, as its restart would end mounts of ceph-fuse. */
export interface HeldBackNode {
  /** Name of the node. */
  node: string;
  /** Pods whose volumes are mounted there, as `namespace/name`. */
  pods: string[];
}

const NODE_TIMEOUT_MS = 180_000;
const CLEANUP_MS = 10_000;

interface SecretRef {
  name?: string;
  namespace?: string;
}

interface Volume extends KubeObject {
  spec: { csi?: { driver: string; controllerExpandSecretRef?: SecretRef } };
}

/**
 * Refuses where volumes name Secrets that the drivers could not read after it: sidecars may read those of their own
 * namespace only, and what a volume names can never be changed.
 * @throws CliError `secret-elsewhere` (exit 3)
 */
export async function refuseUnreadableSecrets(kube: KubeClient, namespace: string, signal: AbortSignal): Promise<void> {
  const { items } = await kube.list<Volume>({ apiVersion: 'v1', kind: 'PersistentVolume' }, { signal });
  const elsewhere = items
    .filter(({ spec }) => driverNamed(spec.csi?.driver))
    .flatMap(({ metadata, spec }) => {
      const places = [
        metadata.annotations?.['volume.kubernetes.io/provisioner-deletion-secret-namespace'],
        spec.csi?.controllerExpandSecretRef?.namespace,
      ].filter((place) => place !== undefined && place !== '' && place !== namespace);
      return places.length > 0 ? [`${metadata.name} (namespace ${places[0]})`] : [];
    });
  if (elsewhere.length === 0) return;
  const list = `${elsewhere.slice(0, 3).join(', ')}${elsewhere.length > 3 ? ` and ${elsewhere.length - 3} more` : ''}`;
  throw couldNotRun(
    'secret-elsewhere',
    `volumes name Secrets outside ${namespace}, which the drivers may not read, so they could be neither deleted nor expanded: ${list}; nothing was changed`,
    { remedy: 'move their data to volumes of a class that names a Secret of the drivers’ namespace' },
  );
}

/**
 * Node plugins under mounts of ceph-fuse are not rolled by their DaemonSet. Those of nodes where no such volume is in
 * use are replaced here, one after the other; the others are named.
 */
export async function rollFuseNodes(
  ctx: Context,
  kube: KubeClient,
  namespace: string,
  fuseDrivers: ReadonlySet<string>,
): Promise<HeldBackNode[]> {
  const held: HeldBackNode[] = [];
  for (const driver of ALL_DRIVERS.filter(({ name }) => fuseDrivers.has(name))) {
    await waitUntilSeen(ctx, kube, namespace, driver);
    const users = await fuseUsers(kube, driver, ctx.signal);
    for (const pod of await oldPods(kube, namespace, driver, ctx.signal)) {
      const node = pod.spec.nodeName ?? '';
      const pods = users.get(node);
      if (pods) held.push({ node, pods });
      else await replacePod(ctx, kube, namespace, driver, pod);
    }
  }
  return held;
}

/** Pods on each node with volumes that ceph-fuse mounts. */
async function fuseUsers(
  kube: KubeClient,
  driver: ProtocolDriver,
  signal: AbortSignal,
): Promise<Map<string, string[]>> {
  interface UserPod extends Pod {
    spec: Pod['spec'] & { volumes?: { persistentVolumeClaim?: { claimName: string } }[] };
  }
  const [volumes, { items }] = await Promise.all([
    driverVolumes(kube, { signal }),
    kube.list<UserPod>({ apiVersion: 'v1', kind: 'Pod' }, { signal }),
  ]);
  const claims = new Set(volumes.flatMap((one) => (one.fuse && one.driver === driver.name ? [one.claim] : [])));
  const users = new Map<string, string[]>();
  for (const { metadata, spec, status } of items) {
    const { nodeName, volumes: own = [] } = spec;
    if (nodeName === undefined || status?.phase === 'Succeeded' || status?.phase === 'Failed') continue;
    const uses = own.some(({ persistentVolumeClaim: claim }) =>
      claims.has(`${metadata.namespace ?? ''}/${claim?.claimName ?? ''}`),
    );
    if (uses) users.set(nodeName, [...(users.get(nodeName) ?? []), `${metadata.namespace ?? ''}/${metadata.name}`]);
  }
  return users;
}

/** The newest revision is there once the DaemonSet's controller has seen its newest generation. */
async function waitUntilSeen(
  ctx: Context,
  kube: KubeClient,
  namespace: string,
  { node }: ProtocolDriver,
): Promise<void> {
  await waitFor(ctx, {
    what: `DaemonSet ${node.name}`,
    timeoutMs: NODE_TIMEOUT_MS,
    intervalMs: 200,
    look: async (signal) => {
      const ref = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: node.name, namespace };
      const live = await kube.get<DaemonSet>(ref, { signal });
      const seen = (live?.status?.observedGeneration ?? 0) >= (live?.metadata.generation ?? 0);
      return seen
        ? { done: true, value: undefined }
        : { done: false, reason: 'its controller has not seen the change yet' };
    },
  });
}

/** Pods of the node plugin that are not of its DaemonSet's newest generation. */
async function oldPods(
  kube: KubeClient,
  namespace: string,
  driver: ProtocolDriver,
  signal: AbortSignal,
): Promise<Pod[]> {
  const labelSelector = `${DRIVER_SELECTOR},${COMPONENT_LABEL}=${driver.node.component}`;
  interface Revision extends KubeObject {
    revision: number;
  }
  const [{ items: pods }, { items: revisions }] = await Promise.all([
    kube.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector }, { signal }),
    kube.list<Revision>({ apiVersion: 'apps/v1', kind: 'ControllerRevision', namespace, labelSelector }, { signal }),
  ]);
  const newest = revisions.sort((a, b) => b.revision - a.revision)[0]?.metadata.labels?.['controller-revision-hash'];
  return pods
    .filter(({ metadata }) => metadata.labels?.['controller-revision-hash'] !== newest)
    .sort((a, b) => (a.spec.nodeName ?? '').localeCompare(b.spec.nodeName ?? '', 'en', { numeric: true }));
}

async function replacePod(
  ctx: Context,
  kube: KubeClient,
  namespace: string,
  driver: ProtocolDriver,
  pod: Pod,
): Promise<void> {
  const node = pod.spec.nodeName ?? '';
  await kube.delete({ apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, namespace }, { uid: pod.metadata.uid });
  const labelSelector = `${DRIVER_SELECTOR},${COMPONENT_LABEL}=${driver.node.component}`;
  await waitFor(ctx, {
    what: `the node plugin of ${node}`,
    timeoutMs: NODE_TIMEOUT_MS,
    intervalMs: 500,
    nextCommand: `see its pod: kubectl -n ${namespace} describe pods -l ${labelSelector} --field-selector spec.nodeName=${node}`,
    look: async (signal) => {
      const { items } = await kube.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector }, { signal });
      const now = items.find(({ metadata, spec }) => spec.nodeName === node && metadata.uid !== pod.metadata.uid);
      const ready = now?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
      return ready
        ? { done: true, value: undefined }
        : { done: false, reason: now ? 'its pod is starting' : 'no pod yet' };
    },
  });
}

/** Stops a roll that its DaemonSet is in the middle of: nodes that have the old version keep it until `upgrade` is run again. */
export async function stopRoll(ctx: Context, kube: KubeClient, namespace: string): Promise<void> {
  const signal = AbortSignal.any([AbortSignal.timeout(CLEANUP_MS), ctx.hardSignal]);
  const { items } = await kube.list<DaemonSet>(
    { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace, labelSelector: DRIVER_SELECTOR },
    { signal },
  );
  const rolling = items.filter(
    ({ status = {} }) => (status.updatedNumberScheduled ?? 0) < (status.desiredNumberScheduled ?? 0),
  );
  for (const { apiVersion, kind, metadata, status } of rolling) {
    const updateStrategy = { type: 'OnDelete', rollingUpdate: null };
    await kube.mergePatch(
      { apiVersion, kind, name: metadata.name, namespace },
      { spec: { updateStrategy } },
      { signal },
    );
    ctx.io.warn(
      `stopped: ${status?.updatedNumberScheduled ?? 0} of ${status?.desiredNumberScheduled ?? 0} pods of DaemonSet ${metadata.name} have the new version; manila-rwx upgrade goes on with the rest`,
    );
  }
}

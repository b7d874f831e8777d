import type { Cluster } from '../cluster.ts';
import type { Node, Pod, PodSpec, Toleration, Workload } from '../kinds.ts';
import { fitsNode, untolerated } from './placement.ts';
import {
  amount,
  availableInMs,
  createPod,
  deletePod,
  isActive,
  isAvailable,
  isReady,
  podsOf,
  templateHash,
} from './pods.ts';

const COMPONENT = 'daemonset-controller';
const MANAGER = 'kube-controller-manager';
const HASH = 'controller-revision-hash';

/** Taints that the pods of every DaemonSet bear with. */
const TOLERATED: readonly Toleration[] = [
  ...['not-ready', 'unreachable'].map((name) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists',
    effect: 'NoExecute',
  })),
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((name) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists',
    effect: 'NoSchedule',
  })),
];
const NETWORK: Toleration = { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' };

/**
 * Keeps one pod of a DaemonSet on every node that fits, replacing pods of an older template a few at a time.
 * @returns milliseconds after which there may be more to do.
 */
export function reconcileDaemonSet(cluster: Cluster, set: Workload): number | undefined {
  const hash = templateHash(set.spec.template);
  const pods = podsOf(cluster, set);
  const nodes = cluster.list('Node');
  const wanted = nodes.filter((node) => runsOn(set.spec.template.spec, node));
  if (set.metadata.deletionTimestamp === undefined) {
    for (const pod of pods) {
      const hasEnded = pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded';
      const isMisplaced = !wanted.some((node) => node.metadata.name === nodeOf(pod));
      if ((isMisplaced || hasEnded) && pod.metadata.deletionTimestamp === undefined)
        deletePod(cluster, set, pod, COMPONENT);
    }
    for (const node of wanted) {
      const here = pods.filter(
        (pod) => nodeOf(pod) === node.metadata.name && pod.metadata.deletionTimestamp === undefined,
      );
      if (here.length === 0 && !pods.some((pod) => nodeOf(pod) === node.metadata.name))
        create(cluster, set, node, hash);
    }
    roll(cluster, set, pods, wanted.length, hash);
  }
  writeStatus(cluster, set, hash, wanted, nodes);
  const waits = podsOf(cluster, set)
    .filter(isReady)
    .map((pod) => availableInMs(pod, set.spec.minReadySeconds));
  return waits.find((ms) => ms > 0);
}

function runsOn(spec: PodSpec, node: Node): boolean {
  const tolerations = [...(spec.tolerations ?? []), ...TOLERATED, ...(spec.hostNetwork ? [NETWORK] : [])];
  return fitsNode(spec, node) && untolerated(tolerations, node) === undefined;
}

/** The node a pod is made for: it is in the pod's affinity before the scheduler has placed it. */
function nodeOf(pod: Pod): string {
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const named = terms?.[0]?.matchFields?.find(({ key }) => key === 'metadata.name')?.values?.[0];
  return pod.spec.nodeName ?? named ?? '';
}

function create(cluster: Cluster, set: Workload, node: Node, hash: string): void {
  const generation = set.metadata.annotations?.['deprecated.daemonset.template.generation'] ?? '1';
  createPod(cluster, set, set.spec.template, COMPONENT, {
    labels: { [HASH]: hash, 'pod-template-generation': generation },
    spec: (spec) => ({
      ...spec,
      affinity: {
        ...spec.affinity,
        nodeAffinity: {
          ...spec.affinity?.nodeAffinity,
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node.metadata.name] }] },
            ],
          },
        },
      },
      tolerations: [...(spec.tolerations ?? []), ...TOLERATED, ...(spec.hostNetwork ? [NETWORK] : [])],
    }),
  });
}

function roll(cluster: Cluster, set: Workload, pods: readonly Pod[], desired: number, hash: string): void {
  if (set.spec.updateStrategy?.type === 'OnDelete') return;
  const limit = Math.max(1, amount(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, desired, true));
  const live = pods.filter(isActive);
  const old = live.filter((pod) => pod.metadata.labels?.[HASH] !== hash);
  let unavailable = desired - live.filter((pod) => isAvailable(pod, set.spec.minReadySeconds)).length;
  for (const pod of old) {
    const isDown = !isAvailable(pod, set.spec.minReadySeconds);
    if (!isDown && unavailable >= limit) continue;
    if (!isDown) unavailable++;
    deletePod(cluster, set, pod, COMPONENT);
  }
}

function writeStatus(
  cluster: Cluster,
  set: Workload,
  hash: string,
  wanted: readonly Node[],
  nodes: readonly Node[],
): void {
  const pods = podsOf(cluster, set).filter(isActive);
  const on = (node: Node): Pod | undefined => pods.find((pod) => nodeOf(pod) === node.metadata.name);
  const placed = wanted.map(on).filter((pod) => pod !== undefined);
  const available = placed.filter((pod) => isAvailable(pod, set.spec.minReadySeconds)).length;
  const unwanted = nodes.filter((node) => !wanted.includes(node) && on(node) !== undefined);
  const unavailable = wanted.length - available;
  const updated = placed.filter((pod) => pod.metadata.labels?.[HASH] === hash).length;
  cluster.edit(
    'DaemonSet',
    set,
    MANAGER,
    (copy) => {
      copy.status = {
        ...(copy.status.conditions && { conditions: copy.status.conditions }),
        currentNumberScheduled: placed.length,
        numberMisscheduled: unwanted.length,
        desiredNumberScheduled: wanted.length,
        numberReady: placed.filter(isReady).length,
        observedGeneration: set.metadata.generation ?? 1,
        ...(updated > 0 && { updatedNumberScheduled: updated }),
        ...(available > 0 && { numberAvailable: available }),
        ...(unavailable > 0 && { numberUnavailable: unavailable }),
      };
    },
    'status',
  );
}

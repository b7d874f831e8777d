import type { Cluster } from '../cluster.ts';
import type { Pod, Workload } from '../kinds.ts';
import { availableInMs, createPod, deletePod, isActive, isAvailable, isReady, podsOf } from './pods.ts';

const COMPONENT = 'replicaset-controller';
const MANAGER = 'kube-controller-manager';

/**
 * Keeps as many pods as a ReplicaSet wants.
 * @returns milliseconds after which a pod may have become available.
 */
export function reconcileReplicaSet(cluster: Cluster, set: Workload): number | undefined {
  const wanted = set.spec.replicas ?? 1;
  const active = podsOf(cluster, set).filter(isActive);
  if (set.metadata.deletionTimestamp === undefined) {
    for (let count = active.length; count < wanted; count++) {
      if (!createPod(cluster, set, set.spec.template, COMPONENT)) break;
    }
    const surplus = active.sort(byWorth).slice(0, Math.max(0, active.length - wanted));
    for (const pod of surplus) deletePod(cluster, set, pod, COMPONENT);
  }
  const pods = podsOf(cluster, set).filter(isActive);
  const ready = pods.filter(isReady).length;
  const available = pods.filter((pod) => isAvailable(pod, set.spec.minReadySeconds)).length;
  const terminating = podsOf(cluster, set).filter(({ metadata }) => metadata.deletionTimestamp !== undefined).length;
  cluster.edit(
    'ReplicaSet',
    set,
    MANAGER,
    (copy) => {
      copy.status = {
        replicas: pods.length,
        ...(pods.length > 0 && { fullyLabeledReplicas: pods.length }),
        ...(ready > 0 && { readyReplicas: ready }),
        ...(available > 0 && { availableReplicas: available }),
        terminatingReplicas: terminating,
        observedGeneration: set.metadata.generation ?? 1,
      };
    },
    'status',
  );
  return pods
    .filter(isReady)
    .map((pod) => availableInMs(pod, set.spec.minReadySeconds))
    .find((ms) => ms > 0);
}

/** Pods that are missed least come first: unplaced, then not ready, then the youngest. */
function byWorth(a: Pod, b: Pod): number {
  const worth = (pod: Pod): number => (pod.spec.nodeName === undefined ? 0 : isReady(pod) ? 2 : 1);
  const born = (pod: Pod): string => pod.metadata.creationTimestamp ?? '';
  return worth(a) - worth(b) || (born(a) > born(b) ? -1 : 1);
}

import type { Cluster } from '../cluster.ts';
import type { Pod, Workload } from '../kinds.ts';
import { createPod, deletePod, isActive, isAvailable, isReady, podsOf, templateHash } from './pods.ts';

const COMPONENT = 'statefulset-controller';
const MANAGER = 'kube-controller-manager';
const HASH = 'controller-revision-hash';

/** Keeps the numbered pods of a StatefulSet, one after the other, each with claims of its own. */
export function reconcileStatefulSet(cluster: Cluster, set: Workload): void {
  const { name } = set.metadata;
  const wanted = set.spec.replicas ?? 1;
  const hash = templateHash(set.spec.template);
  const pods = podsOf(cluster, set);
  const at = (index: number): Pod | undefined => pods.find((pod) => pod.metadata.name === `${name}-${index}`);
  if (set.metadata.deletionTimestamp === undefined) {
    const isParallel = set.spec.podManagementPolicy === 'Parallel';
    for (let index = 0; index < wanted; index++) {
      const pod = at(index);
      if (!pod) create(cluster, set, index, hash);
      else if (!isActive(pod) && pod.metadata.deletionTimestamp === undefined) deletePod(cluster, set, pod, COMPONENT);
      if (!isParallel && !(pod && isReady(pod) && isActive(pod))) break;
    }
    const surplus = pods.filter((pod) => ordinal(pod) >= wanted).sort((a, b) => ordinal(b) - ordinal(a));
    for (const pod of isParallel ? surplus : surplus.slice(0, 1)) deletePod(cluster, set, pod, COMPONENT);
    roll(cluster, set, pods, hash);
  }
  writeStatus(cluster, set, hash);
}

function ordinal(pod: Pod): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? 0);
}

function create(cluster: Cluster, set: Workload, index: number, hash: string): void {
  const { name, namespace } = set.metadata;
  const podName = `${name}-${index}`;
  const templates = set.spec.volumeClaimTemplates ?? [];
  for (const claim of templates) {
    const claimName = `${claim.metadata.name}-${podName}`;
    if (cluster.get('PersistentVolumeClaim', namespace, claimName)) continue;
    const labels = { ...claim.metadata.labels, ...set.spec.selector.matchLabels };
    cluster.create(
      'PersistentVolumeClaim',
      { metadata: { name: claimName, namespace, labels }, spec: claim.spec },
      MANAGER,
    );
    cluster.event(
      set,
      { component: COMPONENT },
      {
        type: 'Normal',
        reason: 'SuccessfulCreate',
        message: `create Claim ${claimName} Pod ${podName} in StatefulSet ${name} success`,
      },
    );
  }
  createPod(cluster, set, set.spec.template, COMPONENT, {
    name: podName,
    labels: {
      [HASH]: `${name}-${hash}`,
      'statefulset.kubernetes.io/pod-name': podName,
      'apps.kubernetes.io/pod-index': String(index),
    },
    spec: (spec) => ({
      ...spec,
      hostname: podName,
      ...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
      volumes: [
        ...templates.map(({ metadata }) => ({
          name: metadata.name,
          persistentVolumeClaim: { claimName: `${metadata.name}-${podName}` },
        })),
        ...(spec.volumes ?? []),
      ],
    }),
  });
}

/** Replaces the last pod of an older template, once all of the others are ready. */
function roll(cluster: Cluster, set: Workload, pods: readonly Pod[], hash: string): void {
  if (set.spec.updateStrategy?.type === 'OnDelete') return;
  const live = pods.filter(isActive);
  if (live.length < (set.spec.replicas ?? 1)) return;
  const old = live.filter((pod) => pod.metadata.labels?.[HASH] !== `${set.metadata.name}-${hash}`);
  const [next] = old.sort((a, b) => ordinal(b) - ordinal(a));
  if (next && live.every((pod) => isReady(pod) || pod === next)) deletePod(cluster, set, next, COMPONENT);
}

function writeStatus(cluster: Cluster, set: Workload, hash: string): void {
  const pods = podsOf(cluster, set).filter(isActive);
  const revision = `${set.metadata.name}-${hash}`;
  const updated = pods.filter((pod) => pod.metadata.labels?.[HASH] === revision).length;
  const ready = pods.filter(isReady).length;
  cluster.edit(
    'StatefulSet',
    set,
    MANAGER,
    (copy) => {
      copy.status = {
        observedGeneration: set.metadata.generation ?? 1,
        replicas: pods.length,
        ...(ready > 0 && { readyReplicas: ready }),
        ...(updated > 0 && { currentReplicas: updated, updatedReplicas: updated }),
        currentRevision: revision,
        updateRevision: revision,
        collisionCount: 0,
        availableReplicas: pods.filter((pod) => isAvailable(pod, set.spec.minReadySeconds)).length,
      };
    },
    'status',
  );
}

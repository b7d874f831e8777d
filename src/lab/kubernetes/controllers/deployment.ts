import { type Cluster, controllerReference, isControlledBy } from '../cluster.ts';
import type { Workload } from '../kinds.ts';
import { type Condition, timestamp } from '../objects.ts';
import { amount, templateHash } from './pods.ts';

const COMPONENT = 'deployment-controller';
const MANAGER = 'kube-controller-manager';
const HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

/** Keeps one ReplicaSet for the template of a Deployment at full size, and takes the older ones down as it comes up. */
export function reconcileDeployment(cluster: Cluster, deployment: Workload): void {
  if (deployment.metadata.deletionTimestamp !== undefined) return;
  const sets = cluster
    .list('ReplicaSet', deployment.metadata.namespace)
    .filter((set) => isControlledBy(set, deployment))
    .sort((a, b) => revisionOf(a) - revisionOf(b));
  const hash = templateHash(deployment.spec.template);
  const known = sets.find((set) => set.metadata.labels?.[HASH] === hash);
  // While it is paused, a new template has to wait.
  if (!known && deployment.spec.paused === true) {
    writeStatus(cluster, deployment, undefined, 0);
    return;
  }
  const current = known ?? create(cluster, deployment, sets, hash);
  const old = sets.filter((set) => set.metadata.uid !== current.metadata.uid);
  const revision = Math.max(revisionOf(current), ...old.map((set) => revisionOf(set) + 1));
  if (revision !== revisionOf(current)) annotate(cluster, 'ReplicaSet', current, revision);
  scale(cluster, deployment, current, old);
  prune(cluster, deployment, old);
  writeStatus(cluster, deployment, current, revision);
}

function revisionOf(object: Workload): number {
  return Number(object.metadata.annotations?.[REVISION] ?? 0);
}

function annotate(cluster: Cluster, kind: 'ReplicaSet', object: Workload, revision: number): void {
  cluster.edit(kind, object, MANAGER, ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, [REVISION]: String(revision) };
  });
}

function create(cluster: Cluster, deployment: Workload, sets: readonly Workload[], hash: string): Workload {
  const { name, namespace } = deployment.metadata;
  const { selector, template, minReadySeconds } = deployment.spec;
  const labels = { ...template.metadata?.labels, [HASH]: hash };
  const revision = Math.max(0, ...sets.map(revisionOf)) + 1;
  return cluster.create(
    'ReplicaSet',
    {
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        labels,
        annotations: {
          'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas ?? 1),
          'deployment.kubernetes.io/max-replicas': String(limits(deployment).most),
          [REVISION]: String(revision),
        },
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        replicas: 0,
        ...(minReadySeconds !== undefined && { minReadySeconds }),
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    },
    MANAGER,
  );
}

/** How many pods there may be at most, and how many have to be available. */
function limits({ spec }: Workload): { most: number; least: number } {
  const wanted = spec.replicas ?? 1;
  if (spec.strategy?.type === 'Recreate') return { most: wanted, least: 0 };
  const surge = amount(spec.strategy?.rollingUpdate?.maxSurge, wanted, true);
  const down = amount(spec.strategy?.rollingUpdate?.maxUnavailable, wanted, false);
  // Both zero would never move.
  return { most: wanted + surge, least: wanted - (surge === 0 && down === 0 ? 1 : down) };
}

function scale(cluster: Cluster, deployment: Workload, current: Workload, old: readonly Workload[]): void {
  const wanted = deployment.spec.replicas ?? 1;
  const { most, least } = limits(deployment);
  const inOld = old.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0);
  const isRecreate = deployment.spec.strategy?.type === 'Recreate';
  const livesInOld = old.reduce((sum, set) => sum + (set.status.replicas ?? 0), 0);
  if (!(isRecreate && (inOld > 0 || livesInOld > 0))) {
    setReplicas(cluster, deployment, current, Math.max(0, Math.min(wanted, most - inOld)));
  }
  const count = (set: Workload): number => Number(set.status.availableReplicas ?? 0);
  const size = (set: Workload): number => set.spec.replicas ?? 0;
  const now = cluster.get('ReplicaSet', current.metadata.namespace, current.metadata.name) ?? current;
  let spare = size(now) + inOld - least - (size(now) - count(now));
  for (const set of old) {
    const isDown = size(set) - count(set);
    const drop = isRecreate ? size(set) : Math.min(size(set), Math.max(isDown, spare));
    if (drop <= 0) continue;
    spare -= drop;
    setReplicas(cluster, deployment, set, size(set) - drop);
  }
}

function setReplicas(cluster: Cluster, deployment: Workload, set: Workload, replicas: number): void {
  const before = set.spec.replicas ?? 0;
  if (before === replicas) return;
  cluster.edit('ReplicaSet', set, MANAGER, (copy) => {
    copy.spec.replicas = replicas;
  });
  cluster.event(
    deployment,
    { component: COMPONENT },
    {
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled ${replicas > before ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${replicas}`,
    },
  );
}

function prune(cluster: Cluster, { spec }: Workload, old: readonly Workload[]): void {
  const empty = old.filter((set) => (set.spec.replicas ?? 0) === 0 && (set.status.replicas ?? 0) === 0);
  for (const set of empty.slice(0, Math.max(0, empty.length - (spec.revisionHistoryLimit ?? 10))))
    cluster.delete('ReplicaSet', set);
}

function writeStatus(cluster: Cluster, deployment: Workload, current: Workload | undefined, revision: number): void {
  const sets = cluster
    .list('ReplicaSet', deployment.metadata.namespace)
    .filter((set) => isControlledBy(set, deployment));
  const sum = (field: string): number => sets.reduce((total, set) => total + Number(set.status[field] ?? 0), 0);
  const updated = sets.find((set) => set.metadata.uid === current?.metadata.uid)?.status.replicas ?? 0;
  const [replicas, ready, available] = [sum('replicas'), sum('readyReplicas'), sum('availableReplicas')];
  const wanted = deployment.spec.replicas ?? 1;
  const unavailable = Math.max(0, wanted - available);
  const isComplete = updated === wanted && replicas === wanted && available >= wanted;
  cluster.edit(
    'Deployment',
    deployment,
    MANAGER,
    (copy) => {
      if (current) copy.metadata.annotations = { ...copy.metadata.annotations, [REVISION]: String(revision) };
      copy.status = {
        observedGeneration: deployment.metadata.generation ?? 1,
        ...(replicas > 0 && { replicas }),
        ...(updated > 0 && { updatedReplicas: updated }),
        ...(ready > 0 && { readyReplicas: ready }),
        ...(available > 0 && { availableReplicas: available }),
        ...(unavailable > 0 && { unavailableReplicas: unavailable }),
        terminatingReplicas: sum('terminatingReplicas'),
        conditions: conditions(copy.status.conditions ?? [], {
          isAvailable: available >= limits(deployment).least,
          isComplete,
          isPaused: deployment.spec.paused === true,
          set: current?.metadata.name ?? '',
        }),
      };
    },
    'status',
  );
}

interface Rollout {
  isAvailable: boolean;
  isComplete: boolean;
  isPaused: boolean;
  /** Name of the ReplicaSet of the template. */
  set: string;
}

function conditions(before: readonly Condition[], { isAvailable, isComplete, isPaused, set }: Rollout): Condition[] {
  const availability = isAvailable
    ? { status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : {
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
  const progress = isComplete
    ? { reason: 'NewReplicaSetAvailable', message: `ReplicaSet ${JSON.stringify(set)} has successfully progressed.` }
    : { reason: 'ReplicaSetUpdated', message: `ReplicaSet ${JSON.stringify(set)} is progressing.` };
  const available = moved(before, { type: 'Available', ...availability });
  if (isPaused) {
    const paused = {
      type: 'Progressing',
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    };
    return [moved(before, paused), available];
  }
  return [available, moved(before, { type: 'Progressing', status: 'True', ...progress })];
}

/** A condition with the times of the one before it, as far as it is the same. */
function moved(before: readonly Condition[], next: Condition): Condition {
  const old = before.find(({ type }) => type === next.type);
  const now = timestamp();
  const isSame = old?.status === next.status && old.reason === next.reason && old.message === next.message;
  return {
    ...next,
    lastUpdateTime: isSame ? (old.lastUpdateTime ?? now) : now,
    lastTransitionTime: old?.status === next.status ? (old.lastTransitionTime ?? now) : now,
  };
}

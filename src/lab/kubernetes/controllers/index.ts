import type { Cluster, Kinds } from '../cluster.ts';
import type { KubeObject } from '../objects.ts';
import { reconcileBudget } from './budgets.ts';
import { reconcileDaemonSet } from './daemonset.ts';
import { followDefinitions } from './definitions.ts';
import { reconcileDeployment } from './deployment.ts';
import { GarbageCollector } from './garbage.ts';
import { reconcileJob } from './job.ts';
import { emptyNamespace, furnishNamespace } from './namespaces.ts';
import { WorkQueue } from './queue.ts';
import { reconcileReplicaSet } from './replicaset.ts';
import { Scheduler } from './scheduler.ts';
import { reconcileStatefulSet } from './statefulset.ts';
import { reconcileClaim, reconcileVolume } from './volumes.ts';

type Kind = keyof Kinds;

/** Looks after one kind: called for an object when it, or what it depends on, has changed. */
interface Rule<K extends Kind> {
  kind: K;
  /** Kinds of objects that concern the object that owns them, or all objects of the kind. */
  also?: readonly { kind: Kind; concerns: 'owner' | 'all' }[];
  /** @returns milliseconds after which to look again. */
  work(cluster: Cluster, object: Kinds[K]): number | undefined;
}

/** Lets a rule that has nothing to come back for say so by returning nothing. */
function once<T>(work: (cluster: Cluster, object: T) => void): (cluster: Cluster, object: T) => undefined {
  return (cluster, object) => {
    work(cluster, object);
    return undefined;
  };
}

const NODES = { kind: 'Node', concerns: 'all' } as const;
const PODS = { kind: 'Pod', concerns: 'owner' } as const;

/** Starts everything that keeps the cluster as its objects say. */
export function startControllers(cluster: Cluster, caPem: string): { stop(): void } {
  const failed = (key: string, error: unknown): void => {
    // A controller that fails is a fault of the lab; it goes on trying, as the real ones do.
    process.emitWarning(error instanceof Error ? error : new Error(String(error)), {
      detail: `lab controller, ${key}`,
    });
  };
  const stops: (() => void)[] = [];
  const follow = <K extends Kind>(rule: Rule<K>): void => void stops.push(start(cluster, rule, failed));
  followDefinitions(cluster);
  follow({
    kind: 'Namespace',
    work(on, namespace) {
      furnishNamespace(on, namespace, caPem);
      return emptyNamespace(on, namespace);
    },
  });
  follow({ kind: 'DaemonSet', also: [NODES, PODS], work: reconcileDaemonSet });
  follow({ kind: 'Deployment', also: [{ kind: 'ReplicaSet', concerns: 'owner' }], work: once(reconcileDeployment) });
  follow({ kind: 'ReplicaSet', also: [PODS], work: reconcileReplicaSet });
  follow({ kind: 'StatefulSet', also: [PODS], work: once(reconcileStatefulSet) });
  follow({ kind: 'Job', also: [PODS], work: reconcileJob });
  follow({ kind: 'PodDisruptionBudget', also: [{ kind: 'Pod', concerns: 'all' }], work: once(reconcileBudget) });
  follow({
    kind: 'PersistentVolumeClaim',
    also: ['PersistentVolume', 'StorageClass', 'Pod'].map((kind) => ({ kind: kind as Kind, concerns: 'all' as const })),
    work: once(reconcileClaim),
  });
  follow({
    kind: 'PersistentVolume',
    also: [{ kind: 'PersistentVolumeClaim', concerns: 'all' }],
    work: once(reconcileVolume),
  });
  const garbage = new GarbageCollector(cluster, failed);
  const scheduler = new Scheduler(cluster, failed);
  return {
    stop() {
      for (const stop of stops) stop();
      garbage.stop();
      scheduler.stop();
    },
  };
}

function start<K extends Kind>(
  cluster: Cluster,
  rule: Rule<K>,
  failed: (key: string, error: unknown) => void,
): () => void {
  const { kind, also = [] } = rule;
  const queue = new WorkQueue(
    (key) => {
      const object = find(cluster, kind, key);
      const again = object && rule.work(cluster, object);
      if (again !== undefined) queue.add(key, again);
    },
    (key, error) => failed(`${kind} ${key}`, error),
  );
  cluster.on([kind], ({ object }) => queue.add(keyOf(object)));
  for (const { kind: other, concerns } of also) {
    cluster.on([other], ({ object }) => {
      if (concerns === 'all') for (const one of cluster.list(kind)) queue.add(keyOf(one));
      const owner = object.metadata.ownerReferences?.find((ref) => ref.controller === true && ref.kind === kind);
      if (concerns === 'owner' && owner) queue.add(`${object.metadata.namespace ?? ''}/${owner.name}`);
    });
  }
  return () => queue.stop();
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function find<K extends Kind>(cluster: Cluster, kind: K, key: string): Kinds[K] | undefined {
  const slash = key.indexOf('/');
  return cluster.get(kind, key.slice(0, slash) || undefined, key.slice(slash + 1));
}

import type { Cluster } from '../cluster.ts';
import type { Claim, Node, Pod } from '../kinds.ts';
import { type Condition, timestamp } from '../objects.ts';
import { affinityFault, antiAffinityWeight, fitsNode, untolerated } from './placement.ts';
import { isActive } from './pods.ts';
import { WorkQueue } from './queue.ts';

const MANAGER = 'kube-scheduler';
/** Marks a claim whose pod has a node, so that it may be provisioned now. */
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

/** Gives pods their nodes. What cannot be placed waits, and says why. */
export class Scheduler {
  readonly #cluster: Cluster;
  readonly #queue: WorkQueue;

  constructor(cluster: Cluster, failed: (key: string, error: unknown) => void) {
    this.#cluster = cluster;
    this.#queue = new WorkQueue((key) => this.#schedule(key), failed);
    cluster.on(['Pod', 'Node', 'PersistentVolumeClaim', 'StorageClass'], ({ object, type, bucket }) => {
      if (bucket === 'pods' && type === 'ADDED') this.#queue.add(keyOf(object as Pod));
      else if (bucket !== 'pods' || type === 'DELETED' || !isActive(object as Pod)) this.#retryAll();
    });
  }

  stop(): void {
    this.#queue.stop();
  }

  #retryAll(): void {
    for (const pod of this.#cluster.list('Pod')) if (isPending(pod)) this.#queue.add(keyOf(pod));
  }

  #schedule(key: string): void {
    const [namespace = '', name = ''] = key.split('/');
    const pod = this.#cluster.get('Pod', namespace, name);
    if (!pod || !isPending(pod)) return;
    const claims = this.#claimsOf(pod);
    const nodes = this.#cluster.list('Node');
    // What stops a pod before any node is looked at ends with the words of the preemption that finds nothing.
    if (typeof claims === 'string') {
      this.#refuse(pod, `0/${nodes.length} nodes are available: ${claims}. not found`);
      return;
    }
    const byName = new Map(nodes.map((node) => [node.metadata.name, node]));
    const placed = this.#cluster.list('Pod').filter((other) => other.spec.nodeName !== undefined && isActive(other));
    const reasons = new Map<string, number>();
    const fitting = nodes.filter((node) => {
      const fault = faultOf(pod, node, placed, byName);
      if (fault !== undefined) reasons.set(fault, (reasons.get(fault) ?? 0) + 1);
      return fault === undefined;
    });
    const load = (node: Node): number => placed.filter((other) => other.spec.nodeName === node.metadata.name).length;
    const cost = (node: Node): number => antiAffinityWeight(pod, node, placed, byName) * 1000 + load(node);
    const [best] = fitting.sort((a, b) => cost(a) - cost(b));
    if (!best) {
      this.#refuse(pod, unfit(nodes.length, reasons));
      return;
    }
    if (this.#waitsForClaims(claims, best)) return;
    this.#bind(pod, best);
  }

  /** The pod's claims, or why it cannot be placed yet. */
  #claimsOf(pod: Pod): Claim[] | string {
    const claims: Claim[] = [];
    for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
      if (!persistentVolumeClaim) continue;
      const claim = this.#cluster.get('PersistentVolumeClaim', pod.metadata.namespace, persistentVolumeClaim.claimName);
      if (!claim) return `persistentvolumeclaim ${JSON.stringify(persistentVolumeClaim.claimName)} not found`;
      if (claim.metadata.deletionTimestamp !== undefined) {
        return `persistentvolumeclaim ${JSON.stringify(persistentVolumeClaim.claimName)} is being deleted`;
      }
      if (claim.status.phase !== 'Bound' && !this.#isLateBinding(claim)) {
        return 'pod has unbound immediate PersistentVolumeClaims';
      }
      if (this.#isTakenByOther(claim, pod)) {
        return 'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode';
      }
      claims.push(claim);
    }
    return claims;
  }

  #isLateBinding({ spec }: Claim): boolean {
    const found = this.#cluster.get('StorageClass', undefined, spec.storageClassName ?? '');
    return found?.volumeBindingMode === 'WaitForFirstConsumer';
  }

  #isTakenByOther(claim: Claim, pod: Pod): boolean {
    if (!claim.spec.accessModes.includes('ReadWriteOncePod')) return false;
    const users = this.#cluster.list('Pod', pod.metadata.namespace).filter(isActive);
    return users.some(
      (other) =>
        other.metadata.uid !== pod.metadata.uid &&
        other.spec.nodeName !== undefined &&
        other.spec.volumes?.some(
          ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim.metadata.name,
        ),
    );
  }

  /** Tells the provisioner of unbound claims which node was chosen; the pod waits until they are bound. */
  #waitsForClaims(claims: readonly Claim[], node: Node): boolean {
    const unbound = claims.filter(({ status }) => status.phase !== 'Bound');
    for (const claim of unbound) {
      if (claim.metadata.annotations?.[SELECTED_NODE] !== undefined) continue;
      this.#cluster.edit('PersistentVolumeClaim', claim, MANAGER, ({ metadata }) => {
        metadata.annotations = { ...metadata.annotations, [SELECTED_NODE]: node.metadata.name };
      });
    }
    return unbound.length > 0;
  }

  #bind(pod: Pod, node: Node): void {
    const { name, namespace = '' } = pod.metadata;
    const bound = this.#cluster.edit('Pod', pod, MANAGER, ({ spec, metadata }) => {
      spec.nodeName = node.metadata.name;
      const zone = node.metadata.labels?.['topology.kubernetes.io/zone'];
      if (zone !== undefined) metadata.labels = { ...metadata.labels, 'topology.kubernetes.io/zone': zone };
    });
    if (!bound) return;
    this.#cluster.edit(
      'Pod',
      bound,
      MANAGER,
      ({ status }) => {
        const { generation = 1 } = bound.metadata;
        const condition: Condition = {
          type: 'PodScheduled',
          observedGeneration: generation,
          status: 'True',
          lastProbeTime: null,
          lastTransitionTime: timestamp(),
        };
        status.conditions = [...(status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled'), condition];
      },
      'status',
    );
    this.#cluster.schedulingEvent(bound, {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${namespace}/${name} to ${node.metadata.name}`,
    });
  }

  #refuse(pod: Pod, message: string): void {
    const known = pod.status.conditions?.find(({ type }) => type === 'PodScheduled');
    if (known?.message === message) return;
    this.#cluster.edit(
      'Pod',
      pod,
      MANAGER,
      ({ status }) => {
        const condition: Condition = {
          type: 'PodScheduled',
          observedGeneration: pod.metadata.generation ?? 1,
          status: 'False',
          reason: 'Unschedulable',
          message,
          lastProbeTime: null,
          lastTransitionTime: known?.lastTransitionTime ?? timestamp(),
        };
        status.conditions = [...(status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled'), condition];
      },
      'status',
    );
    this.#cluster.schedulingEvent(pod, { type: 'Warning', reason: 'FailedScheduling', message });
  }
}

function keyOf({ metadata }: Pod): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function isPending(pod: Pod): boolean {
  return pod.spec.nodeName === undefined && isActive(pod);
}

function faultOf(pod: Pod, node: Node, placed: readonly Pod[], nodes: ReadonlyMap<string, Node>): string | undefined {
  const taint = untolerated(pod.spec.tolerations ?? [], node);
  if (taint?.key === 'node.kubernetes.io/unschedulable') return 'node(s) were unschedulable';
  if (taint) return `node(s) had untolerated taint(s)`;
  if (!fitsNode(pod.spec, node)) return "node(s) didn't match Pod's node affinity/selector";
  const affinity = affinityFault(pod, node, placed, nodes);
  return affinity === undefined ? undefined : `node(s) ${affinity}`;
}

/** `0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match pod anti-affinity rules. …` */
function unfit(total: number, reasons: ReadonlyMap<string, number>): string {
  if (total === 0) return 'no nodes available to schedule pods';
  const available = `0/${total} nodes are available:`;
  const texts = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  const affinity = [...reasons].reduce((sum, [reason, count]) => sum + (/affinity rules$/.test(reason) ? count : 0), 0);
  // Only where other pods are in the way could their preemption have helped.
  const victims = [
    ...(affinity > 0 ? [`${affinity} No preemption victims found for incoming pod`] : []),
    ...(affinity < total ? [`${total - affinity} Preemption is not helpful for scheduling`] : []),
  ];
  return `${available} ${texts.join(', ')}. no new claims to deallocate, preemption: ${available} ${victims.join(', ')}.`;
}

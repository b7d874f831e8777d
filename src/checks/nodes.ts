import { usageError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { KubeObject } from '../kube/types.ts';

interface Node extends KubeObject {
  spec: { unschedulable?: boolean; taints?: { key: string; value?: string; effect: string }[] };
  status: { conditions?: { type: string; status: string }[] };
}

/** Which nodes get a pod: all that can take one, a number of them, or these. */
export type NodeWish = { kind: 'all' } | { kind: 'count'; count: number } | { kind: 'list'; names: readonly string[] };

export interface SkippedNode {
  name: string;
  /** Why no pod of the run goes there. */
  reason: string;
}

export interface NodePlan {
  /** Pods to start, each on a node of its own. */
  count: number;
  /** The nodes that can take a pod. */
  usable: string[];
  /** Set where the user named the nodes: pod i goes to the i-th. */
  pinned?: string[];
  skipped: SkippedNode[];
}

/** Three nodes show everything that is to be seen between nodes, on any cluster, in short time. */
const DEFAULT_COUNT = 3;

/** `all`, `3`, or `node1,node2`; undefined means the default. */
export function parseNodeWish(text: string | undefined): NodeWish | undefined {
  if (text === undefined) return undefined;
  if (text === 'all') return { kind: 'all' };
  if (/^\d+$/.test(text)) {
    if (Number(text) < 1) throw usageError('--nodes must be at least 1');
    return { kind: 'count', count: Number(text) };
  }
  const names = [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  if (names.length === 0) throw usageError('--nodes names no node', { remedy: 'write all, a number, or node1,node2' });
  return { kind: 'list', names };
}

/**
 * Decides how many pods there will be, and where. The scheduler places them (`spec.nodeName` would go past it, and
 * then volumes that wait for their first consumer are never bound).
 * @throws CliError `usage` (exit 2) for a node that does not exist.
 */
export function planNodes(nodes: readonly KubeObject[], wish: NodeWish | undefined, required: number): NodePlan {
  const judged = nodes.map((node) => ({ name: node.metadata.name, reason: unusable(node as Node) }));
  const usable = judged.filter(({ reason }) => reason === undefined).map(({ name }) => name);
  const skipped = judged.flatMap(({ name, reason }) => (reason === undefined ? [] : [{ name, reason }]));
  if (wish?.kind === 'list') {
    const known = judged.map(({ name }) => name);
    for (const name of wish.names) {
      if (known.includes(name)) continue;
      const near = nearest(name, known);
      throw usageError(`--nodes: the cluster has no node ${JSON.stringify(name)}`, {
        remedy: near ? `did you mean ${near}?` : `its nodes are ${known.slice(0, 20).join(', ')}`,
      });
    }
    const pinned = wish.names.filter((name) => usable.includes(name));
    return { count: pinned.length, usable, pinned, skipped: skipped.filter(({ name }) => wish.names.includes(name)) };
  }
  const wanted =
    wish === undefined ? Math.max(DEFAULT_COUNT, required) : wish.kind === 'all' ? usable.length : wish.count;
  return { count: Math.min(wanted, usable.length), usable, skipped };
}

function unusable({ spec, status }: Node): string | undefined {
  if (status.conditions?.find(({ type }) => type === 'Ready')?.status !== 'True') return 'not ready';
  if (spec.unschedulable) return 'cordoned';
  const taint = spec.taints?.find(({ effect }) => effect !== 'PreferNoSchedule');
  return taint && `tainted ${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect}`;
}

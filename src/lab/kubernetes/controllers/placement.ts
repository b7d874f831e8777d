import type { Node, NodeSelectorTerm, Pod, PodAffinityTerm, PodSpec, Taint, Toleration } from '../kinds.ts';
import { labelSelectorTest, meetsExpression } from '../store/selectors.ts';

/** Do the pod's node selector and required node affinity let it onto the node? */
export function fitsNode(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels;
  const selector = Object.entries(spec.nodeSelector ?? {});
  if (!selector.every(([key, value]) => labels?.[key] === value)) return false;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms === undefined || terms.some((term) => meetsTerm(term, node));
}

function meetsTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const fields = { 'metadata.name': node.metadata.name };
  return (
    matchExpressions.every((one) => meetsExpression(one, node.metadata.labels)) &&
    matchFields.every((one) => meetsExpression(one, fields))
  );
}

/** The first taint of these effects that the tolerations do not cover. */
export function untolerated(
  tolerations: readonly Toleration[],
  node: Node,
  effects: readonly string[] = ['NoSchedule', 'NoExecute'],
): Taint | undefined {
  const cordon = node.spec.unschedulable ? [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] : [];
  return [...(node.spec.taints ?? []), ...cordon]
    .filter((taint) => effects.includes(taint.effect))
    .find((taint) => !tolerations.some((toleration) => tolerates(toleration, taint)));
}

function tolerates({ key, operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== '' && effect !== taint.effect) return false;
  if (key !== undefined && key !== '' && key !== taint.key) return false;
  return operator === 'Exists' || value === (taint.value ?? '');
}

/** Does a pod that is placed already match the term of another one? */
function matchesTerm(term: PodAffinityTerm, owner: Pod, other: Pod): boolean {
  const namespaces = term.namespaces?.length ? term.namespaces : [owner.metadata.namespace ?? ''];
  if (!namespaces.includes(other.metadata.namespace ?? '')) return false;
  return labelSelectorTest(term.labelSelector)(other.metadata.labels);
}

/** Why the pods that are there keep this one from the node, or let it not near where it wants to be. */
export function affinityFault(
  pod: Pod,
  node: Node,
  placed: readonly Pod[],
  nodes: ReadonlyMap<string, Node>,
): string | undefined {
  const topology = (of: Node, key: string): string | undefined => of.metadata.labels?.[key];
  const sharesTopology = (other: Pod, key: string): boolean => {
    const there = nodes.get(other.spec.nodeName ?? '');
    const value = topology(node, key);
    return there !== undefined && value !== undefined && topology(there, key) === value;
  };
  const anti = pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const term of anti) {
    if (placed.some((other) => matchesTerm(term, pod, other) && sharesTopology(other, term.topologyKey))) {
      return "didn't match pod anti-affinity rules";
    }
  }
  for (const other of placed) {
    const theirs = other.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    if (theirs.some((term) => matchesTerm(term, other, pod) && sharesTopology(other, term.topologyKey))) {
      return "didn't satisfy existing pods anti-affinity rules";
    }
  }
  const near = pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const term of near) {
    const isMet = placed.some((other) => matchesTerm(term, pod, other) && sharesTopology(other, term.topologyKey));
    // The first pod of a group may go anywhere.
    const isFirst = matchesTerm(term, pod, pod) && !placed.some((other) => matchesTerm(term, pod, other));
    if (!isMet && !isFirst) return "didn't match pod affinity rules";
  }
  return undefined;
}

/** How much a node is to be avoided for the sake of preferred anti-affinity. */
export function antiAffinityWeight(
  pod: Pod,
  node: Node,
  placed: readonly Pod[],
  nodes: ReadonlyMap<string, Node>,
): number {
  const preferred = pod.spec.affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return preferred.reduce((sum, { weight, podAffinityTerm: term }) => {
    const value = node.metadata.labels?.[term.topologyKey];
    const hits = placed.filter(
      (other) =>
        matchesTerm(term, pod, other) &&
        nodes.get(other.spec.nodeName ?? '')?.metadata.labels?.[term.topologyKey] === value,
    );
    return sum + weight * hits.length;
  }, 0);
}

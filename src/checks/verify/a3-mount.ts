import { formatDuration } from '../../core/duration.ts';
import type { RunPod } from '../barrier.ts';
import { innermost, isTransient, mountingCause } from '../causes.ts';
import { type VerifyEnv } from '../env.ts';
import { type Event, eventText, merged, type Pod } from '../observed.ts';
import type { Check, Evidence, Measurement, Outcome, Running } from '../types.ts';
import { listed } from '../words.ts';

/** A volume that is bound and that some node cannot mount is the most common real fault. */
export const mount: Check<VerifyEnv> = {
  id: 'A3',
  title: 'mounted on every node',
  tier: 'T1',
  proves: 'each of the nodes mounts the volume',
  needs: ['A1'],
  deadlineMs: ({ options }) => options.timeoutMs + 30_000,
  async run(env, running) {
    const settled = await env.observed().until(() => allSettled(env, running), {
      timeoutMs: env.options.timeoutMs,
      signal: running.signal,
    });
    const states = settled ?? statesOf(env);
    const ready = states.flatMap((state) => (state.kind === 'ready' ? [state] : []));
    env.facts.mountedOn = ready.map(({ node }) => node ?? '').sort();
    if (ready.length < states.length) return failure(env, states);
    return distinct(env, ready);
  },
};

type State = { name: string; node: string | undefined } & (
  | { kind: 'ready'; mountMs: number }
  | { kind: 'waiting'; why: string }
  | { kind: 'hopeless'; why: string; code: string; remedy?: string; ours: boolean }
);

/** Every pod is ready or will never be. A pod that still waits may yet tell more about its node. */
function allSettled(env: VerifyEnv, { progress }: Running): State[] | undefined {
  const states = statesOf(env);
  const waiting = states.filter(({ kind }) => kind === 'waiting');
  if (waiting.length === 0) return states;
  progress(`waiting for ${waiting.length} of ${states.length} pods: ${reasons(states)}`);
  return undefined;
}

/** `node1 and node2: starts`: each reason once, with the nodes that have it. */
function reasons(states: readonly State[]): string {
  const nodesByReason = new Map<string, string[]>();
  for (const state of states) {
    if (state.kind === 'ready') continue;
    nodesByReason.set(state.why, [...(nodesByReason.get(state.why) ?? []), state.node ?? 'no node yet']);
  }
  return [...nodesByReason].map(([why, nodes]) => `${listed([...new Set(nodes)].sort())}: ${why}`).join('; ');
}

function statesOf(env: VerifyEnv): State[] {
  return Array.from({ length: env.plan.count }, (_, index) => {
    const name = env.names.pod(index);
    return stateOf(name, env.observed().pods.get(name), env.observed().eventsOf('Pod', name), env.clock.now());
  });
}

function stateOf(name: string, pod: Pod | undefined, events: Event[], now: number): State {
  if (!pod) return { kind: 'waiting', name, node: undefined, why: 'not created yet' };
  const node = pod.spec.nodeName;
  const condition = (type: string) => pod.status?.conditions?.find((one) => one.type === type);
  if (condition('Ready')?.status === 'True') return { kind: 'ready', name, node, mountMs: startMs(pod, events) };
  const hopeless = unscheduled(condition('PodScheduled'), events, now) ?? unmounted(events) ?? unstarted(pod);
  if (hopeless) return { kind: 'hopeless', name, node, ...hopeless };
  return { kind: 'waiting', name, node, why: newestReason(node, condition('PodScheduled')?.message, events) };
}

const STARTS = 'starts';

/** What a person would want to know of a pod that is not ready yet; the kubelet has warnings of no importance too. */
function newestReason(node: string | undefined, unscheduled: string | undefined, events: Event[]): string {
  if (node === undefined) return unscheduled ?? 'waits for the scheduler';
  const trouble = events.findLast(({ type, reason }) => type === 'Warning' && /^(Failed|BackOff)/.test(reason));
  return trouble && trouble.reason !== 'FailedScheduling' ? innermost(trouble.message) : STARTS;
}

interface Hopeless {
  why: string;
  code: string;
  remedy?: string;
  /** Is it about the image or the cluster's room, which says nothing about the volume? */
  ours: boolean;
}

/** The scheduler tries again when something changes; a pod that still has no node after this time gets none soon. */
const SCHEDULING_MS = 20_000;

function unscheduled(
  condition: { status: string; message?: string } | undefined,
  events: Event[],
  now: number,
): Hopeless | undefined {
  const refusals = events.filter(({ reason }) => reason === 'FailedScheduling');
  const failed = refusals.at(-1);
  if (condition?.status !== 'False' || !failed) return undefined;
  if (now - Math.min(...refusals.map(({ seenAt }) => seenAt)) < SCHEDULING_MS) return undefined;
  const why = condition.message ?? failed.message;
  const ours = !/volume|claim/i.test(why);
  return { why, code: 'unschedulable', remedy: 'free or add nodes, or ask for fewer with --nodes', ours };
}

/**
 * The same refusal again and again: the kubelet tries at 0, 0.5, 1.5, 3.5, 7.5 and 15.5 s. Once or twice is normal,
 * as the driver does not wait until Manila has put a new access rule into effect.
 */
const MOUNT_TRIES = 5;
const MOUNT_SPAN_MS = 10_000;

const FAILED_MOUNT = /^Failed(Mount|AttachVolume)$/;

function unmounted(events: Event[]): Hopeless | undefined {
  const failed = merged(events).findLast(
    ({ reason, message, count, firstAt, lastAt }) =>
      FAILED_MOUNT.test(reason) && !isTransient(message) && count >= MOUNT_TRIES && lastAt - firstAt >= MOUNT_SPAN_MS,
  );
  return failed && mountFailure(failed);
}

function mountFailure({ message }: Event): Hopeless {
  const cause = mountingCause(message);
  return {
    why: innermost(message),
    code: cause?.code ?? 'not-mounted',
    ...(cause ? { remedy: cause.remedy } : {}),
    ours: false,
  };
}

function unstarted({ status }: Pod): Hopeless | undefined {
  if (status?.phase === 'Failed') {
    return { why: status.message ?? status.reason ?? 'the pod failed', code: 'pod-failed', ours: true };
  }
  const waiting = status?.containerStatuses?.[0]?.state?.waiting;
  if (waiting?.reason === 'ImagePullBackOff' || waiting?.reason === 'InvalidImageName') {
    const remedy = 'name an image that the nodes can pull with --image (it must have busybox’s applets)';
    return { why: waiting.message ?? waiting.reason, code: 'image-pull', remedy, ours: true };
  }
  if (waiting?.reason !== undefined && /^(CreateContainer(Config)?Error|RunContainerError)$/.test(waiting.reason)) {
    return { why: waiting.message ?? waiting.reason, code: 'container-failed', ours: true };
  }
  return undefined;
}

function failure(env: VerifyEnv, states: State[]): Outcome {
  const bad = states.map(lastWord(env)).filter((state) => state.kind !== 'ready');
  const causes = [...new Set(bad.map(({ why }) => why))];
  const known = bad.find((state) => state.kind === 'hopeless');
  const late = states.some(({ kind }) => kind === 'waiting') ? ` within ${formatDuration(env.options.timeoutMs)}` : '';
  const where = listed(bad.map(({ node, name }) => node ?? name).sort());
  const volume = bad.some((state) => state.kind === 'waiting' || !state.ours);
  const ready = states.filter(({ kind }) => kind === 'ready').map(({ node }) => node ?? '');
  return {
    status: volume ? 'FAIL' : 'ERROR',
    code: known?.code ?? 'not-mounted',
    summary: `${volume ? 'the volume is not mounted on' : 'no pod runs on'} ${where}${late}: ${causes.join('; ')}${
      ready.length > 0 ? ` (ready: ${listed(ready)})` : ''
    }`,
    remedy: known?.remedy ?? 'see the log of the driver’s node plugin on that node: `manila-rwx status`',
    evidence: bad.map((state) => podEvidence(env, state)),
  };
}

/** What a pod that never got ready has to say for itself: a failed mount counts here although it was not repeated. */
function lastWord(env: VerifyEnv): (state: State) => State {
  return (state) => {
    if (state.kind !== 'waiting' || state.node === undefined) return state;
    const events = env.observed().eventsOf('Pod', state.name);
    const failed = events.findLast(({ reason }) => FAILED_MOUNT.test(reason));
    if (failed) return { ...state, kind: 'hopeless', ...mountFailure(failed) };
    return state.why === STARTS ? { ...state, kind: 'hopeless', ...HANGS } : state;
  };
}

/** The kubelet says nothing while a mount call is under way, and NFS calls may be so for minutes. */
const HANGS: Hopeless = {
  why: 'the mount hangs (the kubelet says nothing)',
  code: 'mount-hangs',
  remedy: mountingCause('connection timed out')?.remedy ?? '',
  ours: false,
};

function podEvidence(env: VerifyEnv, { name, node }: State): Evidence {
  // What the scheduler waited for is past once there is a node.
  const past = node === undefined ? [] : ['FailedScheduling', 'Scheduled'];
  const events = env
    .observed()
    .eventsOf('Pod', name)
    .filter(({ reason }) => !past.includes(reason))
    .map(eventText);
  return { ...(node === undefined ? {} : { node }), pod: name, events };
}

/** That they are apart is what the whole run rests on, so it is looked at, not believed. */
function distinct(env: VerifyEnv, ready: (State & { kind: 'ready' })[]): Outcome {
  const pods: RunPod[] = ready.map(({ name, node }) => ({ name, namespace: env.names.namespace, node: node ?? '' }));
  pods.sort((a, b) => a.node.localeCompare(b.node, 'en', { numeric: true }));
  const nodes = pods.map(({ node }) => node);
  if (new Set(nodes).size < nodes.length || nodes.includes('')) {
    return {
      status: 'ERROR',
      code: 'not-distinct',
      summary: `the pods are not on different nodes: ${nodes.join(', ')}`,
      remedy: 'the scheduler did not obey the required anti-affinity: is it the standard one?',
    };
  }
  env.facts.pods = pods;
  const measurements: Measurement[] = ready.map(({ node, mountMs }) => ({
    name: 'scheduled-to-ready',
    value: mountMs,
    unit: 'ms',
    node: node ?? '',
  }));
  return { status: 'PASS', summary: `mounted on ${listed(nodes)}`, measurements };
}

/** Milliseconds from the pod's node to its being ready, without the image's pull. The API's times are whole seconds. */
function startMs({ status }: Pod, events: Event[]): number {
  const at = (type: string): number =>
    Date.parse(status?.conditions?.find((one) => one.type === type)?.lastTransitionTime ?? '') || 0;
  const pulled = /Successfully pulled image .* in ([\d.]+)(ms|s)/.exec(
    events.find(({ reason }) => reason === 'Pulled')?.message ?? '',
  );
  const pullMs = pulled ? Number(pulled[1]) * (pulled[2] === 's' ? 1000 : 1) : 0;
  return Math.max(0, Math.round(at('Ready') - at('PodScheduled') - pullMs));
}

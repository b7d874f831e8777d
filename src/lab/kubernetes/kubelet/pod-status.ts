import type { ContainerStatus, Pod, PodStatus } from '../kinds.ts';
import { type Condition, timestamp } from '../objects.ts';

export interface PodFacts {
  pod: Pod;
  init: ContainerStatus[];
  containers: ContainerStatus[];
  /** Have all init containers ended well, or, as sidecars, started? */
  isInitialized: boolean;
  /** Are its volumes there, so that containers can run? */
  canRun: boolean;
  /** Set where the pod as a whole has failed: too old, or nothing to run it on. */
  failure?: { reason: string; message: string } | undefined;
  addresses: { pod: string | undefined; host: string };
  startTime: string;
}

/** The status of a pod that a kubelet reports. */
export function podStatus(facts: PodFacts): PodStatus {
  const { pod, init, containers, failure, addresses, startTime } = facts;
  const phase = failure ? 'Failed' : phaseOf(pod, facts);
  return {
    observedGeneration: pod.metadata.generation ?? 1,
    phase,
    ...(failure && failure),
    conditions: conditions(facts, phase),
    hostIP: addresses.host,
    hostIPs: [{ ip: addresses.host }],
    ...(addresses.pod !== undefined && { podIP: addresses.pod, podIPs: [{ ip: addresses.pod }] }),
    startTime,
    ...(init.length > 0 && { initContainerStatuses: init }),
    containerStatuses: [...containers].sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...(pod.status.qosClass !== undefined && { qosClass: pod.status.qosClass }),
  };
}

function phaseOf({ spec }: Pod, { containers, init, isInitialized }: PodFacts): PodStatus['phase'] {
  const sidecars = new Set(
    (spec.initContainers ?? []).filter((one) => one.restartPolicy === 'Always').map(({ name }) => name),
  );
  const isFinal = ({ state }: ContainerStatus): boolean => state.terminated !== undefined;
  const failedInit = init.find(
    (one) => !sidecars.has(one.name) && isFinal(one) && one.state.terminated?.exitCode !== 0,
  );
  if (failedInit && spec.restartPolicy === 'Never') return 'Failed';
  if (!isInitialized) return 'Pending';
  if (containers.every(isFinal) && spec.restartPolicy !== 'Always') {
    const isWell = containers.every(({ state }) => state.terminated?.exitCode === 0);
    return isWell ? 'Succeeded' : 'Failed';
  }
  const hasRun = containers.some(({ containerID }) => containerID !== undefined);
  return hasRun ? 'Running' : 'Pending';
}

function conditions(
  { pod, init, containers, isInitialized, canRun }: PodFacts,
  phase: PodStatus['phase'],
): Condition[] {
  const before = pod.status.conditions ?? [];
  const observedGeneration = pod.metadata.generation ?? 1;
  const make = (type: string, isTrue: boolean, reason?: string, message?: string): Condition => {
    const old = before.find((one) => one.type === type);
    const status = isTrue ? 'True' : 'False';
    const isSame = old?.status === status && old.lastTransitionTime !== undefined;
    return {
      type,
      observedGeneration,
      status,
      lastProbeTime: null,
      lastTransitionTime: isSame ? (old.lastTransitionTime ?? timestamp()) : timestamp(),
      ...(reason !== undefined && !isTrue && { reason }),
      ...(message !== undefined && !isTrue && { message }),
    };
  };
  const unready = [...containers]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter(({ ready }) => !ready)
    .map(({ name }) => name);
  const incomplete = init
    .filter(({ state, started }) => state.terminated?.exitCode !== 0 && started !== true)
    .map(({ name }) => name);
  const isEnded = phase === 'Succeeded' || phase === 'Failed';
  const [reason, message] = isEnded
    ? [phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed', undefined]
    : ['ContainersNotReady', `containers with unready status: [${unready.join(' ')}]`];
  const isReady = !isEnded && unready.length === 0 && isInitialized;
  const incompleteText = `containers with incomplete status: [${incomplete.join(' ')}]`;
  return [
    make('PodReadyToStartContainers', canRun && !isEnded),
    phase === 'Succeeded'
      ? { ...make('Initialized', true), reason: 'PodCompleted' }
      : make('Initialized', isInitialized, 'ContainersNotInitialized', incompleteText),
    make('Ready', isReady, reason, message),
    make('ContainersReady', isReady, reason, message),
    ...before.filter(({ type }) => type === 'PodScheduled'),
  ];
}

import type { Container, ContainerStatus, Pod } from '../../kinds.ts';
import type { KubeObject } from '../../objects.ts';
import { type Printer, AGE, NAME, age } from '../columns.ts';

const wide = (name: string) => ({ name, type: 'string', priority: 1 });

export const pods: Printer = {
  columns: [
    NAME,
    { name: 'Ready', type: 'string' },
    { name: 'Status', type: 'string' },
    { name: 'Restarts', type: 'string' },
    AGE,
    wide('IP'),
    wide('Node'),
    wide('Nominated Node'),
    wide('Readiness Gates'),
  ],
  cells(object: KubeObject) {
    const pod = object as Pod;
    const { ready, total, reason, restarts } = summary(pod);
    const none = (text: string | undefined): string => (text === undefined || text === '' ? '<none>' : text);
    return [
      pod.metadata.name,
      `${ready}/${total}`,
      reason,
      restarts,
      age(pod.metadata.creationTimestamp),
      none(pod.status.podIP),
      none(pod.spec.nodeName),
      none(pod.status.nominatedNodeName),
      '<none>',
    ];
  },
};

const isSidecar = (container: Container | undefined): boolean => container?.restartPolicy === 'Always';

/** What `kubectl get pods` says of a pod (printPod in pkg/printers/internalversion). */
function summary(pod: Pod) {
  const { spec, status, metadata } = pod;
  const initContainers = spec.initContainers ?? [];
  const sidecars = initContainers.filter(isSidecar);
  const init = initSummary(pod);
  const containers = status.containerStatuses ?? [];
  const sidecarStatuses = (status.initContainerStatuses ?? []).filter(({ name }) =>
    sidecars.some((one) => one.name === name),
  );
  const ready = [...containers, ...sidecarStatuses].filter((one) => one.ready && one.state.running).length;
  const isInitialized =
    status.conditions?.some(({ type, status: is }) => type === 'Initialized' && is === 'True') === true;
  const counted =
    init === undefined || isInitialized ? [...containers, ...sidecarStatuses] : (status.initContainerStatuses ?? []);
  const restarts = counted.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const ends = counted.map((one) => one.lastState.terminated?.finishedAt ?? '').sort();
  const last = ends.at(-1) ?? '';
  let reason = status.reason ?? status.phase;
  if (init !== undefined && !isInitialized) reason = init;
  else reason = runningReason(containers, reason);
  const isEnded = status.phase === 'Succeeded' || status.phase === 'Failed';
  if (metadata.deletionTimestamp !== undefined && !isEnded) reason = 'Terminating';
  return {
    ready,
    total: spec.containers.length + sidecars.length,
    reason,
    restarts: restarts > 0 && last !== '' ? `${restarts} (${age(last)} ago)` : String(restarts),
  };
}

/** `Init:0/2` and the like while init containers run; undefined when they are done. */
function initSummary({ spec, status }: Pod): string | undefined {
  const containers = spec.initContainers ?? [];
  for (const [index, { name, state, started }] of (status.initContainerStatuses ?? []).entries()) {
    if (state.terminated?.exitCode === 0) continue;
    if (isSidecar(containers.find((one) => one.name === name)) && started === true) continue;
    if (state.terminated) return `Init:${state.terminated.reason || `ExitCode:${state.terminated.exitCode}`}`;
    const waiting = state.waiting?.reason ?? '';
    if (waiting !== '' && waiting !== 'PodInitializing') return `Init:${waiting}`;
    return `Init:${index}/${containers.length}`;
  }
  return undefined;
}

function runningReason(statuses: readonly ContainerStatus[], phase: string): string {
  let reason = phase;
  let failed = '';
  let hasRunning = false;
  for (const { state, ready } of [...statuses].reverse()) {
    if (state.waiting?.reason) reason = state.waiting.reason;
    else if (state.terminated) {
      reason = state.terminated.reason || `ExitCode:${state.terminated.exitCode}`;
      if (state.terminated.exitCode !== 0) failed = reason;
    } else if (ready && state.running) hasRunning = true;
  }
  if (reason !== 'Completed') return reason;
  if (failed !== '') return failed;
  return hasRunning ? 'NotReady' : reason;
}

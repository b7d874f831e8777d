import type {
  Condition,
  ContainerStatus,
  CsiNode,
  DaemonSet,
  Deployment,
  Event,
  Node,
  Pod,
} from './cluster-objects.ts';
import { COMPONENT_LABEL, NFS_CONTROLLER, NFS_DRIVER_NAME, NFS_NODE, SNAPSHOT_CONTROLLER } from './names.ts';

/** How one node stands with a driver. */
export interface NodeState {
  /** Name of the node. */
  name: string;
  /** Does the node's CSINode name the driver? Only then can pods there mount volumes. */
  registered: boolean;
  /** Is the node up and open for pods? One that is not is not waited for. */
  schedulable: boolean;
  /** Name of the node plugin's pod there; absent where there is none. */
  pod?: string;
  /** Are all containers of that pod ready? */
  podReady: boolean;
  /** What is wrong, newest cause first; absent where nothing is. */
  reason?: string;
}

/** How the driver's controller stands. */
export interface ControllerState {
  /** Pods that there should be. */
  wanted: number;
  /** Pods of the wanted version that are available. */
  available: number;
  /** What is wrong; absent where nothing is. */
  reason?: string;
}

/** How an installed driver stands. */
export interface DriverState {
  /** Name of the CSI driver, as in StorageClasses' `provisioner`. */
  driver: string;
  controller: ControllerState;
  /** Every Linux node of the cluster. */
  nodes: NodeState[];
  /** How the snapshot-controller stands; absent where this program installed none. */
  snapshotController?: ControllerState;
  /** Are the controllers available, and the driver registered on every node that pods can be scheduled to? */
  ready: boolean;
}

/** Everything that a driver's state is read from. */
export interface DriverView {
  nodes: Iterable<Node>;
  csiNodes: Iterable<CsiNode>;
  /** Pods of the drivers' namespace. */
  pods: Iterable<Pod>;
  daemonSet: DaemonSet | undefined;
  deployment: Deployment | undefined;
  /** The snapshot-controller, where this program installed one. */
  snapshotController: Deployment | undefined;
  /** Warnings of the drivers' namespace. */
  events: Iterable<Event>;
}

/** Reads the state of the NFS driver out of the cluster's objects. */
export function nfsDriverState(view: DriverView): DriverState {
  const events = [...view.events].sort((a, b) => timeOf(b) - timeOf(a));
  const pods = [...view.pods].filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const of = (component: string): Pod[] => pods.filter((pod) => pod.metadata.labels?.[COMPONENT_LABEL] === component);
  const controller = controllerState(NFS_CONTROLLER, view.deployment, of(NFS_CONTROLLER.component), events);
  const snapshotController =
    view.snapshotController &&
    controllerState(SNAPSHOT_CONTROLLER, view.snapshotController, of(SNAPSHOT_CONTROLLER.component), events);
  const plugins = of(NFS_NODE.component);
  const registered = new Set(
    [...view.csiNodes]
      .filter(({ spec }) => spec.drivers?.some(({ name }) => name === NFS_DRIVER_NAME))
      .map(({ metadata }) => metadata.name),
  );
  const nodes = [...view.nodes]
    .filter(isLinux)
    .map((node) => nodeState(node, registered, plugins, view.daemonSet, events))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const awaited = nodes.filter(({ schedulable }) => schedulable);
  const ready =
    controller.wanted > 0 &&
    controller.reason === undefined &&
    snapshotController?.reason === undefined &&
    awaited.every((node) => node.registered && node.podReady) &&
    rolledOut(view.daemonSet, awaited.length);
  return { driver: NFS_DRIVER_NAME, controller, nodes, ...(snapshotController && { snapshotController }), ready };
}

/** What is still missing, in one line: counts, and the first cause. */
export function whatIsMissing({ controller, nodes, snapshotController }: DriverState): string {
  const awaited = nodes.filter(({ schedulable }) => schedulable);
  const good = awaited.filter((node) => node.registered && node.podReady);
  const counts = `${good.length} of ${awaited.length} nodes registered, ${podsOf(controller)} controller pods available${snapshotController ? `, ${podsOf(snapshotController)} of the snapshot-controller` : ''}`;
  const bad = awaited.find(({ reason }) => reason !== undefined);
  const cause = bad
    ? `${bad.name}: ${bad.reason}`
    : ((controller.reason && `controller: ${controller.reason}`) ??
      (snapshotController?.reason && `snapshot-controller: ${snapshotController.reason}`));
  return cause === undefined ? counts : `${counts}; ${cause}`;
}

function podsOf({ available, wanted }: ControllerState): string {
  return `${available} of ${wanted}`;
}

function nodeState(
  node: Node,
  registered: ReadonlySet<string>,
  plugins: readonly Pod[],
  daemonSet: DaemonSet | undefined,
  events: readonly Event[],
): NodeState {
  const { name } = node.metadata;
  const closed = whyClosed(node);
  const pod = plugins.find(({ spec }) => spec.nodeName === name);
  const podReady = pod !== undefined && isReady(pod.status?.conditions);
  const state = { name, registered: registered.has(name), schedulable: closed === undefined, podReady };
  const reason =
    closed ??
    (pod === undefined
      ? whyNoPod(daemonSet, events)
      : !podReady
        ? `pod ${pod.metadata.name}: ${whyNotReady(pod, events)}`
        : state.registered
          ? undefined
          : 'the node plugin runs, but kubelet has not registered it yet');
  return {
    ...state,
    ...(pod === undefined ? {} : { pod: pod.metadata.name }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function controllerState(
  { name }: { name: string },
  deployment: Deployment | undefined,
  pods: readonly Pod[],
  events: readonly Event[],
): ControllerState {
  if (!deployment) return { wanted: 0, available: 0, reason: `there is no Deployment ${name}` };
  const { status = {}, metadata, spec } = deployment;
  const wanted = spec.replicas ?? 1;
  // What the status says of an older generation says nothing about this one.
  const current = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  const available = current ? Math.min(status.updatedReplicas ?? 0, status.availableReplicas ?? 0) : 0;
  if (available >= wanted && (status.replicas ?? 0) <= wanted) return { wanted, available };
  const bad = pods.find((pod) => !isReady(pod.status?.conditions));
  const reason = bad
    ? `pod ${bad.metadata.name}: ${whyNotReady(bad, events)}`
    : (newest(events, 'ReplicaSet', (set) => set.startsWith(`${name}-`)) ?? 'pods are being made');
  return { wanted, available, reason };
}

function rolledOut(daemonSet: DaemonSet | undefined, awaited: number): boolean {
  const { status, metadata } = daemonSet ?? {};
  return (
    (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 1) && (status?.updatedNumberScheduled ?? 0) >= awaited
  );
}

function isLinux(node: Node): boolean {
  return (node.metadata.labels?.['kubernetes.io/os'] ?? node.status.nodeInfo?.operatingSystem ?? 'linux') === 'linux';
}

/** Why no pod can start on a node now; undefined where one can. */
function whyClosed(node: Node): string | undefined {
  if (!isReady(node.status.conditions)) {
    const condition = node.status.conditions?.find(({ type }) => type === 'Ready');
    return `the node is not ready${condition?.message ? `: ${condition.message}` : ''}`;
  }
  return node.spec.unschedulable === true ? 'the node is cordoned' : undefined;
}

function whyNoPod(daemonSet: DaemonSet | undefined, events: readonly Event[]): string {
  if (!daemonSet) return `there is no DaemonSet ${NFS_NODE.name}`;
  return newest(events, 'DaemonSet', (name) => name === NFS_NODE.name) ?? 'no pod of the node plugin yet';
}

/** States that every pod passes through. */
const PASSING = new Set(['PodInitializing', 'ContainerCreating', undefined]);
/** A start-up probe is asked every second: so many failures are more than a program that is still starting. */
const MANY_PROBES = 15;

/** What is said of every pod: where the cluster has no DNS, and while it starts. */
function isHarmless({ reason, count = 1 }: Event): boolean {
  return reason === 'MissingClusterDNS' || (reason === 'Unhealthy' && count < MANY_PROBES);
}

/** Why a pod is not ready: what its containers say, then its newest warning, then where it has got to. */
function whyNotReady(pod: Pod, events: readonly Event[]): string {
  const { status = {} } = pod;
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  for (const container of containers) {
    const reason = whyStopped(container);
    if (reason !== undefined) return short(`container ${container.name}: ${reason}`);
  }
  const warning = newest(events, 'Pod', (name) => name === pod.metadata.name);
  if (warning !== undefined) return warning;
  const unscheduled = status.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (unscheduled?.message) return short(unscheduled.message);
  if (status.message) return short(status.message);
  const next = containers.find(({ ready }) => !ready);
  return next ? `container ${next.name} is starting` : 'it is starting';
}

function whyStopped({ state = {}, lastState = {} }: ContainerStatus): string | undefined {
  const ended = state.terminated ?? lastState.terminated;
  if (state.waiting && !PASSING.has(state.waiting.reason)) {
    const { reason = '', message } = state.waiting;
    return ended && reason === 'CrashLoopBackOff'
      ? `${reason}, it ended with ${howEnded(ended)}`
      : `${reason}${message ? `: ${message}` : ''}`;
  }
  return state.terminated && state.terminated.exitCode !== 0 ? `ended with ${howEnded(state.terminated)}` : undefined;
}

/** The exit code and the last line of the log, which `terminationMessagePolicy: FallbackToLogsOnError` brings here. */
function howEnded({ exitCode, reason, message }: { exitCode: number; reason?: string; message?: string }): string {
  const last = message?.trim().split('\n').at(-1);
  return `exit code ${exitCode}${last ? `: ${last}` : reason && reason !== 'Error' ? ` (${reason})` : ''}`;
}

function newest(events: readonly Event[], kind: string, named: (name: string) => boolean): string | undefined {
  const event = events.find(
    (event) =>
      event.type === 'Warning' &&
      event.involvedObject.kind === kind &&
      named(event.involvedObject.name) &&
      !isHarmless(event),
  );
  return event && short(`${event.reason ?? ''}: ${event.message ?? ''}`);
}

function timeOf({ series, lastTimestamp, eventTime, metadata }: Event): number {
  return Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') || 0;
}

function isReady(conditions: readonly Condition[] | undefined): boolean {
  return conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

const HEAD = 120;
const TAIL = 160;

/** The sentences of kubelet and containerd are chains: what failed stands at the front, the cause at the end. */
function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > HEAD + TAIL + 3 ? `${line.slice(0, HEAD)} … ${line.slice(-TAIL)}` : line;
}

import type { KubeObject } from '../kube/types.ts';
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
import { COMPONENT_LABEL, SNAPSHOT_CONTROLLER } from './names.ts';
import type { ProtocolDriver } from './protocols.ts';

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
  /** Is the controller available, and the driver registered on every node that pods can be scheduled to? */
  ready: boolean;
}

/** How everything that was installed stands. */
export interface InstallationState {
  /** The drivers that there is anything of. */
  drivers: DriverState[];
  /** How the snapshot-controller stands; absent where this program installed none. */
  snapshotController?: ControllerState;
  /** Are all of them ready? */
  ready: boolean;
}

/** Everything that the state of an installation is read from. */
export interface DriverView {
  nodes: Iterable<Node>;
  csiNodes: Iterable<CsiNode>;
  /** Pods of the drivers' namespace. */
  pods: Iterable<Pod>;
  /** Those of the drivers' namespace. */
  daemonSets: readonly DaemonSet[];
  deployments: readonly Deployment[];
  /** Warnings of the drivers' namespace. */
  events: Iterable<Event>;
}

/** Reads the state of these drivers, and of the snapshot-controller, out of the cluster's objects. */
export function installationState(drivers: readonly ProtocolDriver[], view: DriverView): InstallationState {
  const events = [...view.events].sort((a, b) => timeOf(b) - timeOf(a));
  const pods = [...view.pods].filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const known = { ...view, events, pods };
  const states = drivers.map((driver) => driverState(driver, known));
  const snapshotController = named(view.deployments, SNAPSHOT_CONTROLLER.name)
    ? controllerState(SNAPSHOT_CONTROLLER, known)
    : undefined;
  return {
    drivers: states,
    ...(snapshotController && { snapshotController }),
    ready: states.every(({ ready }) => ready) && snapshotController?.reason === undefined,
  };
}

/** A view whose events are sorted, newest first, and whose pods are not about to go. */
interface Known extends DriverView {
  events: readonly Event[];
  pods: readonly Pod[];
}

function driverState(driver: ProtocolDriver, view: Known): DriverState {
  const controller = controllerState(driver.controller, view);
  const daemonSet = named(view.daemonSets, driver.node.name);
  const plugins = view.pods.filter((pod) => isOf(pod, driver.node));
  const registered = new Set(
    [...view.csiNodes]
      .filter(({ spec }) => spec.drivers?.some(({ name }) => name === driver.name))
      .map(({ metadata }) => metadata.name),
  );
  const nodes = [...view.nodes]
    .filter(isLinux)
    .map((node) => nodeState(node, { registered, plugins, daemonSet, driver, events: view.events }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const awaited = nodes.filter(({ schedulable }) => schedulable);
  const ready =
    controller.wanted > 0 &&
    controller.reason === undefined &&
    awaited.every((node) => node.registered && node.podReady) &&
    rolledOut(daemonSet, awaited.length);
  return { driver: driver.name, controller, nodes, ready };
}

function named<T extends KubeObject>(objects: readonly T[], name: string): T | undefined {
  return objects.find(({ metadata }) => metadata.name === name);
}

function isOf(pod: Pod, { component }: { component: string }): boolean {
  return pod.metadata.labels?.[COMPONENT_LABEL] === component;
}

/** What is still missing, in one line: counts, and the first cause. */
export function whatIsMissing({ drivers, snapshotController }: InstallationState): string {
  const several = drivers.length > 1;
  const counts = drivers.map(({ driver, controller, nodes }) => {
    const awaited = nodes.filter(({ schedulable }) => schedulable);
    const good = awaited.filter((node) => node.registered && node.podReady);
    const count = `${good.length} of ${awaited.length} nodes registered, ${podsOf(controller)} controller pods available`;
    return several ? `${driver.split('.')[0] ?? ''}: ${count}` : count;
  });
  const all = [...counts, ...(snapshotController ? [`${podsOf(snapshotController)} of the snapshot-controller`] : [])];
  const causes = drivers.flatMap(({ controller, nodes }) => {
    const bad = nodes.find(({ schedulable, reason }) => schedulable && reason !== undefined);
    if (bad) return [`${bad.name}: ${bad.reason}`];
    return controller.reason === undefined ? [] : [`controller: ${controller.reason}`];
  });
  const cause =
    causes[0] ?? (snapshotController?.reason && `snapshot-controller: ${snapshotController.reason}`) ?? undefined;
  return [all.join(several ? '; ' : ', '), ...(cause === undefined ? [] : [cause])].join('; ');
}

function podsOf({ available, wanted }: ControllerState): string {
  return `${available} of ${wanted}`;
}

interface NodeView {
  /** Names of the nodes whose kubelet has registered the driver. */
  registered: ReadonlySet<string>;
  plugins: readonly Pod[];
  daemonSet: DaemonSet | undefined;
  driver: ProtocolDriver;
  events: readonly Event[];
}

function nodeState(node: Node, { registered, plugins, daemonSet, driver, events }: NodeView): NodeState {
  const { name } = node.metadata;
  const closed = whyClosed(node);
  const pod = plugins.find(({ spec }) => spec.nodeName === name);
  const podReady = pod !== undefined && isReady(pod.status?.conditions);
  const state = { name, registered: registered.has(name), schedulable: closed === undefined, podReady };
  const reason =
    closed ??
    (pod === undefined
      ? whyNoPod(driver, daemonSet, events)
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

function controllerState(what: { component: string; name: string }, view: Known): ControllerState {
  const { name } = what;
  const { events } = view;
  const deployment = named(view.deployments, name);
  const pods = view.pods.filter((pod) => isOf(pod, what));
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

function whyNoPod({ node }: ProtocolDriver, daemonSet: DaemonSet | undefined, events: readonly Event[]): string {
  if (!daemonSet) return `there is no DaemonSet ${node.name}`;
  return newest(events, 'DaemonSet', (name) => name === node.name) ?? 'no pod of the node plugin yet';
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

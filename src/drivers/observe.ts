import type { Context } from '../core/context.ts';
import { messageOf } from '../core/errors.ts';
import type { CommandResult } from '../core/result.ts';
import { waitFor } from '../core/wait.ts';
import type { Collection, KubeClient, KubeObject } from '../kube/types.ts';
import type { CsiNode, DaemonSet, Deployment, Event, Node, Pod } from './cluster-objects.ts';
import { DRIVER_SELECTOR } from './names.ts';
import { ALL_DRIVERS, type ProtocolDriver } from './protocols.ts';
import { type InstallationState, installationState, whatIsMissing } from './state.ts';

/** Where the objects of {@link DriverView} are found. */
function collections(namespace: string) {
  return {
    nodes: { apiVersion: 'v1', kind: 'Node' },
    csiNodes: { apiVersion: 'storage.k8s.io/v1', kind: 'CSINode' },
    pods: { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: DRIVER_SELECTOR },
    daemonSets: { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace, labelSelector: DRIVER_SELECTOR },
    deployments: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, labelSelector: DRIVER_SELECTOR },
    events: { apiVersion: 'v1', kind: 'Event', namespace, fieldSelector: 'type=Warning' },
  } satisfies Record<string, Collection>;
}

/** The objects of an installation, as far as there are any. */
export interface DriverObjects {
  nodes: Node[];
  csiNodes: CsiNode[];
  pods: Pod[];
  daemonSets: DaemonSet[];
  deployments: Deployment[];
  events: Event[];
}

/** The drivers that there is anything of among these objects. */
export function driversIn({ daemonSets, deployments }: DriverObjects): ProtocolDriver[] {
  const names = new Set([...daemonSets, ...deployments].map(({ metadata }) => metadata.name));
  return ALL_DRIVERS.filter(({ controller, node }) => names.has(controller.name) || names.has(node.name));
}

/** How everything that was installed stands by these objects. */
export function stateOf(objects: DriverObjects): InstallationState {
  return installationState(driversIn(objects), objects);
}

/** Reads the drivers' objects, and the nodes: six lists. */
export async function readDriverObjects(
  kube: KubeClient,
  namespace: string,
  signal: AbortSignal,
): Promise<DriverObjects> {
  const list = async ([key, collection]: [string, Collection]) =>
    [key, (await kube.list(collection, { signal })).items] as const;
  const lists = await Promise.all(Object.entries(collections(namespace)).map(list));
  return Object.fromEntries(lists) as unknown as DriverObjects;
}

export interface WaitForDriverOptions {
  /** The drivers that there must be. */
  drivers: readonly ProtocolDriver[];
  namespace: string;
  timeoutMs: number;
  /** Was nothing changed just now? Then it is probably ready, and one look is cheaper than watching. */
  probablyReady?: boolean;
  /** What to print as the result document if time runs out. */
  partialResult?: (state: InstallationState) => CommandResult;
}

/**
 * Waits until the controllers are available and every schedulable node has registered the drivers. It watches instead
 * of asking again and again, so that waiting costs the API server nothing.
 * @throws CliError `timed-out` (exit 4) with the node and its newest reason.
 */
export async function waitForDriver(
  ctx: Context,
  kube: KubeClient,
  { drivers, namespace, timeoutMs, probablyReady, partialResult }: WaitForDriverOptions,
): Promise<InstallationState> {
  if (probablyReady) {
    const now = installationState(drivers, await readDriverObjects(kube, namespace, ctx.signal));
    if (now.ready) return now;
  }
  const stop = new AbortController();
  const live = new LiveObjects(kube, namespace, AbortSignal.any([ctx.signal, stop.signal]));
  let state: InstallationState | undefined;
  try {
    return await waitFor(ctx, {
      what: drivers.length > 1 ? 'the drivers on every node' : 'the driver on every node',
      timeoutMs,
      intervalMs: 200,
      nextCommand: `see the pods: kubectl -n ${namespace} describe pods -l ${DRIVER_SELECTOR}`,
      doneText: ({ drivers }) =>
        drivers
          .map(
            ({ driver, nodes, controller }) =>
              `${driver} is registered on ${nodes.filter(({ registered }) => registered).length} nodes, ${controller.available} controller pods are available`,
          )
          .join('; '),
      ...(partialResult && { partialResult: () => partialResult(state ?? installationState(drivers, live.objects())) }),
      look: async () => {
        if (!live.listed()) return { done: false, reason: 'reading the cluster' };
        state = installationState(drivers, live.objects());
        return state.ready ? { done: true, value: state } : { done: false, reason: whatIsMissing(state) };
      },
    });
  } finally {
    stop.abort();
    await live.ended;
  }
}

/** The objects as watches keep them. */
class LiveObjects {
  /** Settles when all watches have ended; they end with the signal. */
  readonly ended: Promise<void>;
  readonly #kept: Record<string, Map<string, KubeObject>> = {};
  #failure: { error: Error } | undefined;

  constructor(kube: KubeClient, namespace: string, signal: AbortSignal) {
    this.ended = Promise.all(
      Object.entries(collections(namespace)).map(([key, collection]) => this.#follow(kube, key, collection, signal)),
    ).then(() => undefined);
  }

  /** Has enough arrived to judge by? A cluster without nodes is one whose list is still under way. */
  listed(): boolean {
    if (this.#failure) throw this.#failure.error;
    return ['nodes', 'csiNodes', 'daemonSets', 'deployments'].every((key) => (this.#kept[key]?.size ?? 0) > 0);
  }

  objects(): DriverObjects {
    const all = (key: string): KubeObject[] => [...(this.#kept[key]?.values() ?? [])];
    const keys = ['nodes', 'csiNodes', 'pods', 'daemonSets', 'deployments', 'events'];
    return Object.fromEntries(keys.map((key) => [key, all(key)])) as unknown as DriverObjects;
  }

  async #follow(kube: KubeClient, key: string, collection: Collection, signal: AbortSignal): Promise<void> {
    const kept = (this.#kept[key] = new Map());
    try {
      for await (const { type, object } of kube.watch(collection, signal)) {
        if (type === 'DELETED') kept.delete(object.metadata.name);
        else kept.set(object.metadata.name, object);
      }
    } catch (error) {
      if (!signal.aborted) this.#failure = { error: error instanceof Error ? error : new Error(messageOf(error)) };
    }
  }
}

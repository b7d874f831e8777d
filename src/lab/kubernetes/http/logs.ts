import type { ServerResponse } from 'node:http';
import type { Pod } from '../kinds.ts';
import type { PodRuntime } from '../kubelet/runtime.ts';
import { parseInteger } from '../registry/deletion.ts';
import { ApiError, badRequest } from '../status.ts';
import { flag } from './request.ts';

/**
 * The container that a request means: the named one, or the only one.
 * @throws ApiError 400 that lists the containers.
 */
export function chooseContainer(pod: Pod, wanted: string | null, use: 'log' | 'exec'): string {
  const containers = pod.spec.containers.map(({ name }) => name);
  const init = (pod.spec.initContainers ?? []).map(({ name }) => name);
  if (wanted !== null && wanted !== '') {
    if ([...containers, ...init].includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`);
  }
  const marked = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (use === 'exec' && marked !== undefined && containers.includes(marked)) return marked;
  const [only] = containers;
  if (only !== undefined && containers.length === 1 && (use === 'exec' || init.length === 0)) return only;
  const choice = `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${containers.join(' ')}]`;
  throw badRequest(init.length === 0 ? choice : `${choice} or one of the init containers: [${init.join(' ')}]`);
}

/** Sends a container's log; with `follow`, until the container ends or the client goes away. */
export async function sendLog(
  runtime: PodRuntime,
  pod: Pod,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const container = chooseContainer(pod, query.get('container'), 'log');
  const previous = flag(query, 'previous');
  const statuses = [...(pod.status.containerStatuses ?? []), ...(pod.status.initContainerStatuses ?? [])];
  const status = statuses.find(({ name }) => name === container);
  if (previous && !status?.lastState.terminated) {
    throw badRequest(
      `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)} not found`,
    );
  }
  const waiting = status?.state.waiting;
  const hasRun = status?.containerID !== undefined;
  if (!previous && !hasRun) {
    if (pod.spec.nodeName === undefined) throw new ApiError(200, '', '');
    const why = waiting ? waiting.reason : 'ContainerCreating';
    throw badRequest(
      `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)} is waiting to start: ${why}`,
    );
  }
  const number = (name: string): number | undefined =>
    query.has(name) ? parseInteger(query.get(name) ?? '') : undefined;
  const [tailLines, sinceSeconds, limitBytes] = [number('tailLines'), number('sinceSeconds'), number('limitBytes')];
  const lines = runtime.log(pod, {
    container,
    previous,
    follow: flag(query, 'follow'),
    timestamps: flag(query, 'timestamps'),
    ...(tailLines !== undefined && { tailLines }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(limitBytes !== undefined && { limitBytes }),
  });
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.flushHeaders();
  for await (const text of lines) {
    if (response.destroyed) break;
    response.write(text);
  }
  response.end();
}

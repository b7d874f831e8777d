import type { IncomingMessage } from 'node:http';
import type { Context } from '../core/context.ts';
import { KubeApiError, KubeUnreachable, type Status } from './errors.ts';
import type { KubeObject, WatchEvent } from './types.ts';

/** What a watch needs of its client. */
export interface WatchSource<T extends KubeObject> {
  /** An empty resourceVersion means that the server has no such resource. */
  list(signal: AbortSignal): Promise<{ items: T[]; resourceVersion: string }>;
  /** Opens the stream of events after `resourceVersion`, which ends within `timeoutMs` at the latest. */
  open(resourceVersion: string, options: { signal: AbortSignal; timeoutMs: number }): Promise<IncomingMessage>;
  /** The error of an ERROR event. */
  apiError(status: Status): KubeApiError;
}

interface RawEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubeObject & Status;
}

/**
 * The server is asked to end each watch after this time. So a connection that died without a word (a half-open TCP
 * connection) is noticed: nothing lives longer than this and {@link GRACE_MS}.
 */
export const WATCH_SECONDS = 55;
const GRACE_MS = 10_000;
/** No connection of a watch lives longer, in ms. */
const LIFE_MS = WATCH_SECONDS * 1000 + GRACE_MS;
/** Pause before a watch that ended at once is opened again. */
const PAUSE_MS = 500;
/** Pause between looks for a resource that the server does not know yet. */
const NO_RESOURCE_PAUSE_MS = 2000;
/** A server that cannot be reached for so long ends the watch with its error. */
const GIVE_UP_MS = 60_000;

/**
 * List, then events; ends when the signal is aborted. Cut connections go on from the last version seen; where the
 * server has forgotten that (410 Gone) the list is read again and compared with what was known.
 */
export async function* watchCollection<T extends KubeObject>(
  ctx: Context,
  source: WatchSource<T>,
  signal: AbortSignal,
  lifeMs: number = LIFE_MS,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const known = new Map<string, T>();
  let version: string | undefined;
  let failingSince: number | undefined;
  while (!signal.aborted) {
    const startedAt = ctx.clock.now();
    try {
      if (version === undefined) {
        const { items, resourceVersion } = await source.list(signal);
        yield* differences(known, items);
        failingSince = undefined;
        if (resourceVersion === '') {
          // A CRD that may come later.
          await ctx.clock.sleep(NO_RESOURCE_PAUSE_MS, signal);
          continue;
        }
        version = resourceVersion;
      }
      for await (const event of events<T>(source, version, { signal, timeoutMs: lifeMs })) {
        failingSince = undefined;
        version = event.object.metadata.resourceVersion ?? version;
        if (event.type === 'BOOKMARK') continue;
        const key = keyOf(event.object);
        if (event.type === 'DELETED') known.delete(key);
        else known.set(key, event.object);
        yield { type: event.type, object: event.object };
      }
      failingSince = undefined;
    } catch (error) {
      if (isAborted(signal)) return;
      // 410: the server has forgotten that version. 404: the CRD is gone.
      if (error instanceof KubeApiError && [404, 410].includes(error.status)) version = undefined;
      else if (!isPassing(error)) throw error;
      failingSince ??= startedAt;
      if (ctx.clock.now() - failingSince > GIVE_UP_MS) throw error;
    }
    if (ctx.clock.now() - startedAt < PAUSE_MS) await ctx.clock.sleep(PAUSE_MS, signal).catch(() => undefined);
  }
}

/** What a new list says against what was known: also what is gone. */
function* differences<T extends KubeObject>(known: Map<string, T>, items: T[]): Generator<WatchEvent<T>> {
  const now = new Map(items.map((item) => [keyOf(item), item]));
  for (const [key, before] of known) {
    const after = now.get(key);
    if (after?.metadata.uid === before.metadata.uid) continue;
    known.delete(key);
    yield { type: 'DELETED', object: before };
  }
  for (const [key, object] of now) {
    const before = known.get(key);
    known.set(key, object);
    if (!before) yield { type: 'ADDED', object };
    else if (before.metadata.resourceVersion !== object.metadata.resourceVersion) yield { type: 'MODIFIED', object };
  }
}

type Event<T> = { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; object: T };

/** The events of one connection. Ends quietly when the connection ends, also where it was cut in a line. */
async function* events<T extends KubeObject>(
  source: WatchSource<T>,
  version: string,
  options: { signal: AbortSignal; timeoutMs: number },
) {
  const answer = await source.open(version, options);
  try {
    let rest = '';
    answer.setEncoding('utf8');
    for await (const chunk of answer) {
      const lines = (rest + (chunk as string)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield parseEvent<T>(line, source);
    }
  } catch (error) {
    if (error instanceof KubeApiError) throw error;
    options.signal.throwIfAborted();
    // Cut or silent: the caller connects again.
  } finally {
    answer.destroy();
  }
}

function parseEvent<T extends KubeObject>(line: string, source: WatchSource<T>): Event<T> {
  const event = JSON.parse(line) as RawEvent;
  if (event.type === 'ERROR') throw source.apiError(event.object);
  return { type: event.type, object: event.object as unknown as T };
}

function isPassing(error: unknown): boolean {
  if (error instanceof KubeApiError) return error.status === 429 || error.status >= 500;
  return error instanceof KubeUnreachable && !error.permanent;
}

/** The compiler takes `aborted` for a constant within a loop that tests it. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

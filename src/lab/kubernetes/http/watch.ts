import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../json.ts';
import type { KubeObject } from '../objects.ts';
import type { Resource } from '../registry/resource.ts';
import { ApiError, expired } from '../status.ts';
import type { Change, Store } from '../store/store.ts';
import type { Selection } from './select.ts';

export interface WatchOptions {
  namespace: string | undefined;
  selection: Selection;
  resourceVersion: string;
  /** Seconds; between 30 and 60 minutes unless told, as there. */
  timeoutSeconds: number;
  bookmarks: boolean;
  /** Begin with all objects, then a bookmark that says so (watch-list). */
  sendInitialEvents: boolean;
  /** How an object is written: as itself, as a row of a table, in another version. */
  render(object: KubeObject): unknown;
  /** Milliseconds after which the connection is cut without an end; a fault made on purpose. */
  cutAfterMs?: number;
}

const BOOKMARK_MS = 60_000;
const INITIAL_END = 'k8s.io/initial-events-end';

/** Writes changes of a kind to a client as they happen, one JSON document a line. */
export class Watches {
  readonly #store: Store;
  readonly #open = new Set<ServerResponse>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Ends all watches, as a server that is going away does. */
  close(): void {
    for (const response of this.#open) response.end();
  }

  serve(response: ServerResponse, resource: Resource, options: WatchOptions): void {
    const { resourceVersion, sendInitialEvents } = options;
    const startsNow = resourceVersion === '' || resourceVersion === '0' || sendInitialEvents;
    const from = startsNow ? this.#store.revision : Number(resourceVersion);
    const missed = startsNow ? [] : this.#store.since(resource.bucket, from);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' });
    response.flushHeaders();
    const write = (type: string, object: unknown): void => void response.write(`${JSON.stringify({ type, object })}\n`);
    if (!missed) {
      write('ERROR', expired(`too old resource version: ${resourceVersion} (${this.#store.revision})`).status);
      response.end();
      return;
    }
    const bookmark = (annotations?: JsonObject): void => write('BOOKMARK', this.#bookmark(resource, annotations));
    if (startsNow) {
      for (const object of this.#store.list(resource.bucket, options.namespace)) {
        if (options.selection(object)) write('ADDED', options.render(object));
      }
      if (sendInitialEvents && options.bookmarks) bookmark({ [INITIAL_END]: 'true' });
    }
    for (const change of missed) this.#deliver(change, options, write);
    this.#follow(response, resource, options, write, bookmark);
  }

  #follow(
    response: ServerResponse,
    resource: Resource,
    options: WatchOptions,
    write: (type: string, object: unknown) => void,
    bookmark: () => void,
  ): void {
    const unsubscribe = this.#store.subscribe((change) => {
      if (change.bucket === resource.bucket) this.#deliver(change, options, write);
    });
    const bookmarks = setInterval(() => options.bookmarks && bookmark(), BOOKMARK_MS);
    const end = setTimeout(() => {
      if (options.bookmarks) bookmark();
      response.end();
    }, options.timeoutSeconds * 1000);
    const cut = options.cutAfterMs === undefined ? undefined : setTimeout(() => response.destroy(), options.cutAfterMs);
    this.#open.add(response);
    response.on('close', () => {
      unsubscribe();
      clearInterval(bookmarks);
      clearTimeout(end);
      clearTimeout(cut);
      this.#open.delete(response);
    });
  }

  /** What a change is to this client: an object may come into its selection or leave it by changing. */
  #deliver(change: Change, options: WatchOptions, write: (type: string, object: unknown) => void): void {
    const { object, previous, type } = change;
    if (options.namespace !== undefined && object.metadata.namespace !== options.namespace) return;
    const before = previous !== undefined && options.selection(previous);
    const now = type !== 'DELETED' && options.selection(object);
    if (now) write(before ? 'MODIFIED' : 'ADDED', options.render(object));
    else if (before) {
      // What leaves the selection is shown as it last was in it, at the version of the change.
      const last = {
        ...previous,
        metadata: { ...previous.metadata, resourceVersion: object.metadata.resourceVersion ?? '' },
      };
      write('DELETED', options.render(type === 'DELETED' ? object : last));
    }
  }

  #bookmark(resource: Resource, annotations: JsonObject | undefined): JsonObject {
    return {
      kind: resource.kind,
      apiVersion: resource.apiVersion,
      metadata: { resourceVersion: String(this.#store.revision), ...(annotations && { annotations }) },
    };
  }
}

/** Seconds that a watch without a timeout lasts: half an hour to an hour, so that not all end at once. */
export function defaultTimeoutSeconds(): number {
  return 1800 + Math.floor(Math.random() * 1800);
}

/** @throws ApiError 400 for a version that is no number. */
export function checkResourceVersion(text: string): void {
  if (text === '' || /^\d+$/.test(text)) return;
  throw new ApiError(
    400,
    'BadRequest',
    `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

import type { KubeObject } from '../objects.ts';

/** A change of one object, in the order of revisions. */
export interface Change {
  revision: number;
  /** Where it is kept: `apps/daemonsets`. */
  bucket: string;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeObject;
  /** What was there before; absent for a new object. */
  previous?: KubeObject;
}

/** How many changes can be watched from in hindsight. Older versions are answered with 410 Expired. */
const HISTORY = 20_000;

/**
 * All objects, in memory, with one counter of revisions as etcd has it. Objects that are handed in or out are never
 * changed afterwards.
 */
export class Store {
  readonly #buckets = new Map<string, Map<string, KubeObject>>();
  readonly #listeners = new Set<(change: Change) => void>();
  #history: Change[] = [];
  #compacted = 0;
  #revision = 1;

  get revision(): number {
    return this.#revision;
  }

  get(bucket: string, key: string): KubeObject | undefined {
    return this.#buckets.get(bucket)?.get(key);
  }

  /** Objects in the order of their keys (namespace, then name), as etcd lists them. */
  list(bucket: string, namespace?: string): KubeObject[] {
    const entries = [...(this.#buckets.get(bucket) ?? [])];
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    return entries
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);
  }

  /** Keeps `object` under a new revision, which becomes its resourceVersion. */
  put(bucket: string, key: string, object: KubeObject): KubeObject {
    const previous = this.get(bucket, key);
    const kept = this.#stamped(object);
    let objects = this.#buckets.get(bucket);
    if (!objects) this.#buckets.set(bucket, (objects = new Map<string, KubeObject>()));
    objects.set(key, kept);
    this.#record({
      revision: this.#revision,
      bucket,
      type: previous ? 'MODIFIED' : 'ADDED',
      object: kept,
      ...(previous && { previous }),
    });
    return kept;
  }

  /** Removes an object; what watchers see of it carries the revision of its end. */
  remove(bucket: string, key: string): KubeObject | undefined {
    const previous = this.get(bucket, key);
    if (!previous) return undefined;
    const last = this.#stamped(previous);
    this.#buckets.get(bucket)?.delete(key);
    this.#record({ revision: this.#revision, bucket, type: 'DELETED', object: last, previous });
    return last;
  }

  /** Calls `listener` after every change, until the returned function is called. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Changes of a bucket after `revision`, or undefined where that is too long ago. */
  since(bucket: string, revision: number): Change[] | undefined {
    if (revision < this.#compacted) return undefined;
    return this.#history.filter((change) => change.revision > revision && change.bucket === bucket);
  }

  /** The objects of a bucket as they were at `revision`, or undefined where that is too long ago. */
  listAt(bucket: string, namespace: string | undefined, revision: number): [string, KubeObject][] | undefined {
    const changes = this.since(bucket, revision);
    if (!changes) return undefined;
    const objects = new Map(this.#buckets.get(bucket));
    for (const { object, previous } of changes.reverse()) {
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      if (previous) objects.set(key, previous);
      else objects.delete(key);
    }
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    return [...objects].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Forgets all changes until now: whoever watches from an older version is told to list again. */
  compact(): void {
    this.#compacted = this.#revision;
    this.#history = [];
  }

  /** Names of the buckets that hold something. */
  buckets(): string[] {
    return [...this.#buckets].filter(([, objects]) => objects.size > 0).map(([bucket]) => bucket);
  }

  #stamped(object: KubeObject): KubeObject {
    this.#revision++;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision) } };
  }

  #record(change: Change): void {
    this.#history.push(change);
    if (this.#history.length > HISTORY) {
      const dropped = this.#history.splice(0, HISTORY / 2);
      this.#compacted = dropped.at(-1)?.revision ?? this.#compacted;
    }
    for (const listener of this.#listeners) listener(change);
  }
}

/** The key of an object in its bucket. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

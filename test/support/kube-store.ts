import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../src/kube/types.ts';

type Fields = Record<string, unknown>;

export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeObject;
}

/** A refusal, as metav1.Status. */
export class Refusal extends Error {
  readonly status: number;
  readonly reason: string;
  readonly details: object | undefined;

  constructor(status: number, reason: string, message: string, details?: object) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.details = details;
  }
}

/**
 * Objects with resource versions, a history for watches, and server-side apply as far as ownership of fields goes:
 * maps are merged, lists are owned whole. (Real merge keys are tested with what a real server recorded.)
 */
export class KubeStore {
  /** Versions up to this one are forgotten. */
  compactedTo = 0;
  readonly #objects = new Map<string, KubeObject>();
  /** Owners of each leaf, by the object's key. */
  readonly #owners = new Map<string, Map<string, Set<string>>>();
  readonly #history: StoreEvent[] = [];
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  #version = 100;

  get version(): number {
    return this.#version;
  }

  all(collection: string, namespace?: string): KubeObject[] {
    return [...this.#objects]
      .filter(([key, object]) => key.startsWith(`${collection} `) && inside(object, namespace))
      .map(([, object]) => object);
  }

  find(collection: string, name: string, namespace?: string): KubeObject | undefined {
    return this.#objects.get(keyOf(collection, name, namespace));
  }

  /** Puts an object there as somebody else would, with `manager` as the owner of all its fields. */
  put(collection: string, object: KubeObject, manager = 'somebody', dryRun = false): KubeObject {
    const key = keyOf(collection, object.metadata.name, object.metadata.namespace);
    const live = this.#objects.get(key);
    const owners = new Map(leaves(object).map(([path]) => [path, new Set([`${manager} Update`])] as const));
    return this.#store(key, { ...object }, live, owners, dryRun);
  }

  apply(collection: string, object: KubeObject, options: { manager: string; force: boolean; dryRun: boolean }) {
    const key = keyOf(collection, object.metadata.name, object.metadata.namespace);
    const live = this.#objects.get(key);
    const { uid } = object.metadata;
    if (uid !== undefined && live?.metadata.uid !== uid) throw new Refusal(409, 'Conflict', `uid mismatch: ${uid}`);
    const me = `${options.manager} Apply`;
    const owners = new Map([...(this.#owners.get(key) ?? [])].map(([path, who]) => [path, new Set(who)] as const));
    const wanted = leaves(object);
    const next = structuredClone(live ?? { ...object, metadata: { ...object.metadata } });
    const conflicts: [path: string, manager: string][] = [];
    for (const [path, value] of wanted) {
      const others = [...(owners.get(path) ?? [])].filter((one) => one !== me);
      const differs = !isDeepStrictEqual(valueAt(next, path), value);
      if (others.length > 0 && differs && !options.force) conflicts.push([path, others[0] ?? '']);
      owners.set(path, differs ? new Set([me]) : new Set([...others, me]));
      setAt(next, path, value);
    }
    if (conflicts.length > 0) throw conflictOf(object, conflicts);
    for (const [path, who] of owners) {
      if (!who.has(me) || wanted.some(([one]) => one === path)) continue;
      who.delete(me);
      if (who.size > 0) continue;
      owners.delete(path);
      setAt(next, path, undefined);
    }
    return this.#store(key, next, live, owners, options.dryRun);
  }

  mergePatch(collection: string, name: string, namespace: string | undefined, patch: Fields, dryRun: boolean) {
    const key = keyOf(collection, name, namespace);
    const live = this.#objects.get(key);
    if (!live) throw new Refusal(404, 'NotFound', `${collection} "${name}" not found`);
    return this.#store(
      key,
      merged(live, patch) as KubeObject,
      live,
      this.#owners.get(key) ?? new Map<string, Set<string>>(),
      dryRun,
    );
  }

  delete(collection: string, name: string, options: { namespace?: string; uid?: string; dryRun?: boolean } = {}) {
    const key = keyOf(collection, name, options.namespace);
    const live = this.#objects.get(key);
    if (!live) throw new Refusal(404, 'NotFound', `${collection} "${name}" not found`, { name, kind: collection });
    if (options.uid !== undefined && live.metadata.uid !== options.uid) {
      throw new Refusal(409, 'Conflict', `the UID in the precondition (${options.uid}) does not match`);
    }
    if (options.dryRun) return live;
    this.#objects.delete(key);
    this.#owners.delete(key);
    const gone = { ...live, metadata: { ...live.metadata, resourceVersion: String(++this.#version) } };
    this.#tell({ type: 'DELETED', object: gone });
    return live;
  }

  /** Events after a version; `heard` is called for each that comes later, until the returned function is called. */
  follow(after: number, heard: (event: StoreEvent) => void): () => void {
    if (after < this.compactedTo) throw new Refusal(410, 'Expired', `too old resource version: ${after}`);
    for (const event of this.#history.filter(({ object }) => Number(object.metadata.resourceVersion) > after))
      heard(event);
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  #store(
    key: string,
    object: KubeObject,
    live: KubeObject | undefined,
    owners: Map<string, Set<string>>,
    dryRun: boolean,
  ): KubeObject {
    const managedFields = managedFieldsOf(object.apiVersion, owners);
    const kept = { ...object.metadata, uid: live?.metadata.uid ?? randomUUID(), managedFields };
    const stored: KubeObject = { ...object, metadata: kept };
    const same =
      live &&
      isDeepStrictEqual({ ...stored, metadata: { ...kept, resourceVersion: live.metadata.resourceVersion } }, live);
    if (same) return live;
    stored.metadata.resourceVersion = String(dryRun ? this.#version : ++this.#version);
    if (dryRun) return stored;
    this.#objects.set(key, stored);
    this.#owners.set(key, owners);
    this.#tell({ type: live ? 'MODIFIED' : 'ADDED', object: stored });
    return stored;
  }

  #tell(event: StoreEvent): void {
    this.#history.push(event);
    for (const listener of this.#listeners) listener(event);
  }
}

function keyOf(collection: string, name: string, namespace: string | undefined): string {
  return `${collection} ${namespace ?? ''}/${name}`;
}

function inside({ metadata }: KubeObject, namespace: string | undefined): boolean {
  return namespace === undefined || metadata.namespace === namespace;
}

const NOT_OWNED = new Set(['apiVersion', 'kind']);
const META = new Set(['labels', 'annotations', 'finalizers']);

/** Leaves of an object by path; steps are separated by a control character, since keys hold dots and slashes. */
function leaves(object: KubeObject): [path: string, value: unknown][] {
  const out: [string, unknown][] = [];
  const walk = (value: unknown, path: string): void => {
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isMap || Object.keys(value).length === 0) out.push([path, value]);
    else for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}\u0001${key}`);
  };
  for (const [key, value] of Object.entries(object)) {
    if (key === 'metadata') {
      for (const [one, inner] of Object.entries(object.metadata))
        if (META.has(one)) walk(inner, `metadata\u0001${one}`);
    } else if (!NOT_OWNED.has(key)) walk(value, key);
  }
  return out;
}

function managedFieldsOf(
  apiVersion: string,
  owners: Map<string, Set<string>>,
): NonNullable<KubeObject['metadata']['managedFields']> {
  const trees = new Map<string, Fields>();
  for (const [path, who] of owners) {
    for (const one of who) {
      let node = trees.get(one) ?? {};
      trees.set(one, node);
      for (const step of path.split('\u0001')) node = (node[`f:${step}`] ??= {}) as Fields;
    }
  }
  return [...trees].map(([one, fieldsV1]) => {
    const [manager = '', operation = 'Update'] = one.split(' ');
    return { manager, operation: operation as 'Apply' | 'Update', apiVersion, fieldsV1 };
  });
}

function valueAt(object: object, path: string): unknown {
  return path.split('\u0001').reduce<unknown>((value, step) => (value as Fields | undefined)?.[step], object);
}

function setAt(object: object, path: string, value: unknown): void {
  const steps = path.split('\u0001');
  const last = steps.pop() ?? '';
  let node = object as Fields;
  for (const step of steps) node = (node[step] ??= {}) as Fields;
  if (value === undefined) Reflect.deleteProperty(node, last);
  else node[last] = value;
}

/** RFC 7386. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const out = { ...(target as Fields | undefined) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(out, key);
    else out[key] = merged(out[key], value);
  }
  return out;
}

function conflictOf({ metadata, kind }: KubeObject, conflicts: [path: string, manager: string][]): Refusal {
  const causes = conflicts.map(([path, manager]) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with "${manager.split(' ')[0] ?? ''}"`,
    field: `.${path.replaceAll('\u0001', '.')}`,
  }));
  return new Refusal(409, 'Conflict', `Apply failed with ${causes.length} conflict`, {
    name: metadata.name,
    kind,
    causes,
  });
}

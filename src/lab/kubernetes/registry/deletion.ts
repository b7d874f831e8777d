import { type Json, type JsonObject, at } from '../json.ts';
import { type KubeObject, asJson, timestamp } from '../objects.ts';
import { ApiError, conflict, invalid, unsupported } from '../status.ts';
import { keyOf } from '../store/store.ts';
import type { Registry } from './registry.ts';
import type { Resource } from './resource.ts';
import { isFinished } from './update-rules.ts';

/** metav1.DeleteOptions. */
export interface DeleteOptions {
  gracePeriodSeconds?: number | undefined;
  propagationPolicy?: string | undefined;
  preconditions?: { uid?: string; resourceVersion?: string } | undefined;
  dryRun?: boolean | undefined;
}

export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';
export const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';
const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';
const POLICIES = ['Foreground', 'Background', 'Orphan', 'nil'];
const IMMORTAL = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

/** The object as it is now, and whether it is gone from the store. */
export interface Deleted {
  object: KubeObject;
  gone: boolean;
}

/**
 * Deletes an object, or marks it where something has to happen first: a pod's containers end, finalizers are met.
 * @throws ApiError 403 for namespaces that stay, 404, 409 where a precondition does not hold, 422 for wrong options.
 */
export function deleteObject(
  registry: Registry,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions,
): Deleted {
  const { propagationPolicy } = options;
  if (propagationPolicy !== undefined && !POLICIES.includes(propagationPolicy)) {
    throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
      unsupported('propagationPolicy', propagationPolicy, POLICIES),
    ]);
  }
  if (resource.bucket === 'namespaces' && IMMORTAL.has(name)) throw immortal(name);
  const object = registry.get(resource, namespace, name);
  checkPreconditions(resource, object, options);
  const marked = mark(resource, object, options);
  if (isFinished(marked)) {
    if (!options.dryRun) registry.store.remove(resource.bucket, keyOf(namespace, name));
    // Only a pod shows that it was marked; everything else goes as it was.
    return { object: resource.bucket === 'pods' ? marked : object, gone: true };
  }
  if (options.dryRun || marked === object) return { object: marked, gone: false };
  return { object: registry.store.put(resource.bucket, keyOf(namespace, name), marked), gone: false };
}

function immortal(name: string): ApiError {
  const message = `namespaces ${JSON.stringify(name)} is forbidden: this namespace may not be deleted`;
  return new ApiError(403, 'Forbidden', message, { name, kind: 'namespaces' });
}

function checkPreconditions(resource: Resource, object: KubeObject, { preconditions }: DeleteOptions): void {
  const { uid = '', resourceVersion = '', name } = object.metadata;
  // The server names the kind here, where other messages name the resource.
  const named = { ...resource, plural: resource.kind };
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
    const why = `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw conflict(named, name, why);
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    const why = `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    throw conflict(named, name, why);
  }
}

/** The object with its deletion written into it; the same object where nothing changes. */
function mark(resource: Resource, object: KubeObject, options: DeleteOptions): KubeObject {
  const { metadata } = object;
  const finalizers = finalizersFor(resource, object, options);
  const isPending = metadata.deletionTimestamp !== undefined;
  const before = metadata.deletionGracePeriodSeconds ?? 0;
  // A pending deletion can only be made shorter.
  const grace = isPending ? Math.min(before, options.gracePeriodSeconds ?? before) : graceOf(resource, object, options);
  if (isPending && grace === before && sameList(finalizers, metadata.finalizers ?? [])) return object;
  const pendingDue = Date.parse(metadata.deletionTimestamp ?? '') - (before - grace) * 1000;
  const due = isPending ? Math.max(pendingDue, Date.now()) : Date.now() + grace * 1000;
  const marked: KubeObject = { ...object, metadata: { ...metadata, deletionTimestamp: timestamp(due), finalizers } };
  if (finalizers.length === 0) delete marked.metadata.finalizers;
  if (resource.bucket === DEFINITIONS) return marked;
  if (!isPending && metadata.generation !== undefined) marked.metadata.generation = metadata.generation + 1;
  if (resource.bucket === 'namespaces') {
    return { ...marked, status: { ...(asJson(object).status as JsonObject), phase: 'Terminating' } } as KubeObject;
  }
  marked.metadata.deletionGracePeriodSeconds = grace;
  return marked;
}

/** Seconds that the object still has. Only pods that run somewhere have any. */
function graceOf(resource: Resource, object: KubeObject, options: DeleteOptions): number {
  if (resource.bucket !== 'pods') return 0;
  const json = asJson(object);
  const phase = at(json, 'status', 'phase');
  const isEnded = phase === 'Succeeded' || phase === 'Failed';
  if (at(json, 'spec', 'nodeName') === undefined || isEnded) return 0;
  const own = at(json, 'spec', 'terminationGracePeriodSeconds');
  const wanted = options.gracePeriodSeconds ?? (typeof own === 'number' ? own : 30);
  return wanted < 0 ? 1 : wanted;
}

/** Finalizers after the propagation policy put in or took out its own. */
function finalizersFor(resource: Resource, object: KubeObject, { propagationPolicy }: DeleteOptions): string[] {
  const own = object.metadata.finalizers ?? [];
  // A definition waits until its objects are gone.
  const kept =
    resource.bucket === DEFINITIONS && !own.includes(CLEANUP) && object.metadata.deletionTimestamp === undefined
      ? [...own, CLEANUP]
      : own;
  const others = kept.filter((one) => one !== FOREGROUND && one !== ORPHAN);
  if (propagationPolicy === 'Foreground') return [...others, FOREGROUND];
  // Jobs leave their pods behind unless told, for the sake of old clients.
  const orphans =
    propagationPolicy === 'Orphan' || (propagationPolicy === undefined && resource.bucket === 'batch/jobs');
  if (orphans) return [...others, ORPHAN];
  return propagationPolicy === undefined ? kept : others;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

/** DeleteOptions from a body and from the query; the query wins where both say something. */
export function readDeleteOptions(body: JsonObject, query: URLSearchParams): DeleteOptions {
  const grace = query.get('gracePeriodSeconds');
  const seconds = grace === null ? body.gracePeriodSeconds : parseInteger(grace);
  const dryRun = query.has('dryRun') || (Array.isArray(body.dryRun) && body.dryRun.length > 0);
  return {
    gracePeriodSeconds: typeof seconds === 'number' ? seconds : undefined,
    propagationPolicy: query.get('propagationPolicy') ?? text(body.propagationPolicy),
    preconditions: body.preconditions as DeleteOptions['preconditions'],
    dryRun,
  };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** @throws ApiError 400 in the words of strconv. */
export function parseInteger(value: string): number {
  if (/^-?\d+$/.test(value)) return Number(value);
  throw new ApiError(400, 'BadRequest', `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
}

import { type Json, type JsonObject, at, equal, without } from '../json.ts';
import { type KubeObject, asJson } from '../objects.ts';
import { conflict } from '../status.ts';
import type { Resource } from './resource.ts';

/** Which part of the object a write may change. */
export function writablePart(
  resource: Resource,
  old: KubeObject,
  object: KubeObject,
  subresource: string | undefined,
): JsonObject {
  const written = asJson(object);
  if (subresource === undefined) {
    return resource.subresources.has('status') ? { ...written, status: asJson(old).status } : written;
  }
  const metadata = resource.custom
    ? old.metadata
    : {
        ...old.metadata,
        labels: object.metadata.labels,
        annotations: object.metadata.annotations,
        finalizers: object.metadata.finalizers,
      };
  return { ...asJson(old), status: written.status, metadata: metadata as unknown as Json };
}

/** A PUT with a uid is for that object alone. The text is that of the store behind a real server. */
export function checkUid(resource: Resource, old: KubeObject, { metadata }: KubeObject): void {
  if (metadata.uid === undefined || metadata.uid === '' || metadata.uid === old.metadata.uid) return;
  const folder = resource.custom ? `${resource.group}/${resource.plural}` : resource.plural;
  const key = ['', 'registry', folder, ...[old.metadata.namespace ?? []].flat(), old.metadata.name].join('/');
  const why = `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid ?? ''}`;
  const error = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
  throw conflict(resource, old.metadata.name, error);
}

/** What an update can never change, whatever it says. */
export function keepSystemFields(object: KubeObject, old: KubeObject): void {
  const { metadata } = object;
  metadata.uid ??= old.metadata.uid ?? '';
  keep(metadata, old.metadata, 'creationTimestamp');
  keep(metadata, old.metadata, 'deletionTimestamp');
  keep(metadata, old.metadata, 'deletionGracePeriodSeconds');
  keep(metadata, old.metadata, 'generation');
  metadata.resourceVersion = old.metadata.resourceVersion ?? '';
}

/** Gives one member the value that it has, or has not, in another object. */
function keep(metadata: KubeObject['metadata'], old: KubeObject['metadata'], name: keyof KubeObject['metadata']): void {
  Object.assign(metadata, { [name]: old[name] });
}

/** Does this update change what the object is to be? */
export function generationMoves(resource: Resource, object: KubeObject, old: KubeObject): boolean {
  const body = (one: KubeObject): JsonObject => without(asJson(one), 'metadata', 'status');
  if (!equal(body(object), body(old))) return true;
  // Deployments count their annotations too, for the sake of old clients.
  return resource.bucket === 'apps/deployments' && !equal(object.metadata.annotations, old.metadata.annotations);
}

/** Is it marked as deleted, with nothing left to wait for? */
export function isFinished(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  const specFinalizers = object.kind === 'Namespace' ? at(asJson(object), 'spec', 'finalizers') : undefined;
  const isHeld = finalizers.length > 0 || (Array.isArray(specFinalizers) && specFinalizers.length > 0);
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && !isHeld;
}

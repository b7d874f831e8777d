import { type Json, at, isObject } from '../../json.ts';
import { type KubeObject, asJson } from '../../objects.ts';

export const GROUP = 'snapshot.storage.k8s.io';
export const DEFAULT_CLASS = 'snapshot.storage.kubernetes.io/is-default-class';
export const BEING_DELETED = 'snapshot.storage.kubernetes.io/volumesnapshot-being-deleted';
export const DELETION_SECRET_NAME = 'snapshot.storage.kubernetes.io/deletion-secret-name';
export const DELETION_SECRET_NAMESPACE = 'snapshot.storage.kubernetes.io/deletion-secret-namespace';
export const CONTENT_PROTECTION = 'snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection';
export const SNAPSHOT_PROTECTION = 'snapshot.storage.kubernetes.io/volumesnapshot-bound-protection';
export const SOURCE_PROTECTION = 'snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection';

/** Fields of a VolumeSnapshot or of its content, which are custom objects. */
export function field(object: KubeObject, ...path: string[]): Json | undefined {
  return at(asJson(object), ...path);
}

export function textField(object: KubeObject, ...path: string[]): string | undefined {
  const value = field(object, ...path);
  return typeof value === 'string' ? value : undefined;
}

/** Changes members of an object's status. */
export function setStatus(object: KubeObject, members: Record<string, Json>): void {
  const json = asJson(object);
  json.status = { ...(isObject(json.status) ? json.status : {}), ...members };
}

export function addFinalizers(object: KubeObject, ...names: string[]): void {
  object.metadata.finalizers = [...new Set([...(object.metadata.finalizers ?? []), ...names])];
}

export function removeFinalizers(object: KubeObject, ...names: string[]): void {
  object.metadata.finalizers = (object.metadata.finalizers ?? []).filter((one) => !names.includes(one));
}

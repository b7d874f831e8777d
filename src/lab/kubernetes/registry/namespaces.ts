import { type KubeObject, asJson, asObject } from '../objects.ts';
import type { Registry } from './registry.ts';
import type { Resource } from './resource.ts';

/** Replaces what a namespace waits for; it goes when nothing is left. */
export function setNamespaceFinalizers(
  registry: Registry,
  resource: Resource,
  name: string,
  finalizers: unknown,
): KubeObject {
  const object = registry.get(resource, undefined, name);
  const list = Array.isArray(finalizers) ? (finalizers as string[]) : [];
  const next = asObject({ ...asJson(object), spec: list.length > 0 ? { finalizers: list } : {} });
  const isDone =
    list.length === 0 && next.metadata.deletionTimestamp !== undefined && !next.metadata.finalizers?.length;
  if (!isDone) return registry.store.put(resource.bucket, name, next);
  registry.store.remove(resource.bucket, name);
  return next;
}

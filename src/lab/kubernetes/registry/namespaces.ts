import { at } from '../json.ts';
import { type KubeObject, asJson, asObject } from '../objects.ts';
import { ApiError, notFound } from '../status.ts';
import type { Store } from '../store/store.ts';
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

/** Nothing is made in a namespace that is not there or is about to go. */
export function checkNamespace(store: Store, resource: Resource, namespace: string | undefined, name: string): void {
  if (!resource.namespaced || namespace === undefined) return;
  const found = store.get('namespaces', namespace);
  const namespaces = { group: '', plural: 'namespaces', kind: 'Namespace' };
  if (!found) throw notFound(namespaces, namespace);
  if (at(asJson(found), 'status', 'phase') !== 'Terminating') return;
  const { group, plural } = resource;
  const what = group === '' ? plural : `${plural}.${group}`;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw new ApiError(403, 'Forbidden', `${what} ${JSON.stringify(name)} is forbidden: ${why}`, {
    name,
    ...(group !== '' && { group }),
    kind: plural,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  });
}

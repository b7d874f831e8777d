import type { Cluster } from '../cluster.ts';
import { isObject } from '../json.ts';
import { type Condition, asJson, timestamp } from '../objects.ts';
import { CLEANUP, deleteObject } from '../registry/deletion.ts';
import type { Definition } from '../registry/catalog.ts';
import type { Change } from '../store/store.ts';

const MANAGER = 'kube-apiserver';

/** Serves what CustomResourceDefinitions define, as soon as they are there. */
export function followDefinitions(cluster: Cluster): void {
  cluster.on(['CustomResourceDefinition'], (change) => {
    if (change.type === 'DELETED') cluster.registry.catalog.undefine(change.object.metadata.name);
    else reconcile(cluster, change);
  });
}

function reconcile(cluster: Cluster, { object, type, previous }: Change): void {
  const definition = object as Definition;
  if (definition.metadata.deletionTimestamp !== undefined) {
    removeAll(cluster, definition);
    return;
  }
  const isChanged = type === 'ADDED' || previous?.metadata.generation !== object.metadata.generation;
  if (!isChanged) return;
  cluster.registry.catalog.define(definition);
  setImmediate(() => establish(cluster, definition));
}

function establish(cluster: Cluster, definition: Definition): void {
  const condition = (type: string, reason: string, message: string): Condition => ({
    type,
    status: 'True',
    lastTransitionTime: timestamp(),
    reason,
    message,
  });
  cluster.edit(
    'CustomResourceDefinition',
    definition,
    MANAGER,
    (copy) => {
      const status = asJson(copy).status;
      if (isObject(status) && Array.isArray(status.conditions)) return;
      const stored = definition.spec.versions.filter(({ storage }) => storage).map(({ name }) => name);
      asJson(copy).status = {
        conditions: [
          condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
          condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
        ] as never,
        acceptedNames: definition.spec.names as never,
        storedVersions: stored,
      };
    },
    'status',
  );
}

/** Deletes all objects of a kind whose definition goes; what holds them holds the definition. */
function removeAll(cluster: Cluster, definition: Definition): void {
  const { registry } = cluster;
  const bucket = `${definition.spec.group}/${definition.spec.names.plural}`;
  const resource = registry.catalog.ofBucket(bucket);
  for (const { metadata } of registry.store.list(bucket)) {
    if (resource && metadata.deletionTimestamp === undefined)
      deleteObject(registry, resource, metadata.namespace, metadata.name, {});
  }
  if (registry.store.list(bucket).length > 0) {
    setTimeout(() => {
      const now = cluster.get('CustomResourceDefinition', undefined, definition.metadata.name);
      if (now) removeAll(cluster, now as Definition);
    }, 500);
    return;
  }
  setImmediate(() =>
    cluster.edit('CustomResourceDefinition', definition, MANAGER, ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter((one) => one !== CLEANUP);
    }),
  );
}

import type { Cluster } from '../cluster.ts';
import { at } from '../json.ts';
import { type Condition, type KubeObject, asJson, timestamp } from '../objects.ts';
import { deleteObject } from '../registry/deletion.ts';
import { setNamespaceFinalizers } from '../registry/namespaces.ts';

const MANAGER = 'kube-controller-manager';
const CA_DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Gives a new namespace its default service account and the cluster's CA, and keeps them there. */
export function furnishNamespace(cluster: Cluster, namespace: KubeObject, caPem: string): void {
  const { name, deletionTimestamp } = namespace.metadata;
  if (deletionTimestamp !== undefined) return;
  if (!cluster.get('ServiceAccount', name, 'default')) {
    cluster.create('ServiceAccount', { metadata: { name: 'default', namespace: name } }, MANAGER);
  }
  if (!cluster.get('ConfigMap', name, 'kube-root-ca.crt')) {
    const annotations = { 'kubernetes.io/description': CA_DESCRIPTION };
    const metadata = { name: 'kube-root-ca.crt', namespace: name, annotations };
    cluster.create('ConfigMap', { metadata, data: { 'ca.crt': caPem } }, MANAGER);
  }
}

/**
 * Empties a namespace that is being deleted, and lets it go when nothing is left in it.
 * @returns milliseconds after which to look again, while something is.
 */
export function emptyNamespace(cluster: Cluster, namespace: KubeObject): number | undefined {
  const { name, deletionTimestamp } = namespace.metadata;
  if (deletionTimestamp === undefined) return undefined;
  const { registry } = cluster;
  const left = new Map<string, number>();
  const finalizers = new Map<string, number>();
  const seen = new Set<string>();
  for (const resource of registry.catalog.all()) {
    if (!resource.namespaced || seen.has(resource.bucket) || !resource.verbs.includes('delete')) continue;
    seen.add(resource.bucket);
    for (const object of registry.store.list(resource.bucket, name)) {
      if (object.metadata.deletionTimestamp === undefined) {
        deleteObject(registry, resource, name, object.metadata.name, { propagationPolicy: 'Background' });
      }
      const now = registry.store.get(resource.bucket, `${name}/${object.metadata.name}`);
      if (!now) continue;
      const plural = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
      left.set(plural, (left.get(plural) ?? 0) + 1);
      for (const one of now.metadata.finalizers ?? []) finalizers.set(one, (finalizers.get(one) ?? 0) + 1);
    }
  }
  if (left.size === 0) {
    const others = at(asJson(namespace), 'spec', 'finalizers');
    const kept = (Array.isArray(others) ? others : []).filter((one) => one !== 'kubernetes');
    setNamespaceFinalizers(registry, registry.catalog.ofKind('v1', 'Namespace'), name, kept);
    return undefined;
  }
  tell(cluster, namespace, left, finalizers);
  return 1000;
}

/** Says in the namespace's conditions what it waits for. */
function tell(
  cluster: Cluster,
  namespace: KubeObject,
  left: Map<string, number>,
  finalizers: Map<string, number>,
): void {
  const condition = (type: string, isTrue: boolean, reason: string, message: string): Condition => ({
    type,
    status: isTrue ? 'True' : 'False',
    lastTransitionTime: timestamp(),
    reason,
    message,
  });
  const list = (map: Map<string, number>, word: string): string =>
    [...map].map(([name, count]) => `${name} ${word} ${count} resource instances`).join(', ');
  const conditions = [
    condition(
      'NamespaceDeletionDiscoveryFailure',
      false,
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ),
    condition(
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    condition(
      'NamespaceDeletionContentFailure',
      false,
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    condition(
      'NamespaceContentRemaining',
      true,
      'SomeResourcesRemain',
      `Some resources are remaining: ${list(left, 'has')}`,
    ),
    finalizers.size === 0
      ? condition(
          'NamespaceFinalizersRemaining',
          false,
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        )
      : condition(
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${list(finalizers, 'in')}`,
        ),
  ];
  const before = at(asJson(namespace), 'status', 'conditions');
  const texts = (value: unknown): string =>
    (Array.isArray(value) ? (value as Condition[]) : [])
      .map(({ status, message }) => `${status} ${message ?? ''}`)
      .join('\n');
  if (texts(before) === texts(conditions)) return;
  cluster.edit(
    'Namespace',
    namespace,
    MANAGER,
    (copy) => {
      asJson(copy).status = { phase: 'Terminating', conditions: conditions as never };
    },
    'status',
  );
}

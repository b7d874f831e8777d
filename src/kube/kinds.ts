import type { Collection, ObjectRef } from './types.ts';

/** What the API server calls a kind in paths and in access rules. */
export interface Resource {
  group: string;
  version: string;
  /** Plural, lower case: `daemonsets`. */
  resource: string;
  namespaced: boolean;
}

type Row = readonly [kind: string, resource: string, scope: 'namespaced' | 'cluster'];

/** The kinds this program works with. Anything else is looked up at the server (discovery). */
const TABLE: Readonly<Record<string, readonly Row[]>> = {
  v1: [
    ['ConfigMap', 'configmaps', 'namespaced'],
    ['Endpoints', 'endpoints', 'namespaced'],
    ['Event', 'events', 'namespaced'],
    ['Namespace', 'namespaces', 'cluster'],
    ['Node', 'nodes', 'cluster'],
    ['PersistentVolume', 'persistentvolumes', 'cluster'],
    ['PersistentVolumeClaim', 'persistentvolumeclaims', 'namespaced'],
    ['Pod', 'pods', 'namespaced'],
    ['Secret', 'secrets', 'namespaced'],
    ['Service', 'services', 'namespaced'],
    ['ServiceAccount', 'serviceaccounts', 'namespaced'],
  ],
  'apps/v1': [
    ['ControllerRevision', 'controllerrevisions', 'namespaced'],
    ['DaemonSet', 'daemonsets', 'namespaced'],
    ['Deployment', 'deployments', 'namespaced'],
    ['ReplicaSet', 'replicasets', 'namespaced'],
    ['StatefulSet', 'statefulsets', 'namespaced'],
  ],
  'batch/v1': [
    ['CronJob', 'cronjobs', 'namespaced'],
    ['Job', 'jobs', 'namespaced'],
  ],
  'coordination.k8s.io/v1': [['Lease', 'leases', 'namespaced']],
  'policy/v1': [['PodDisruptionBudget', 'poddisruptionbudgets', 'namespaced']],
  'rbac.authorization.k8s.io/v1': [
    ['ClusterRole', 'clusterroles', 'cluster'],
    ['ClusterRoleBinding', 'clusterrolebindings', 'cluster'],
    ['Role', 'roles', 'namespaced'],
    ['RoleBinding', 'rolebindings', 'namespaced'],
  ],
  'scheduling.k8s.io/v1': [['PriorityClass', 'priorityclasses', 'cluster']],
  'storage.k8s.io/v1': [
    ['CSIDriver', 'csidrivers', 'cluster'],
    ['CSINode', 'csinodes', 'cluster'],
    ['StorageClass', 'storageclasses', 'cluster'],
    ['VolumeAttachment', 'volumeattachments', 'cluster'],
  ],
  'apiextensions.k8s.io/v1': [['CustomResourceDefinition', 'customresourcedefinitions', 'cluster']],
  'authorization.k8s.io/v1': [['SelfSubjectAccessReview', 'selfsubjectaccessreviews', 'cluster']],
  'snapshot.storage.k8s.io/v1': [
    ['VolumeSnapshot', 'volumesnapshots', 'namespaced'],
    ['VolumeSnapshotClass', 'volumesnapshotclasses', 'cluster'],
    ['VolumeSnapshotContent', 'volumesnapshotcontents', 'cluster'],
  ],
};

/** The resource of a kind that this program knows, without asking the server. */
export function knownResource(apiVersion: string, kind: string): Resource | undefined {
  const row = TABLE[apiVersion]?.find(([name]) => name === kind);
  return row && { ...groupVersion(apiVersion), resource: row[1], namespaced: row[2] === 'namespaced' };
}

/** Group (empty for the core group) and version of an apiVersion. */
export function groupVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** `/api/v1` or `/apis/apps/v1`, where a group's version lists its resources. */
export function discoveryPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Path of a collection; without a namespace that of all namespaces. */
export function collectionPath(resource: Resource, namespace: string | undefined): string {
  const { group, version } = resource;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const middle = resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${middle}/${resource.resource}`;
}

/** Path of one object. */
export function objectPath(resource: Resource, ref: Pick<ObjectRef, 'name' | 'namespace'>): string {
  return `${collectionPath(resource, ref.namespace)}/${encodeURIComponent(ref.name)}`;
}

/** Label and field selectors as query parameters. */
export function selectorQuery(collection: Collection): Record<string, string> {
  return {
    ...(collection.labelSelector === undefined ? {} : { labelSelector: collection.labelSelector }),
    ...(collection.fieldSelector === undefined ? {} : { fieldSelector: collection.fieldSelector }),
  };
}

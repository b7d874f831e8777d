import type {
  CsiNode,
  Claim,
  EventObject,
  Job,
  Node,
  PersistentVolume,
  Pod,
  Secret,
  StorageClass,
  Workload,
} from './kinds.ts';
import { clone } from './json.ts';
import { type KubeObject, type ObjectReference, asJson, microTimestamp, timestamp } from './objects.ts';
import { type DeleteOptions, deleteObject } from './registry/deletion.ts';
import type { Registry } from './registry/registry.ts';
import type { Resource } from './registry/resource.ts';
import { ApiError } from './status.ts';
import { type Change, keyOf } from './store/store.ts';

/** Kinds that the cluster's own components work with. */
export interface Kinds {
  ConfigMap: KubeObject;
  CSIDriver: KubeObject;
  CSINode: CsiNode;
  ClusterRole: KubeObject;
  ClusterRoleBinding: KubeObject;
  CustomResourceDefinition: KubeObject;
  DaemonSet: Workload;
  Deployment: Workload;
  Endpoints: KubeObject;
  Event: EventObject;
  Job: Job;
  Lease: KubeObject;
  Namespace: KubeObject;
  Node: Node;
  PersistentVolume: PersistentVolume;
  PersistentVolumeClaim: Claim;
  Pod: Pod;
  PodDisruptionBudget: KubeObject;
  PriorityClass: KubeObject;
  ReplicaSet: Workload;
  Secret: Secret;
  Service: KubeObject;
  ServiceAccount: KubeObject;
  StatefulSet: Workload;
  StorageClass: StorageClass;
  VolumeSnapshot: KubeObject;
  VolumeSnapshotClass: KubeObject;
  VolumeSnapshotContent: KubeObject;
}

const API_VERSIONS: Record<keyof Kinds, string> = {
  ConfigMap: 'v1',
  CSIDriver: 'storage.k8s.io/v1',
  CSINode: 'storage.k8s.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  ClusterRoleBinding: 'rbac.authorization.k8s.io/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  DaemonSet: 'apps/v1',
  Deployment: 'apps/v1',
  Endpoints: 'v1',
  Event: 'v1',
  Job: 'batch/v1',
  Lease: 'coordination.k8s.io/v1',
  Namespace: 'v1',
  Node: 'v1',
  PersistentVolume: 'v1',
  PersistentVolumeClaim: 'v1',
  Pod: 'v1',
  PodDisruptionBudget: 'policy/v1',
  PriorityClass: 'scheduling.k8s.io/v1',
  ReplicaSet: 'apps/v1',
  Secret: 'v1',
  Service: 'v1',
  ServiceAccount: 'v1',
  StatefulSet: 'apps/v1',
  StorageClass: 'storage.k8s.io/v1',
  VolumeSnapshot: 'snapshot.storage.k8s.io/v1',
  VolumeSnapshotClass: 'snapshot.storage.k8s.io/v1',
  VolumeSnapshotContent: 'snapshot.storage.k8s.io/v1',
};

/** Who reports an event. */
export interface EventSource {
  component: string;
  host?: string;
}

export interface EventText {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  /** `spec.containers{NAME}` */
  fieldPath?: string;
  /** The same is not reported again within this time. */
  notWithinMs?: number;
}

/** The API as the cluster's own components use it: in this process, by the same rules as over HTTP. */
export class Cluster {
  readonly registry: Registry;
  readonly #stops: (() => void)[] = [];
  /** Names of events end in a time in nanoseconds, as there; no two are the same. */
  #eventNumber = BigInt(Date.now()) * 1_000_000n;

  constructor(registry: Registry) {
    this.registry = registry;
  }

  /** Is the kind served? Snapshots are only once their definitions are there. */
  serves(kind: keyof Kinds): boolean {
    return this.registry.catalog.all().some((one) => one.kind === kind && one.apiVersion === API_VERSIONS[kind]);
  }

  get<K extends keyof Kinds>(kind: K, namespace: string | undefined, name: string): Kinds[K] | undefined {
    if (!this.serves(kind)) return undefined;
    return this.registry.store.get(this.#resource(kind).bucket, keyOf(namespace, name)) as Kinds[K] | undefined;
  }

  list<K extends keyof Kinds>(kind: K, namespace?: string): Kinds[K][] {
    if (!this.serves(kind)) return [];
    return this.registry.store.list(this.#resource(kind).bucket, namespace) as Kinds[K][];
  }

  create<K extends keyof Kinds>(kind: K, object: object, manager: string): Kinds[K] {
    const input = { apiVersion: API_VERSIONS[kind], kind, ...clone(object) } as unknown as KubeObject;
    const options = { manager, internal: true };
    return this.registry.create(this.#resource(kind), input.metadata.namespace, asJson(input), options) as Kinds[K];
  }

  /**
   * Changes a copy of an object and writes it; nothing where the object is gone. What `change` leaves as it is makes
   * no write.
   */
  edit<K extends keyof Kinds>(
    kind: K,
    object: KubeObject,
    manager: string,
    change: (copy: Kinds[K]) => void,
    subresource?: 'status',
  ): Kinds[K] | undefined {
    const { namespace, name, uid } = object.metadata;
    const old = this.get(kind, namespace, name);
    if (old?.metadata.uid !== uid || !old) return undefined;
    const copy = clone(old);
    change(copy);
    delete copy.metadata.resourceVersion;
    const resource = this.#resource(kind);
    return this.registry.replace(resource, old, copy, { manager, internal: true }, subresource) as Kinds[K];
  }

  /** Deletes an object; nothing where it is gone. */
  delete(kind: keyof Kinds, object: KubeObject, options: DeleteOptions = {}): void {
    const { namespace, name, uid } = object.metadata;
    const preconditions = uid === undefined ? undefined : { uid };
    try {
      deleteObject(this.registry, this.#resource(kind), namespace, name, { ...options, preconditions });
    } catch (error) {
      if (!(error instanceof ApiError && (error.code === 404 || error.code === 409))) throw error;
    }
  }

  /** Calls `listener` for every change of these kinds until the cluster stops. */
  on(kinds: readonly (keyof Kinds)[], listener: (change: Change) => void): void {
    this.#stops.push(
      this.registry.store.subscribe((change) => {
        if (kinds.some((kind) => this.serves(kind) && this.#resource(kind).bucket === change.bucket)) listener(change);
      }),
    );
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  /** Reports something about an object; the same again raises the count of what was reported. */
  event(
    about: KubeObject,
    source: EventSource,
    { type, reason, message, fieldPath, notWithinMs = 0 }: EventText,
  ): void {
    const namespace = about.metadata.namespace ?? 'default';
    if (this.get('Namespace', undefined, namespace) === undefined) return;
    const involvedObject = { ...referenceTo(about), ...(fieldPath && { fieldPath }) };
    const same = this.list('Event', namespace).find(
      (one) =>
        one.involvedObject.uid === involvedObject.uid &&
        one.reason === reason &&
        one.message === message &&
        one.type === type &&
        one.involvedObject.fieldPath === fieldPath,
    );
    const now = timestamp();
    if (same) {
      if (Date.now() - Date.parse(same.lastTimestamp ?? '') < notWithinMs) return;
      this.edit('Event', same, source.component, (event) => {
        event.count = (event.count ?? 1) + 1;
        event.lastTimestamp = now;
      });
      return;
    }
    const name = `${about.metadata.name}.${(this.#eventNumber++).toString(16)}`;
    try {
      this.create(
        'Event',
        {
          metadata: { name, namespace },
          involvedObject,
          reason,
          message,
          type,
          source,
          count: 1,
          firstTimestamp: now,
          lastTimestamp: now,
          reportingComponent: source.component,
          ...(source.host !== undefined && { reportingInstance: source.host }),
        },
        source.component,
      );
    } catch (error) {
      // A namespace that is going takes no more events.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** As {@link event}, in the form of events.k8s.io that the scheduler uses. */
  schedulingEvent(about: KubeObject, { type, reason, message }: EventText): void {
    const namespace = about.metadata.namespace ?? 'default';
    const name = `${about.metadata.name}.${(this.#eventNumber++).toString(16)}`;
    this.create(
      'Event',
      {
        metadata: { name, namespace },
        involvedObject: referenceTo(about),
        reason,
        message,
        type,
        eventTime: microTimestamp(),
        action: reason === 'Scheduled' ? 'Binding' : 'Scheduling',
        reportingComponent: 'default-scheduler',
        reportingInstance: 'default-scheduler-lab',
      },
      'kube-scheduler',
    );
  }

  #resource(kind: keyof Kinds): Resource {
    return this.registry.catalog.ofKind(API_VERSIONS[kind], kind);
  }
}

export function referenceTo(object: KubeObject): ObjectReference & { resourceVersion?: string } {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    ...(uid !== undefined && { uid }),
    apiVersion,
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
}

/** The owner reference of a controller. */
export function controllerReference(owner: KubeObject) {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return (
    object.metadata.ownerReferences?.some((one) => one.controller === true && one.uid === owner.metadata.uid) === true
  );
}

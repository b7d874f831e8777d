import { without } from '../json.ts';
import type { Cluster } from '../cluster.ts';
import type { KubeObject } from '../objects.ts';
import { FOREGROUND, ORPHAN, deleteObject } from '../registry/deletion.ts';
import type { Resource } from '../registry/resource.ts';
import { type Change, keyOf } from '../store/store.ts';
import { WorkQueue } from './queue.ts';

const MANAGER = 'kube-controller-manager';

/** An object and where it is kept. */
interface Found {
  resource: Resource;
  object: KubeObject;
}

/** Deletes what belongs to objects that are gone, and holds objects whose dependents have to go first. */
export class GarbageCollector {
  readonly #cluster: Cluster;
  readonly #queue: WorkQueue;
  readonly #stop: () => void;
  /** Where objects are, by uid. */
  readonly #places = new Map<string, { bucket: string; key: string }>();
  /** uids of dependents, by the uid of their owner. */
  readonly #dependents = new Map<string, Set<string>>();

  constructor(cluster: Cluster, failed: (key: string, error: unknown) => void) {
    this.#cluster = cluster;
    this.#queue = new WorkQueue((uid) => this.#collect(uid), failed);
    this.#stop = cluster.registry.store.subscribe((change) => this.#note(change));
  }

  stop(): void {
    this.#stop();
    this.#queue.stop();
  }

  #note({ object, bucket, type }: Change): void {
    const { uid, ownerReferences = [], namespace, name, deletionTimestamp } = object.metadata;
    if (uid === undefined) return;
    if (type === 'DELETED') this.#places.delete(uid);
    else this.#places.set(uid, { bucket, key: keyOf(namespace, name) });
    for (const owner of ownerReferences) {
      const siblings = this.#dependents.get(owner.uid) ?? new Set();
      this.#dependents.set(owner.uid, siblings);
      if (type === 'DELETED') siblings.delete(uid);
      else siblings.add(uid);
      // An owner that waits for this one may go on.
      if (type === 'DELETED') this.#queue.add(owner.uid);
    }
    const isOwner = (this.#dependents.get(uid)?.size ?? 0) > 0;
    if (type === 'DELETED' && isOwner) this.#queue.add(uid);
    if (type === 'ADDED' && ownerReferences.length > 0) this.#queue.add(uid);
    if (deletionTimestamp !== undefined) this.#queue.add(uid);
  }

  #collect(uid: string): void {
    const found = this.#find(uid);
    if (!found) {
      for (const dependent of [...(this.#dependents.get(uid) ?? [])]) this.#queue.add(dependent);
      this.#dependents.delete(uid);
      return;
    }
    const { finalizers = [], deletionTimestamp, ownerReferences = [] } = found.object.metadata;
    if (deletionTimestamp !== undefined) {
      if (finalizers.includes(ORPHAN)) this.#orphan(found);
      else if (finalizers.includes(FOREGROUND)) this.#deleteDependentsFirst(found);
      return;
    }
    if (ownerReferences.length === 0) return;
    const owners = ownerReferences.filter((owner) => this.#places.has(owner.uid));
    if (owners.length === 0) this.#delete(found, 'Background');
    else if (owners.length < ownerReferences.length) this.#edit(found, { ownerReferences: owners });
  }

  #deleteDependentsFirst(owner: Found): void {
    const uid = owner.object.metadata.uid ?? '';
    const blocking = [...(this.#dependents.get(uid) ?? [])]
      .map((one) => this.#find(one))
      .filter((one) => one !== undefined)
      .filter(({ object }) =>
        object.metadata.ownerReferences?.some((ref) => ref.uid === uid && ref.blockOwnerDeletion === true),
      );
    for (const dependent of blocking) {
      if (dependent.object.metadata.deletionTimestamp === undefined) this.#delete(dependent, 'Foreground');
    }
    if (blocking.length === 0) this.#edit(owner, { withoutFinalizer: FOREGROUND });
  }

  #orphan(owner: Found): void {
    const uid = owner.object.metadata.uid ?? '';
    for (const one of [...(this.#dependents.get(uid) ?? [])]) {
      const dependent = this.#find(one);
      const kept = dependent?.object.metadata.ownerReferences?.filter((ref) => ref.uid !== uid);
      if (dependent) this.#edit(dependent, { ownerReferences: kept ?? [] });
    }
    this.#dependents.delete(uid);
    this.#edit(owner, { withoutFinalizer: ORPHAN });
  }

  #delete({ resource, object }: Found, propagationPolicy: string): void {
    const { namespace, name } = object.metadata;
    deleteObject(this.#cluster.registry, resource, namespace, name, { propagationPolicy });
  }

  #edit(
    { resource, object }: Found,
    change: { ownerReferences?: KubeObject['metadata']['ownerReferences']; withoutFinalizer?: string },
  ) {
    const metadata = without(object.metadata, 'resourceVersion');
    if (change.ownerReferences) metadata.ownerReferences = change.ownerReferences;
    if (change.withoutFinalizer !== undefined) {
      metadata.finalizers = (metadata.finalizers ?? []).filter((one) => one !== change.withoutFinalizer);
    }
    this.#cluster.registry.replace(resource, object, { ...object, metadata }, { manager: MANAGER, internal: true });
  }

  #find(uid: string): Found | undefined {
    const place = this.#places.get(uid);
    const object = place && this.#cluster.registry.store.get(place.bucket, place.key);
    const resource = place && this.#cluster.registry.catalog.ofBucket(place.bucket);
    return object && resource && { object, resource };
  }
}

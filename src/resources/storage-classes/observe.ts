import type { Tenant } from '../../config/types.ts';
import type { Context } from '../../core/context.ts';
import { DRIVER_SECRET_NAME } from '../../drivers/names.ts';
import { KubeApiError } from '../../kube/errors.ts';
import type { Collection, KubeClient, KubeObject } from '../../kube/types.ts';
import { subnetsOf } from '../../openstack/neutron.ts';
import type { Session } from '../../openstack/types.ts';
import { isOurs } from '../ownership.ts';
import { SNAPSHOT_CLASS, type SnapshotClass, STORAGE_CLASS, type StorageClass } from './class.ts';
import { type Clouds, type CloudWorld, readCloud } from './cloud-world.ts';
import { machinesOf, type Node } from './share-clients.ts';

export type { Clouds } from './cloud-world.ts';

/** What the cluster holds, as far as classes depend on it. */
export interface ClusterWorld {
  /** Every StorageClass of the cluster. */
  classes: readonly StorageClass[];
  /** Every VolumeSnapshotClass; undefined where the cluster has no CRDs for them. */
  snapshotClasses: readonly SnapshotClass[] | undefined;
  nodes: readonly Node[];
  /** Names of classes that volumes, or contents of snapshots, were made with; empty unless pruning. */
  used: ReadonlySet<string>;
  /** Is the drivers' Secret there that the classes name? True where this user may not look. */
  secretExists: boolean;
}

export interface ObservedClasses extends ClusterWorld, CloudWorld {
  /** CIDRs of the nodes' subnets; undefined where they were not asked for, or Neutron cannot tell. */
  neutronClients: string[] | undefined;
}

/** What has to be read, besides what always is. */
export interface Reading {
  namespace: string;
  tenants: readonly Tenant[];
  prune: boolean;
  /** Is it to be looked whether the drivers' Secret is there? */
  secret?: boolean;
  /** Does anything else say who may mount? */
  knowsClients: boolean;
}

/** Reads share types, classes and nodes side by side. */
export async function observeClasses(
  ctx: Context,
  kube: KubeClient,
  clouds: Clouds,
  reading: Reading,
  signal: AbortSignal,
): Promise<ObservedClasses> {
  const [cluster, cloud] = await Promise.all([
    readCluster(kube, reading, signal),
    readCloud(ctx, clouds, reading.tenants),
  ]);
  const asked = !reading.knowsClients && !cluster.classes.some(isOurs);
  const neutronClients = asked ? await clientsFromNeutron(ctx, clouds.session, cluster.nodes) : undefined;
  return { ...cluster, ...cloud, neutronClients };
}

/** Reads classes and nodes. */
export async function readCluster(kube: KubeClient, reading: Reading, signal: AbortSignal): Promise<ClusterWorld> {
  const [{ items: classes }, snapshots, { items: nodes }, used, secretExists] = await Promise.all([
    kube.list<StorageClass>(STORAGE_CLASS, { signal }),
    kube.list<SnapshotClass>(SNAPSHOT_CLASS, { signal }),
    kube.list<Node>({ apiVersion: 'v1', kind: 'Node' }, { signal }),
    reading.prune ? usedClasses(kube, signal) : new Set<string>(),
    reading.secret === false || hasSecret(kube, reading.namespace, signal),
  ]);
  // A list without a version is the answer of a server that does not know the resource.
  const snapshotClasses = snapshots.resourceVersion === '' ? undefined : snapshots.items;
  return { classes, snapshotClasses, nodes, used, secretExists };
}

async function hasSecret(kube: KubeClient, namespace: string, signal: AbortSignal): Promise<boolean> {
  try {
    const ref = { apiVersion: 'v1', kind: 'Secret', name: DRIVER_SECRET_NAME, namespace };
    return (await kube.get(ref, { signal })) !== undefined;
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 403) return true;
    throw error;
  }
}

/** Names of the classes that volumes and snapshots name. */
export async function usedClasses(kube: KubeClient, signal: AbortSignal): Promise<Set<string>> {
  interface Named extends KubeObject {
    spec: { storageClassName?: string; volumeSnapshotClassName?: string };
  }
  const collections: Collection[] = [
    { apiVersion: 'v1', kind: 'PersistentVolume' },
    { apiVersion: SNAPSHOT_CLASS.apiVersion, kind: 'VolumeSnapshotContent' },
  ];
  const lists = await Promise.all(collections.map((collection) => kube.list<Named>(collection, { signal })));
  return new Set(
    lists.flatMap(({ items }) =>
      items.flatMap(({ spec }) => spec.storageClassName ?? spec.volumeSnapshotClassName ?? []),
    ),
  );
}

async function clientsFromNeutron(
  ctx: Context,
  session: Session,
  nodes: readonly Node[],
): Promise<string[] | undefined> {
  const cidrs = await subnetsOf(session, machinesOf(nodes));
  if (cidrs) ctx.io.note(`share clients: ${cidrs.join(', ')} (the subnets of the nodes, from Neutron)`);
  return cidrs;
}

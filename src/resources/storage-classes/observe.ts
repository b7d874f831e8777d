import { mapLimit } from '../../core/concurrency.ts';
import type { Context } from '../../core/context.ts';
import { DRIVER_SECRET_NAME } from '../../drivers/names.ts';
import { KubeApiError } from '../../kube/errors.ts';
import type { KubeClient, KubeObject } from '../../kube/types.ts';
import { OpenStackError } from '../../openstack/errors.ts';
import type { Manila } from '../../openstack/manila.ts';
import { subnetsOf } from '../../openstack/neutron.ts';
import type { Pool, Session, ShareType } from '../../openstack/types.ts';
import { isOurs } from '../ownership.ts';
import type { StorageClass } from './class.ts';
import type { ClassRules, ClassWorld } from './plan.ts';
import { type Node, nodeAddresses, serverId } from './share-clients.ts';

/** The cloud as the one who runs the program sees it, and whose shares the volumes are. */
export interface Clouds {
  session: Session;
  manila: Manila;
  /** Project of the drivers' credential. */
  project: { id: string; name: string };
}

export interface ObservedClasses extends ClassWorld {
  nodes: Node[];
  /** CIDRs of the nodes' subnets; undefined where they were not asked for, or Neutron cannot tell. */
  neutronClients: string[] | undefined;
  /** Is the Secret there that the classes name? True where this user may not look. */
  secretExists: boolean;
}

/** Requests to Manila under way at once. */
const CONCURRENCY = 8;

/** Reads share types, classes and nodes side by side. */
export async function observeClasses(
  ctx: Context,
  kube: KubeClient,
  clouds: Clouds,
  rules: ClassRules,
  signal: AbortSignal,
): Promise<ObservedClasses> {
  const [{ items: classes }, { items: nodes }, { types, visible }, pools, used, secretExists] = await Promise.all([
    kube.list<StorageClass>({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' }, { signal }),
    kube.list<Node>({ apiVersion: 'v1', kind: 'Node' }, { signal }),
    readTypes(clouds),
    readPools(clouds.manila),
    rules.prune ? usedClasses(kube, signal) : new Set<string>(),
    hasSecret(kube, rules.namespace, signal),
  ]);
  const asked = rules.shareClients === undefined && !classes.some(isOurs);
  const neutronClients = asked ? await clientsFromNeutron(ctx, clouds.session, nodes) : undefined;
  return { classes, nodes, types, visible, project: clouds.project.name, pools, used, neutronClients, secretExists };
}

/** All share types, and which of them the drivers' project may use. */
async function readTypes({ manila, session, project }: Clouds): Promise<{ types: ShareType[]; visible: Set<string> }> {
  const types = await manila.listShareTypes();
  const visible = new Set(types.filter((type) => type.isPublic).map(({ id }) => id));
  const hidden = types.filter((type) => !type.isPublic);
  const own = (await session.identity()).project?.id === project.id;
  await mapLimit(hidden, CONCURRENCY, async ({ id }) => {
    if (await mayUse(manila, id, project.id, own)) visible.add(id);
  });
  return { types, visible };
}

async function mayUse(manila: Manila, typeId: string, projectId: string, own: boolean): Promise<boolean> {
  try {
    return (await manila.listTypeAccess(typeId)).includes(projectId);
  } catch (error) {
    if (!(error instanceof OpenStackError) || error.status !== 403) throw error;
    // Whoever may not read access lists is shown the types that their own project may use, and no others.
    return own;
  }
}

async function readPools(manila: Manila): Promise<Pool[] | undefined> {
  try {
    return await manila.listPools();
  } catch (error) {
    if (error instanceof OpenStackError && error.status === 403) return undefined;
    throw error;
  }
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

async function usedClasses(kube: KubeClient, signal: AbortSignal): Promise<Set<string>> {
  const { items } = await kube.list<KubeObject & { spec: { storageClassName?: string } }>(
    { apiVersion: 'v1', kind: 'PersistentVolume' },
    { signal },
  );
  return new Set(items.flatMap(({ spec }) => spec.storageClassName ?? []));
}

async function clientsFromNeutron(ctx: Context, session: Session, nodes: Node[]): Promise<string[] | undefined> {
  const machines = nodes.flatMap((node) =>
    nodeAddresses([node]).map(({ address }) => ({ address, serverId: serverId(node) })),
  );
  const cidrs = await subnetsOf(session, machines);
  if (cidrs) ctx.io.note(`share clients: ${cidrs.join(', ')} (the subnets of the nodes, from Neutron)`);
  return cidrs;
}

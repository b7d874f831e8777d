import { mapLimit } from '../../core/concurrency.ts';
import type { Context } from '../../core/context.ts';
import { NFS_DRIVER_NAME } from '../../drivers/names.ts';
import type { KubeClient, KubeObject } from '../../kube/types.ts';
import type { Manila } from '../../openstack/manila.ts';
import type { Resource } from '../../reconcile/reconcile.ts';
import { nodeClients } from '../storage-classes/plan.ts';
import type { Node } from '../storage-classes/share-clients.ts';
import { type AccessOp, planAccess, RULE_CLUSTER, type ShareAccess } from './plan.ts';

export interface AccessSyncOptions {
  /** Addresses and CIDRs, or `nodes`: each node by its address. */
  clients: readonly string[] | 'nodes';
  /** UID of the namespace kube-system, by which rules of this cluster are known again. */
  clusterId: string;
}

interface Volume extends KubeObject {
  spec: {
    accessModes?: string[];
    csi?: { driver: string; volumeHandle: string; readOnly?: boolean; volumeAttributes?: Record<string, string> };
  };
}

export interface AccessWorld {
  shares: ShareAccess[];
  clients: readonly string[];
}

const CONCURRENCY = 8;

/**
 * Keeps the access rules of the cluster's volumes as the nodes are. The driver makes rules only when it makes a share,
 * and never changes them: without this a node that comes later cannot mount what was there before.
 * @param manila whoever may change the shares: the drivers' own login, or an administrator.
 */
export function accessRules(
  ctx: Context,
  kube: KubeClient,
  manila: Manila,
  { clients, clusterId }: AccessSyncOptions,
): Resource<AccessWorld, AccessOp> {
  return {
    title: 'access rules',
    observe: async (signal) => {
      const [{ items: volumes }, { items: nodes }] = await Promise.all([
        kube.list<Volume>({ apiVersion: 'v1', kind: 'PersistentVolume' }, { signal }),
        kube.list<Node>({ apiVersion: 'v1', kind: 'Node' }, { signal }),
      ]);
      const found = await mapLimit(volumes.filter(isNfs), CONCURRENCY, (volume) => readAccess(manila, volume));
      return {
        shares: found.filter((one) => one !== undefined),
        clients: clients === 'nodes' ? nodeClients(nodes) : clients,
      };
    },
    plan: (world) => {
      const planned = planAccess(world.shares, world.clients, clusterId);
      for (const { change } of planned) {
        if (change.action === 'none' && change.reason !== undefined) ctx.io.warn(`${change.name}: ${change.reason}`);
      }
      return planned;
    },
    perform: async ({ op }) => {
      if (op.do === 'allow') {
        const metadata = { [RULE_CLUSTER]: clusterId };
        await manila.allowAccess(op.shareId, { type: 'ip', to: op.to, level: op.level, metadata });
      } else if (op.do === 'deny') {
        await manila.denyAccess(op.shareId, op.ruleId);
      }
    },
  };
}

function isNfs({ spec, metadata }: Volume): boolean {
  return spec.csi?.driver === NFS_DRIVER_NAME && metadata.deletionTimestamp === undefined;
}

/** Undefined where this login does not see the share: another project's, or gone. */
async function readAccess(manila: Manila, { spec: { csi, accessModes } }: Volume): Promise<ShareAccess | undefined> {
  const { volumeHandle = '', volumeAttributes = {}, readOnly } = csi ?? {};
  const share = await manila.getShare(volumeHandle);
  if (!share) return undefined;
  const ids = [volumeAttributes.shareAccessIDs ?? '', volumeAttributes.shareAccessID ?? ''].join(',').split(',');
  const readers = readOnly === true || (accessModes?.length === 1 && accessModes[0] === 'ReadOnlyMany');
  return {
    share,
    rules: await manila.listAccessRules(share.id),
    kept: new Set(ids.filter((id) => id !== '')),
    level: readers ? 'ro' : 'rw',
  };
}

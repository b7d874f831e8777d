import type { AccessRule, Share } from '../../openstack/types.ts';
import type { Planned } from '../../reconcile/change.ts';
import { covers, isSameClient } from '../storage-classes/share-clients.ts';

/** On rules that this program makes: the UID of the namespace kube-system of the cluster that they are for. */
export const RULE_CLUSTER = 'manila-rwx-cluster';

/** More than this a share should not have: back ends slow down, and NFS servers have limits of their own. */
export const MAX_RULES = 50;

/** A volume's share with its rules, as they are. */
export interface ShareAccess {
  share: Pick<Share, 'id' | 'name' | 'status'>;
  rules: readonly AccessRule[];
  /** Ids that the volume names (shareAccessIDs): the driver's own, which stay while the volume lives. */
  kept: ReadonlySet<string>;
  /** Level that the volume's mode asks for. */
  level: 'rw' | 'ro';
}

export type AccessOp =
  | { do: 'allow'; shareId: string; to: string; level: 'rw' | 'ro' }
  | { do: 'deny'; shareId: string; ruleId: string }
  | { do: 'nothing' };

/**
 * What must change so that exactly these clients, and whom the driver and people let in, may mount. Pure.
 *
 * A rule is made for each client that no rule covers. Taken away is only what carries the mark of this program and
 * this cluster, is for none of the clients, and is not named by the volume: a rule of the driver or of people is never
 * touched, and where the cloud knows no marks (below 2.45) nothing is.
 */
export function planAccess(
  shares: readonly ShareAccess[],
  clients: readonly string[],
  clusterId: string,
): Planned<AccessOp>[] {
  return shares.flatMap((one) => planShare(one, clients, clusterId));
}

function planShare(access: ShareAccess, clients: readonly string[], clusterId: string): Planned<AccessOp>[] {
  const { share, rules, kept, level } = access;
  const name = share.name === '' ? share.id : share.name;
  const change = (text: string, action: 'create' | 'delete' | 'none', reason?: string) => ({
    kind: 'AccessRule',
    name: `${name} ${text}`,
    action,
    fields: [],
    destructive: action === 'delete',
    ...(reason === undefined ? {} : { reason }),
  });
  const untouched = (reason: string): Planned<AccessOp>[] => [
    { change: change('(all)', 'none', reason), op: { do: 'nothing' } },
  ];
  if (share.status !== 'available') return untouched(`the share is ${share.status}; its rules are left as they are`);
  const ip = rules.filter(({ type }) => type === 'ip');
  const serving = ip.filter((rule) => isServing(rule, level));
  const missing = clients.filter((client) => !serving.some(({ to }) => covers(to, client)));
  const stale = ip.filter(
    ({ id, to, metadata }) =>
      metadata[RULE_CLUSTER] === clusterId && !kept.has(id) && !clients.some((client) => isSameClient(client, to)),
  );
  if (ip.length - stale.length + missing.length > MAX_RULES) {
    return untouched(`it would have more than ${MAX_RULES} rules; name subnets instead of single nodes`);
  }
  const blocked = missing.filter((client) => ip.some(({ to }) => isSameClient(to, client)));
  return [
    ...missing
      .filter((client) => !blocked.includes(client))
      .map((to): Planned<AccessOp> => ({
        change: change(`${to} ${level}`, 'create'),
        op: { do: 'allow', shareId: share.id, to, level },
      })),
    ...blocked.map((to): Planned<AccessOp> => ({
      change: change(`${to} ${level}`, 'none', 'somebody’s rule for this client has another level or is in error'),
      op: { do: 'nothing' },
    })),
    ...stale.map((rule): Planned<AccessOp> => ({
      change: change(`${rule.to} ${rule.level}`, 'delete', 'no node is behind it any more'),
      op: { do: 'deny', shareId: share.id, ruleId: rule.id },
    })),
  ];
}

function isServing({ level, state }: AccessRule, wanted: 'rw' | 'ro'): boolean {
  return (level === 'rw' || wanted === 'ro') && state !== 'error' && !state.includes('den');
}

import { ManilaFault, overLimit } from './errors.ts';
import type { QuotaSubject } from './quota-store.ts';
import { QUOTA_DEFAULTS } from './quota-store.ts';
import type { ManilaState, Share } from './state.ts';

export interface Usage {
  in_use: number;
  reserved: number;
}

/** How much of each quota a subject has taken, counted from what exists. */
export function usage(state: ManilaState, { projectId, userId, shareTypeId }: QuotaSubject): Record<string, Usage> {
  const counts = Object.fromEntries(Object.keys(QUOTA_DEFAULTS).map((key) => [key, { in_use: 0, reserved: 0 }]));
  const add = (key: string, amount: number, kind: keyof Usage = 'in_use'): void => {
    const count = counts[key];
    if (count) count[kind] += amount;
  };
  const counts_ = (owner: { projectId: string; userId: string }, typeId?: string | null): boolean =>
    owner.projectId === projectId &&
    (userId === undefined || owner.userId === userId) &&
    (shareTypeId === undefined || typeId === shareTypeId);
  for (const share of state.shares.values()) {
    if (!counts_(share, share.typeId)) continue;
    add('shares', 1);
    add('gigabytes', share.size);
    add('gigabytes', share.growing, 'reserved');
    if (share.replicationType === null) continue;
    add('share_replicas', 1);
    add('replica_gigabytes', share.size);
    add('replica_gigabytes', share.growing, 'reserved');
  }
  for (const snapshot of state.snapshots.values()) {
    if (!counts_(snapshot, state.shares.get(snapshot.shareId)?.typeId)) continue;
    add('snapshots', 1);
    add('snapshot_gigabytes', snapshot.size);
  }
  if (shareTypeId === undefined) {
    for (const network of state.networks.values()) if (counts_(network)) add('share_networks', 1);
  }
  return counts;
}

interface Claim {
  projectId: string;
  userId: string;
  typeId: string | null;
  amounts: Record<string, number>;
}

interface Exceeded {
  /** Names of the quotas, sorted. */
  overs: string[];
  /** Limits of the subject that refused. */
  limits: Record<string, number>;
}

/** The quotas that a claim would exceed: those of user and project first, those of share type and project after. */
function exceeded(state: ManilaState, { projectId, userId, typeId, amounts }: Claim): Exceeded | undefined {
  const project = state.quotas.limits({ projectId });
  const projectUse = usage(state, { projectId });
  const subjects: QuotaSubject[] = [{ projectId, userId }];
  if (typeId !== null) subjects.push({ projectId, shareTypeId: typeId });
  for (const subject of subjects) {
    const limits = state.quotas.limits(subject);
    const use = usage(state, subject);
    const over = (key: string, amount: number): boolean => {
      const [limit = -1, projectLimit = -1] = [limits[key], project[key]];
      if (limit < 0 || amount < 0) return false;
      return (projectLimit >= 0 && projectLimit < amount + total(projectUse[key])) || limit < amount + total(use[key]);
    };
    const overs = Object.entries(amounts).flatMap(([key, amount]) => (over(key, amount) ? [key] : []));
    if (overs.length > 0) return { overs: overs.sort(), limits };
  }
  return undefined;
}

function total(count: Usage | undefined): number {
  return (count?.in_use ?? 0) + (count?.reserved ?? 0);
}

const SIZE_SENTENCE = 'Requested share exceeds allowed project/user or share type gigabytes quota.';

/** @throws 413 where a new share of this size does not fit. */
export function claimShare(state: ManilaState, claim: Omit<Claim, 'amounts'>, size: number, replicated: boolean): void {
  const amounts = {
    shares: 1,
    gigabytes: size,
    ...(replicated && { share_replicas: 1, replica_gigabytes: size }),
  };
  const refusal = exceeded(state, { ...claim, amounts });
  if (!refusal) return;
  const { overs, limits } = refusal;
  if (overs.includes('gigabytes')) throw overLimit('ShareSizeExceedsAvailableQuota', SIZE_SENTENCE);
  if (overs.includes('shares')) {
    throw overLimit(
      'ShareLimitExceeded',
      `Maximum number of shares allowed (${limits['shares'] ?? 0}) either per project/user or share type quota is exceeded.`,
    );
  }
  const failed = 'Failed while creating a share with replication support.';
  if (overs.includes('share_replicas')) {
    throw overLimit('ShareReplicasLimitExceeded', `${failed} Maximum number of allowed share-replicas is exceeded.`);
  }
  throw overLimit(
    'ShareReplicaSizeExceedsAvailableQuota',
    `${failed} Requested share replica exceeds allowed project/user or share type gigabytes quota.`,
  );
}

/** @throws 413 where the project limits the size of each share below this. */
export function requireShareSize(state: ManilaState, projectId: string, size: number): void {
  const limit = state.quotas.limits({ projectId })['per_share_gigabytes'] ?? -1;
  if (limit < 0 || size <= limit) return;
  throw overLimit(
    'ShareSizeExceedsLimit',
    `Requested share size ${size} is larger than maximum allowed limit ${limit}.`,
  );
}

/** @throws 403, not 413, where an extension does not fit: so it is in Zed. */
export function claimGrowth(state: ManilaState, share: Share, increase: number): void {
  const { projectId, userId, typeId } = share;
  const amounts = {
    gigabytes: increase,
    ...(share.replicationType !== null && { replica_gigabytes: increase }),
  };
  const refusal = exceeded(state, { projectId, userId, typeId, amounts });
  if (!refusal) return;
  if (refusal.overs.includes('gigabytes')) throw new ManilaFault(403, SIZE_SENTENCE);
  throw overLimit(
    'ShareReplicaSizeExceedsAvailableQuota',
    'Failed while extending a share with replication support. There is no available quota to extend the share and its 1 replicas. Maximum number of allowed replica_gigabytes is exceeded.',
  );
}

/** @throws 413 */
export function claimSnapshot(state: ManilaState, claim: Omit<Claim, 'amounts'>, size: number): void {
  const refusal = exceeded(state, { ...claim, amounts: { snapshots: 1, snapshot_gigabytes: size } });
  if (!refusal) return;
  if (refusal.overs.includes('snapshot_gigabytes')) {
    throw overLimit(
      'SnapshotSizeExceedsAvailableQuota',
      'Requested snapshot exceeds allowed project/user or share type gigabytes quota.',
    );
  }
  const limit = refusal.limits['snapshots'] ?? 0;
  throw overLimit(
    'SnapshotLimitExceeded',
    `Maximum number of snapshots allowed (${limit}) either per project/user or share type quota is exceeded.`,
  );
}

/** @throws 413 */
export function claimNetwork(state: ManilaState, projectId: string, userId: string): void {
  const refusal = exceeded(state, { projectId, userId, typeId: null, amounts: { share_networks: 1 } });
  if (!refusal) return;
  const limit = refusal.limits['share_networks'] ?? 0;
  throw overLimit('ShareNetworksLimitExceeded', `Maximum number of share-networks allowed (${limit}) exceeded.`);
}

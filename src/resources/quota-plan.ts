import type { UserQuotaSpec } from '../config/types.ts';
import type { QuotaDetail, QuotaSet } from '../openstack/types.ts';
import type { FieldChange } from '../reconcile/change.ts';

/** The file's keys, and Manila's. */
export const QUOTA_KEYS: Record<keyof UserQuotaSpec, string> = {
  shares: 'shares',
  gigabytes: 'gigabytes',
  snapshots: 'snapshots',
  snapshotGigabytes: 'snapshot_gigabytes',
  shareReplicas: 'share_replicas',
  replicaGigabytes: 'replica_gigabytes',
  shareNetworks: 'share_networks',
  shareGroups: 'share_groups',
  shareGroupSnapshots: 'share_group_snapshots',
  perShareGigabytes: 'per_share_gigabytes',
  backups: 'backups',
  backupGigabytes: 'backup_gigabytes',
  encryptionKeys: 'encryption_keys',
};

export type QuotaKey = keyof UserQuotaSpec;

/** Limits as the file wants them, by Manila's keys. */
export type WantedLimits = ReadonlyMap<QuotaKey, number | 'inherit'>;

/** Limits of one subject (a project, or a share type or a user in it) and what they are within. */
export interface Subject {
  now: QuotaDetail;
  /** What `inherit` means: the limits of the project, for a project those of the cloud. */
  parent: QuotaSet;
  /** Keys of the parent that this run changes: what is inherited changes with them. */
  moving: ReadonlySet<string>;
}

/** What is written for one subject. */
export interface SubjectPlan {
  fields: FieldChange[];
  /** Everything back to what is inherited, by one deletion. */
  reset: boolean;
  limits: QuotaSet;
}

/** Limits that the file gives; every known one where it says `inherit` for all. */
export function wantedLimits(
  spec: Partial<Record<QuotaKey, number | 'inherit'>> | 'inherit',
  now: QuotaDetail,
): WantedLimits {
  const keys = Object.keys(QUOTA_KEYS) as QuotaKey[];
  if (spec === 'inherit') return new Map(keys.filter((key) => now[QUOTA_KEYS[key]]).map((key) => [key, 'inherit']));
  return new Map(keys.flatMap((key) => (spec[key] === undefined ? [] : [[key, spec[key]]])));
}

/**
 * Manila can only take away all limits of a subject at once, and what is not set it shows as the parent's. So what is
 * to be inherited is deleted where nothing else would be lost, and otherwise set to what the parent has.
 */
export function planSubject(wanted: WantedLimits, { now, parent, moving }: Subject, prefix = ''): SubjectPlan {
  const plan: SubjectPlan = { fields: [], reset: false, limits: {} };
  const after = new Map(Object.entries(now).map(([key, { limit }]) => [key, limit]));
  let inherits = false;
  for (const [key, value] of wanted) {
    const name = QUOTA_KEYS[key];
    const before = now[name]?.limit;
    if (before === undefined) continue;
    const target = value === 'inherit' ? (parent[name] ?? before) : value;
    after.set(name, target);
    // A limit that only seems to be set would move away with the parent's.
    const borrowed = value !== 'inherit' && before === parent[name] && moving.has(name);
    if (before === target && !borrowed) continue;
    plan.fields.push({ path: `${prefix}${key}`, before, after: value });
    plan.limits[name] = target;
    inherits ||= value === 'inherit';
  }
  if (inherits && [...after].every(([name, limit]) => limit === parent[name])) {
    plan.reset = true;
    plan.limits = {};
  }
  return plan;
}

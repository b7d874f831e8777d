import type { QuotaDetail, QuotaSet } from '../types.ts';
import { type ManilaApi, type Microversion, minor } from './api.ts';

/** Whose quota within the project; at most one of both. */
export interface QuotaScope {
  userId?: string;
  /** Name or id. */
  shareType?: string;
}

/** Lowest microversion of each quota key. */
const KEY_VERSIONS: Record<string, Microversion> = {
  shares: '2.7',
  gigabytes: '2.7',
  snapshots: '2.7',
  snapshot_gigabytes: '2.7',
  share_networks: '2.7',
  share_groups: '2.40',
  share_group_snapshots: '2.40',
  share_replicas: '2.53',
  replica_gigabytes: '2.53',
  per_share_gigabytes: '2.62',
  backups: '2.80',
  backup_gigabytes: '2.80',
  encryption_keys: '2.90',
};

/** Every step at which keys were added, newest first. */
const DETAIL_LADDER = ['2.90', '2.80', '2.62', '2.53', '2.40', '2.39', '2.25'] as const;
const LADDER = [...DETAIL_LADDER, '2.7'] as const;

/** The microversion that a quota key came with. */
export function quotaKeyVersion(key: string): Microversion {
  return KEY_VERSIONS[key] ?? '2.7';
}

/** Limits in force. A project that does not exist gets the defaults; a type without its own limit the project's. */
export async function getQuota(api: ManilaApi, projectId: string, scope: QuotaScope = {}): Promise<QuotaSet> {
  const { body } = await api.call({
    method: 'GET',
    path: `/quota-sets/${projectId}`,
    ...scoped(api, scope, api.best(...LADDER)),
  });
  return numbersOf((body as { quota_set: Record<string, unknown> }).quota_set);
}

/** Limits with what is used and reserved of each. */
export async function getQuotaDetail(api: ManilaApi, projectId: string, scope: QuotaScope = {}): Promise<QuotaDetail> {
  const { body } = await api.call({
    method: 'GET',
    path: `/quota-sets/${projectId}/detail`,
    feature: 'reading what is used of a quota',
    ...scoped(api, scope, api.best(...DETAIL_LADDER)),
  });
  const set = (body as { quota_set: Record<string, unknown> }).quota_set;
  return Object.fromEntries(
    Object.entries(set).flatMap(([key, value]) => {
      if (typeof value !== 'object' || value === null) return [];
      const { limit, in_use: inUse, reserved } = value as { limit: number; in_use: number; reserved: number };
      return [[key, { limit, inUse, reserved }]];
    }),
  );
}

/** The limits of a project for which nothing was set: those of the cloud. */
export async function defaultQuota(api: ManilaApi, projectId: string): Promise<QuotaSet> {
  const path = `/quota-sets/${projectId}/defaults`;
  const { body } = await api.call({ method: 'GET', path, version: api.best(...LADDER) });
  return numbersOf((body as { quota_set: Record<string, unknown> }).quota_set);
}

/**
 * Sets limits; keys that are not given stay. Manila writes the keys one after the other: a 400 may leave some of
 * them changed. With `force` also below what is used.
 */
export async function setQuota(
  api: ManilaApi,
  projectId: string,
  limits: QuotaSet,
  { force, ...scope }: QuotaScope & { force?: boolean } = {},
): Promise<void> {
  const needed = Object.keys(limits).map(quotaKeyVersion);
  const version = needed.reduce((high, one) => (minor(one) > minor(high) ? one : high), '2.7');
  const newest = Object.keys(limits).filter((key) => KEY_VERSIONS[key] === version);
  await api.call({
    method: 'PUT',
    path: `/quota-sets/${projectId}`,
    ...scoped(api, scope, version, `the quota of ${newest.join(', ')}`),
    json: { quota_set: { ...limits, ...(force && { force }) } },
  });
}

/** Back to the defaults; for a share type: back to the project's limits. */
export async function resetQuota(api: ManilaApi, projectId: string, scope: QuotaScope = {}): Promise<void> {
  await api.call({ method: 'DELETE', path: `/quota-sets/${projectId}`, ...scoped(api, scope, '2.7') });
}

function scoped(api: ManilaApi, { userId, shareType }: QuotaScope, version: Microversion, feature?: string) {
  if (shareType !== undefined) api.require('2.39', 'a quota of a share type');
  return {
    version: shareType !== undefined && minor(version) < 39 ? ('2.39' as const) : version,
    query: { user_id: userId, share_type: shareType },
    ...(feature === undefined ? {} : { feature }),
  };
}

function numbersOf(set: Record<string, unknown>): QuotaSet {
  return Object.fromEntries(
    Object.entries(set).filter((pair): pair is [string, number] => typeof pair[1] === 'number'),
  );
}

import { OpenStackError } from '../errors.ts';
import type { Pool, QuotaSet } from '../types.ts';
import type { ManilaApi } from './api.ts';

interface RawPool {
  name: string;
  backend: string;
  capabilities: Record<string, unknown>;
}

/**
 * Storage pools; with a share type only those whose capabilities match its extra specs, as the scheduler itself sees
 * it. It looks at neither protocol, capacity nor availability zone. For administrators.
 */
export async function listPools(api: ManilaApi, shareTypeId?: string): Promise<Pool[]> {
  const { body } = await api.call({
    method: 'GET',
    path: '/scheduler-stats/pools/detail',
    query: { share_type: shareTypeId },
    version: shareTypeId === undefined ? '2.7' : '2.23',
    feature: 'asking which pools serve a share type',
  });
  return (body as { pools: RawPool[] }).pools.map(({ name, backend, capabilities }) => ({
    name,
    backend,
    capabilities,
  }));
}

/** Names of the zones in which a manila-share service is registered. */
export async function availabilityZones(api: ManilaApi): Promise<string[]> {
  const { body } = await api.call({ method: 'GET', path: '/availability-zones', version: '2.7' });
  return (body as { availability_zones: { name: string }[] }).availability_zones.map(({ name }) => name).sort();
}

/** The own project's limits and use, as Manila names them: maxTotalShares, totalSharesUsed, ... */
export async function limits(api: ManilaApi): Promise<QuotaSet> {
  const { body } = await api.call({ method: 'GET', path: '/limits', version: api.best('2.58', '2.7') });
  return (body as { limits: { absolute: QuotaSet } }).limits.absolute;
}

/** May this user do what only Manila's administrators may? Role names do not tell; the policy does. */
export async function isAdmin(api: ManilaApi): Promise<boolean> {
  try {
    await api.call({ method: 'GET', path: '/services', query: { binary: 'manila-scheduler' }, version: '2.7' });
    return true;
  } catch (error) {
    if (error instanceof OpenStackError && error.status === 403) return false;
    throw error;
  }
}

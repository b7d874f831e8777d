import type { Share, UserMessage } from '../types.ts';
import type { ManilaApi } from './api.ts';

export interface ShareFilter {
  /** Shares of all projects; only for administrators. */
  allProjects?: boolean;
  name?: string;
  /** Part of the name (2.36). */
  nameContains?: string;
  status?: string;
  shareTypeId?: string;
  /** With `allProjects`. */
  projectId?: string;
}

export interface NewShare {
  name: string;
  description?: string;
  /** GiB. */
  size: number;
  protocol: string;
  /** Name or id. */
  shareType: string;
  shareNetworkId?: string;
  availabilityZone?: string;
  metadata?: Record<string, string>;
}

export interface ExportLocation {
  path: string;
  preferred: boolean;
}

interface RawShare {
  id: string;
  name: string | null;
  description: string | null;
  status: string;
  size: number;
  share_proto: string;
  share_type: string;
  share_type_name?: string;
  project_id: string;
  availability_zone?: string | null;
  created_at?: string;
  access_rules_status?: string;
  metadata?: Record<string, string>;
}

/** Servers cap pages at osapi_max_limit, 1000 unless the operator says otherwise. */
const PAGE = 500;

/** One share; undefined where there is none or it is another project's. */
export async function getShare(api: ManilaApi, id: string): Promise<Share | undefined> {
  const path = `/shares/${encodeURIComponent(id)}`;
  const response = await api.optional({ method: 'GET', path, version: '2.7' });
  return response && asShare((response.body as { share: RawShare }).share);
}

/**
 * All shares that match, page by page with `offset`: Manila's own `next` links carry a marker that it ignores, so
 * who follows them never ends.
 */
export async function listShares(api: ManilaApi, filter: ShareFilter = {}): Promise<Share[]> {
  const counted = api.supports('2.42');
  const found = new Map<string, Share>();
  for (let offset = 0; ;) {
    const { body } = await api.call({
      method: 'GET',
      path: '/shares/detail',
      version: counted ? '2.42' : filter.nameContains === undefined ? '2.7' : '2.36',
      query: {
        ...query(filter),
        limit: PAGE,
        offset,
        // Equal values of any other key come in any order, which loses some between pages.
        sort_key: 'id',
        sort_dir: 'asc',
        with_count: counted ? 'True' : undefined,
      },
    });
    const { shares, count } = body as { shares: RawShare[]; count?: number };
    for (const raw of shares) found.set(raw.id, asShare(raw));
    offset += shares.length;
    if (shares.length === 0 || (count !== undefined && offset >= count)) return [...found.values()];
  }
}

/** How many shares match: one request from 2.42 on. */
export async function countShares(api: ManilaApi, filter: ShareFilter): Promise<number> {
  if (!api.supports('2.42')) return (await listShares(api, filter)).length;
  const { body } = await api.call({
    method: 'GET',
    path: '/shares',
    version: '2.42',
    query: { ...query(filter), limit: 1, with_count: 'True' },
  });
  return (body as { count: number }).count;
}

function query(filter: ShareFilter): Record<string, string | number | undefined> {
  return {
    all_tenants: filter.allProjects ? 1 : undefined,
    name: filter.name,
    'name~': filter.nameContains,
    status: filter.status,
    share_type_id: filter.shareTypeId,
    project_id: filter.projectId,
  };
}

/**
 * Asks for a share; it comes back `creating`. Not repeated after a lost answer: names are not unique. At 2.37, the
 * microversion of Manila's CSI driver, so that it becomes what a claim's would.
 */
export async function createShare(api: ManilaApi, wanted: NewShare): Promise<Share> {
  const { body } = await api.call({
    method: 'POST',
    path: '/shares',
    version: '2.37',
    json: {
      share: {
        name: wanted.name,
        size: wanted.size,
        share_proto: wanted.protocol,
        share_type: wanted.shareType,
        ...(wanted.description === undefined ? {} : { description: wanted.description }),
        ...(wanted.shareNetworkId === undefined ? {} : { share_network_id: wanted.shareNetworkId }),
        ...(wanted.availabilityZone === undefined ? {} : { availability_zone: wanted.availabilityZone }),
        ...(wanted.metadata === undefined ? {} : { metadata: wanted.metadata }),
      },
    },
  });
  return asShare((body as { share: RawShare }).share);
}

/** Returns whether there was one. It is gone when {@link getShare} finds it no more. */
export async function deleteShare(api: ManilaApi, id: string): Promise<boolean> {
  return (await api.optional({ method: 'DELETE', path: `/shares/${id}`, version: '2.7' })) !== undefined;
}

/** Where a share can be mounted, the preferred one first; locations for administrators are left out. */
export async function exportLocations(api: ManilaApi, shareId: string): Promise<ExportLocation[]> {
  const path = `/shares/${shareId}/export_locations`;
  const { body } = await api.call({ method: 'GET', path, version: api.best('2.14', '2.9') });
  const all = (body as { export_locations: { path: string; preferred?: boolean; is_admin_only?: boolean }[] })
    .export_locations;
  return all
    .filter((one) => one.is_admin_only !== true)
    .map((one) => ({ path: one.path, preferred: one.preferred ?? false }))
    .sort((a, b) => Number(b.preferred) - Number(a.preferred));
}

/** Manila's messages to users about a resource, newest first. A cloud below 2.37 has none. */
export async function messages(api: ManilaApi, { resourceId }: { resourceId: string }): Promise<UserMessage[]> {
  if (!api.supports('2.37')) return [];
  const query = { resource_id: resourceId };
  const { body } = await api.call({ method: 'GET', path: '/messages', query, version: '2.37' });
  return (body as { messages: RawMessage[] }).messages
    .map((raw) => ({
      id: raw.id,
      message: raw.user_message,
      actionId: raw.action_id,
      detailId: raw.detail_id,
      createdAt: raw.created_at,
      ...(raw.request_id ? { requestId: raw.request_id } : {}),
    }))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

interface RawMessage {
  id: string;
  user_message: string;
  action_id: string;
  detail_id: string;
  created_at: string;
  request_id?: string;
}

function asShare(raw: RawShare): Share {
  return {
    id: raw.id,
    name: raw.name ?? '',
    description: raw.description ?? '',
    status: raw.status,
    size: raw.size,
    protocol: raw.share_proto,
    shareTypeId: raw.share_type,
    shareTypeName: raw.share_type_name ?? '',
    projectId: raw.project_id,
    ...(raw.availability_zone ? { availabilityZone: raw.availability_zone } : {}),
    ...(raw.created_at ? { createdAt: raw.created_at } : {}),
    metadata: raw.metadata ?? {},
  };
}

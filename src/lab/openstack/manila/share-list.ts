import type { LabResponse } from '../http-server.ts';
import { looseBool, pythonDict, strictBool } from '../python.ts';
import { allTenants, ok, page, requirePolicy, sortedShares, type ManilaCall, type ManilaRoute } from './call.ts';
import { badRequest, serverError } from './errors.ts';
import { shareDetail, shareSummary } from './share-view.ts';
import type { Share } from './state.ts';

export const shareListRoutes: ManilaRoute[] = [
  { method: 'GET', path: '/shares', handler: (call) => list(call, shareSummary) },
  { method: 'GET', path: '/shares/detail', handler: (call) => list(call, shareDetail) },
];

/** Columns that lists can be sorted by. */
const SORT_KEYS: Record<string, (share: Share) => string | number | boolean | null> = {
  id: (share) => share.id,
  name: (share) => share.name,
  display_name: (share) => share.name,
  size: (share) => share.size,
  status: (share) => share.status,
  share_proto: (share) => share.proto,
  project_id: (share) => share.projectId,
  user_id: (share) => share.userId,
  host: (share) => share.host,
  share_type_id: (share) => share.typeId,
  share_network_id: (share) => share.networkId,
  snapshot_id: (share) => share.snapshotId,
  availability_zone_id: (share) => share.zone,
  created_at: (share) => share.createdAt,
  updated_at: (share) => share.createdAt,
};

/** Query parameters that compare for equality. */
const EQUAL: Record<string, (share: Share) => string | null> = {
  name: (share) => share.name,
  display_name: (share) => share.name,
  status: (share) => share.status,
  share_type_id: (share) => share.typeId,
  snapshot_id: (share) => share.snapshotId,
  share_network_id: (share) => share.networkId,
  host: (share) => share.host,
  share_server_id: (share) => share.serverId,
  share_group_id: () => null,
  description: (share) => share.description,
  display_description: (share) => share.description,
};
/** The microversion that brought a parameter; older ones do not see it. */
const SINCE: Record<string, number> = {
  export_location_id: 35,
  export_location_path: 35,
  'name~': 36,
  'description~': 36,
  description: 36,
  is_soft_deleted: 69,
};

function list(call: ManilaCall, view: (call: ManilaCall, share: Share) => Record<string, unknown>): LabResponse {
  const { limit, offset } = page(call);
  const query = readQuery(call);
  const all = allTenants(call);
  const withPublic = publicToo(query);
  const chosen = [...call.state.shares.values()].filter(
    (share) => all || share.projectId === call.projectId || (withPublic && share.isPublic),
  );
  const inBin = looseBool(query.get('is_soft_deleted') ?? false);
  const filters = filtersOf(call, query);
  const matching = sortedShares(
    call,
    chosen.filter((share) => share.softDeleted === inBin && filters.every((fits) => fits(share))),
    SORT_KEYS,
  );
  // Without a limit the whole list is given, and an offset alone does nothing.
  const shown = limit === undefined ? matching : matching.slice(offset, offset + limit);
  const next = call.nextLink('shares', shown);
  return ok({
    shares: shown.map((share) => view(call, share)),
    ...(wantsCount(call, query) && { count: matching.length }),
    ...(next.length > 0 && { shares_links: next }),
  });
}

function readQuery(call: ManilaCall): Map<string, string> {
  const query = call.filters();
  for (const [key, since] of Object.entries(SINCE)) if (!call.since(since)) query.delete(key);
  if (query.has('host')) requirePolicy(call, 'share:list_by_host');
  if (query.has('share_server_id')) requirePolicy(call, 'share:list_by_share_server_id');
  if (query.has('extra_specs')) requirePolicy(call, 'share_types_extra_spec:index');
  return query;
}

function publicToo(query: Map<string, string>): boolean {
  const text = query.get('is_public') ?? 'false';
  const value = strictBool(text);
  if (value === undefined) throw serverError();
  return value;
}

function wantsCount(call: ManilaCall, query: Map<string, string>): boolean {
  const text = query.get('with_count');
  if (text === undefined || !call.since(42)) return false;
  const value = strictBool(text);
  if (value === undefined) throw badRequest(`Invalid value ${text} for with_count. Expecting a boolean.`);
  return value;
}

function filtersOf(call: ManilaCall, query: Map<string, string>): ((share: Share) => boolean)[] {
  const filters: ((share: Share) => boolean)[] = [];
  for (const [key, wanted] of query) {
    const read = EQUAL[key];
    if (read && wanted !== '') filters.push((share) => (read(share) ?? '').toLowerCase() === wanted.toLowerCase());
  }
  const part = (key: string, read: (share: Share) => string | null): void => {
    const wanted = query.get(key)?.toLowerCase();
    if (wanted) filters.push((share) => (read(share) ?? '').toLowerCase().includes(wanted));
  };
  part('name~', (share) => share.name);
  part('description~', (share) => share.description);
  if (call.context.isAdmin) {
    const project = query.get('project_id');
    if (project) filters.push((share) => share.projectId === project);
  }
  const location = query.get('export_location_id');
  if (location) filters.push((share) => share.exportLocations.some(({ id }) => id === location));
  const path = query.get('export_location_path');
  if (path) filters.push((share) => share.exportLocations.some((one) => one.path === path));
  filters.push(...dictFilters(call, query));
  return filters;
}

function dictFilters(call: ManilaCall, query: Map<string, string>): ((share: Share) => boolean)[] {
  const read = (key: string): [string, string][] => {
    const text = query.get(key);
    if (text === undefined) return [];
    const dict = pythonDict(text);
    if (!dict) throw serverError();
    return Object.entries(dict);
  };
  const specs = read('extra_specs');
  return [
    ...read('metadata').map(
      ([key, value]) =>
        (share: Share) =>
          share.metadata[key] === value,
    ),
    ...specs.map(
      ([key, value]) =>
        (share: Share) =>
          call.state.types.get(share.typeId ?? '')?.extraSpecs[key] === value,
    ),
  ];
}

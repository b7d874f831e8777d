import { type Answer, type JsonServer, type Request, startJsonServer } from './json-server.ts';
import type { KeystoneServer } from './keystone-server.ts';

interface ShareType {
  id: string;
  name: string;
  description: string | null;
  isPublic: boolean;
  extraSpecs: Record<string, string>;
  projects: string[];
}

interface Limit {
  limit: number;
  in_use: number;
  reserved: number;
}

export interface ManilaServer extends JsonServer {
  types: ShareType[];
  /** As the API sends them. */
  shares: Record<string, unknown>[];
  messages: Record<string, unknown>[];
  accessRules: Record<string, unknown>[];
  exportLocations: Record<string, unknown>[];
  pools: { name: string; host: string; backend: string; pool: string; capabilities: Record<string, unknown> }[];
  /** By project id, or `PROJECT/TYPE`. */
  quotas: Map<string, Record<string, Limit>>;
  maxVersion: string;
  /** osapi_max_limit: no page is longer. */
  pageLimit: number;
  /** `METHOD /path` of all requests that change something. */
  writes(): string[];
}

const CAPABILITIES = {
  storage_protocol: 'NFS_CIFS',
  driver_handles_share_servers: false,
  snapshot_support: true,
  create_share_from_snapshot_support: true,
  revert_to_snapshot_support: true,
  mount_snapshot_support: true,
  dedupe: false,
  compression: false,
  replication_type: null,
  total_capacity_gb: 1230,
  free_capacity_gb: 1210,
};
const DEFAULTS: Record<string, number> = {
  shares: 50,
  gigabytes: 1000,
  snapshots: 50,
  snapshot_gigabytes: 1000,
  share_networks: 10,
  share_groups: 50,
  share_group_snapshots: 50,
  share_replicas: 100,
  replica_gigabytes: 1000,
  per_share_gigabytes: -1,
};

/** Collections that are the same in every test. */
const FIXED: Readonly<Record<string, Answer>> = {
  'availability-zones': { status: 200, body: { availability_zones: [{ id: '1', name: 'nova' }] } },
  'share-networks': { status: 200, body: { share_networks: [] } },
};

/**
 * As much of Manila's v2 API as this program uses, with answers and faults of a real one (15.1, Zed), which prints
 * some of them as unfilled templates. It enters itself into the Keystone's catalog as `sharev2`.
 */
export async function startManila(keystone: KeystoneServer): Promise<ManilaServer> {
  let serial = 0;
  const pool = (name: string, extra: object): ManilaServer['pools'][number] => ({
    name: `rwx@${name.toLowerCase()}#pool_${name}`,
    host: 'rwx',
    backend: name.toLowerCase(),
    pool: `pool_${name}`,
    capabilities: { ...CAPABILITIES, share_backend_name: name, ...extra },
  });
  const server = await startJsonServer((request) => answer(request));
  const state: ManilaServer = Object.assign(server, {
    types: [],
    shares: [],
    messages: [],
    accessRules: [],
    exportLocations: [],
    pools: [pool('ALPHA', {}), pool('BETA', { driver_handles_share_servers: true })],
    quotas: new Map<string, Record<string, Limit>>(),
    maxVersion: '2.73',
    pageLimit: 1000,
    writes: () =>
      server.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
  });
  const url = `${server.origin}/v2`;
  keystone.catalog.push({
    type: 'sharev2',
    name: 'manilav2',
    endpoints: ['public', 'internal', 'admin'].map((one) => ({ interface: one, region: 'RegionOne', url })),
  });

  const answer = (request: Request): Answer => {
    const path = request.path.replace(/^\/v2(\/[0-9a-f]{32})?/, '');
    if (!request.path.startsWith('/v2')) return NO_ROUTE;
    const isAdmin = keystone.isAdmin(request);
    if (isAdmin === undefined && path !== '/') {
      const message = 'The request you have made requires authentication.';
      return { status: 401, body: { error: { code: 401, title: 'Unauthorized', message } } };
    }
    const version = String(request.headers['x-openstack-manila-api-version'] ?? '2.0');
    const headers = { 'x-compute-request-id': `req-manila-${++serial}`, 'x-openstack-manila-api-version': version };
    if (minor(version) > minor(state.maxVersion)) {
      const message =
        'Version %(req_ver)s is not supported by the API. Minimum is %(min_ver)s and maximum is %(max_ver)s.';
      return { ...fault('computeFault', 406, message), headers };
    }
    return { headers, ...route(request, path, isAdmin ?? false, minor(version)) };
  };

  const route = (request: Request, path: string, isAdmin: boolean, version: number): Answer => {
    const [, noun, id, sub, key] = path.split('/');
    switch (noun) {
      case '':
        return { status: 200, body: { versions: [versionEntry(server.origin, state.maxVersion)] } };
      case 'types':
        return typesRoute(request, { id, sub, key: decodeURIComponent(key ?? '') }, isAdmin, version);
      case 'quota-sets':
        return isAdmin || request.method === 'GET' ? quotaRoute(request, id ?? '', sub) : DENIED;
      case 'scheduler-stats':
        return isAdmin ? { status: 200, body: { pools: state.pools } } : DENIED;
      case 'services':
        return isAdmin ? { status: 200, body: { services: [] } } : DENIED;
      case 'limits':
        return { status: 200, body: { limits: { rate: [], absolute: { maxTotalShares: 50, totalSharesUsed: 0 } } } };
      case 'messages': {
        const wanted = request.query.get('resource_id');
        return { status: 200, body: { messages: state.messages.filter((one) => one.resource_id === wanted) } };
      }
      case 'share-access-rules':
        return version < 45 ? NOT_FOUND : { status: 200, body: { access_list: state.accessRules } };
      case 'shares':
        return sharesRoute(request, id, sub, version);
      default:
        return FIXED[String(noun)] ?? NO_ROUTE;
    }
  };

  const typesRoute = (
    request: Request,
    { id, sub, key }: { id: string | undefined; sub: string | undefined; key: string },
    isAdmin: boolean,
    version: number,
  ): Answer => {
    const view = (type: ShareType): object => ({
      id: type.id,
      name: type.name,
      'share_type_access:is_public': type.isPublic,
      extra_specs: isAdmin ? type.extraSpecs : memberSpecs(type),
      ...(version >= 41 && { description: type.description }),
      ...(version >= 46 && { is_default: false }),
    });
    if (id === undefined) {
      if (request.method === 'POST') return isAdmin ? createType(request, version, view) : DENIED;
      const seen = typesOf(request, isAdmin).map(view);
      return { status: 200, body: { volume_types: seen, share_types: seen } };
    }
    if (!isAdmin) return DENIED;
    const type = state.types.find((one) => one.id === id);
    if (!type) return fault('itemNotFound', 404, 'Share type not found.');
    switch (`${request.method} ${sub ?? ''}`) {
      case 'PUT ': {
        if (version < 50) return NOT_FOUND;
        const given = (request.body as { share_type: Record<string, unknown> }).share_type;
        if (typeof given.description === 'string') type.description = given.description;
        if (typeof given['share_type_access:is_public'] === 'boolean')
          type.isPublic = given['share_type_access:is_public'];
        return { status: 200, body: { share_type: view(type) } };
      }
      case 'DELETE ':
        state.types = state.types.filter((one) => one !== type);
        return { status: 202 };
      case 'POST extra_specs':
        Object.assign(type.extraSpecs, (request.body as { extra_specs: Record<string, string> }).extra_specs);
        return { status: 200, body: request.body };
      case 'DELETE extra_specs':
        if (!(key in type.extraSpecs)) return NOT_FOUND;
        type.extraSpecs = Object.fromEntries(Object.entries(type.extraSpecs).filter(([one]) => one !== key));
        return { status: 202 };
      case 'GET share_type_access':
        if (type.isPublic) return fault('itemNotFound', 404, 'Access list not available for public share types.');
        return {
          status: 200,
          body: { share_type_access: type.projects.map((project) => ({ share_type_id: id, project_id: project })) },
        };
      case 'POST action':
        return typeAction(type, request.body as Record<string, { project: string }>);
      default:
        return NOT_FOUND;
    }
  };
  /** What Manila shows: administrators everything, members public types and those that their project was given. */
  const typesOf = (request: Request, isAdmin: boolean): ShareType[] => {
    if (isAdmin) return state.types;
    const project = keystone.tokens.get(String(request.headers['x-auth-token']))?.projectId ?? '';
    return state.types.filter((type) => type.isPublic || type.projects.includes(project));
  };
  const createType = (request: Request, version: number, view: (type: ShareType) => object): Answer => {
    const given = (request.body as { share_type: Record<string, unknown> }).share_type;
    const name = String(given.name);
    const extraSpecs = { ...(given.extra_specs as Record<string, string>) };
    if (!('driver_handles_share_servers' in extraSpecs))
      return fault('badRequest', 400, 'Invalid extra_spec: %(reason)s.');
    if (state.types.some((one) => one.name.toLowerCase() === name.toLowerCase())) {
      return fault('conflictingRequest', 409, 'Share Type %(id)s already exists.');
    }
    if (version < 24 && !('snapshot_support' in extraSpecs)) extraSpecs.snapshot_support = 'True';
    const type: ShareType = {
      id: `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}`,
      name,
      description: typeof given.description === 'string' && version >= 41 ? given.description : null,
      isPublic: given['share_type_access:is_public'] !== false,
      extraSpecs,
      projects: [],
    };
    state.types.push(type);
    return { status: 200, body: { share_type: view(type), volume_type: view(type) } };
  };
  const typeAction = (type: ShareType, body: Record<string, { project: string }>): Answer => {
    const { addProjectAccess: add, removeProjectAccess: remove } = body;
    if (type.isPublic)
      return fault('conflictingRequest', 409, 'Type access modification is not applicable to public share type.');
    if (add && type.projects.includes(add.project))
      return fault(
        'conflictingRequest',
        409,
        'Share type access for %(share_type_id)s / %(project_id)s combination already exists.',
      );
    if (add) type.projects.push(add.project);
    if (remove) type.projects = type.projects.filter((one) => one !== remove.project);
    return { status: 202 };
  };

  const quotaRoute = (request: Request, project: string, sub: string | undefined): Answer => {
    const typeName = request.query.get('share_type');
    if (typeName !== null && !state.types.some(({ name }) => name === typeName)) {
      return fault('itemNotFound', 404, `Share type with name or id '${typeName}' not found.`);
    }
    const own = limitsOf(project);
    const name = typeName === null ? project : `${project}/${typeName}`;
    const set = typeName === null ? own : (state.quotas.get(name) ?? inherited(own));
    if (request.method === 'DELETE') {
      state.quotas.delete(name);
      return { status: 202 };
    }
    if (request.method === 'PUT') {
      state.quotas.set(name, set);
      const refusal = setLimits(request, set, typeName === null ? undefined : own);
      if (refusal) return refusal;
    }
    const flat = Object.fromEntries(Object.entries(set).map(([key, { limit }]) => [key, limit]));
    return { status: 200, body: { quota_set: { id: project, ...(sub === 'detail' ? set : flat) } } };
  };
  const limitsOf = (project: string): Record<string, Limit> => {
    const present = state.quotas.get(project);
    if (present) return present;
    const made = Object.fromEntries(
      Object.entries(DEFAULTS).map(([key, limit]) => [key, { limit, in_use: 0, reserved: 0 }]),
    );
    state.quotas.set(project, made);
    return made;
  };

  const sharesRoute = (request: Request, id: string | undefined, sub: string | undefined, version: number): Answer => {
    if (id === 'detail') return sharePage(request);
    if (id === undefined) {
      const share = { id: `share-${++serial}`, status: 'creating', ...(request.body as { share: object }).share };
      state.shares.push(share);
      return { status: 200, body: { share } };
    }
    const share = state.shares.find((one) => one.id === id);
    if (!share) return fault('itemNotFound', 404, `Share ${id} could not be found.`);
    if (sub === 'export_locations') return { status: 200, body: { export_locations: state.exportLocations } };
    if (sub === 'action') return version < 45 ? { status: 200, body: { access_list: state.accessRules } } : NOT_FOUND;
    if (request.method === 'DELETE') {
      state.shares = state.shares.filter((one) => one !== share);
      return { status: 202 };
    }
    return { status: 200, body: { share } };
  };
  /** Offset paging; `next` carries a marker that Manila ignores. */
  const sharePage = (request: Request): Answer => {
    const offset = Number(request.query.get('offset') ?? 0);
    const limit = Math.min(Number(request.query.get('limit') ?? state.pageLimit), state.pageLimit);
    const page = state.shares.slice(offset, offset + limit);
    const href = `${url}/shares/detail?limit=${limit}&marker=${String(page.at(-1)?.id)}`;
    return {
      status: 200,
      body: {
        shares: page,
        ...(request.query.get('with_count') === 'True' && { count: state.shares.length }),
        ...(page.length === limit && { shares_links: [{ rel: 'next', href }] }),
      },
    };
  };
  return state;
}

/** A type without limits of its own shows the project's. */
function inherited(own: Record<string, Limit>): Record<string, Limit> {
  const kept = Object.entries(own).filter(([key]) => !/^share_(networks|groups|group_snapshots)$/.test(key));
  return Object.fromEntries(kept.map(([key, { limit }]) => [key, { limit, in_use: 0, reserved: 0 }]));
}

/** Key by key, as Manila does: what comes before a refused one stays changed. */
function setLimits(request: Request, set: Record<string, Limit>, ceilings?: Record<string, Limit>): Answer | undefined {
  const { force, ...limits } = (request.body as { quota_set: Record<string, number> }).quota_set;
  for (const [key, limit] of Object.entries(limits)) {
    const entry = set[key];
    if (!entry) return fault('badRequest', 400, `Bad key(s) ${key} in quota_set.`);
    const ceiling = ceilings?.[key]?.limit ?? -1;
    if (ceiling !== -1 && limit === -1) return fault('badRequest', 400, 'Quota limit must be greater than 0.');
    if (ceiling !== -1 && limit > ceiling) return fault('badRequest', 400, `Quota limit must be less than ${ceiling}.`);
    const taken = force ? 0 : entry.in_use + entry.reserved;
    if (limit !== -1 && limit < taken) {
      return fault('badRequest', 400, `Quota value (${limit}) for ${key} must be greater or equal than ${taken}.`);
    }
    entry.limit = limit;
  }
  return undefined;
}

/** Manila's form of a fault. */
export function fault(name: string, code: number, message: string): Answer {
  return { status: code, body: { [name]: { code, message } } };
}

const DENIED = fault('forbidden', 403, 'Access was denied to this resource.');
const NO_ROUTE: Answer = {
  status: 404,
  body: {
    code: '404 Not Found',
    title: 'Not Found',
    message: 'The resource could not be found.<br /><br />\n\n\n',
  },
};
const NOT_FOUND = fault('itemNotFound', 404, 'The resource could not be found.');

function minor(version: string): number {
  return Number(version.split('.')[1]);
}

function versionEntry(origin: string, version: string): object {
  return {
    id: 'v2.0',
    status: 'CURRENT',
    version,
    min_version: '2.0',
    links: [{ rel: 'self', href: `${origin}/v2/` }],
  };
}

/** Members see only the standard extra specs, and booleans for those that are not set. */
function memberSpecs({ extraSpecs }: ShareType): Record<string, unknown> {
  const { driver_handles_share_servers: dhss, snapshot_support: snapshots } = extraSpecs;
  return { driver_handles_share_servers: dhss, snapshot_support: snapshots ?? false, mount_snapshot_support: false };
}

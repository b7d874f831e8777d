import type { LabResponse } from '../http-server.ts';
import { isRecord, looseBool, pythonInt, pythonText } from '../python.ts';
import { accepted, ok, type ManilaCall, type ManilaRoute } from './call.ts';
import { badRequest, forbidden, invalidInput, notFound, serverError } from './errors.ts';
import { QUOTA_DEFAULTS, type QuotaSubject } from './quota-store.ts';
import { usage, type Usage } from './quotas.ts';

const SET = '/quota-sets/{project_id}';
const CLASS = '/quota-class-sets/{class_name}';

export const quotaRoutes: ManilaRoute[] = [
  { method: 'GET', path: SET, handler: show, since: 7, unscoped: 'denied' },
  { method: 'GET', path: `${SET}/detail`, handler: detail, since: 25, unscoped: 'denied' },
  { method: 'GET', path: `${SET}/defaults`, handler: defaults, since: 7, unscoped: 'denied' },
  { method: 'PUT', path: SET, handler: update, since: 7, admin: true, needsBody: true },
  { method: 'DELETE', path: SET, handler: remove, since: 7, admin: true },
  { method: 'GET', path: CLASS, handler: showClass, since: 7, unscoped: 'denied' },
  { method: 'PUT', path: CLASS, handler: updateClass, since: 7, admin: true, needsBody: true },
];

/** Members of a request that are no quotas. */
const NO_QUOTAS = ['tenant_id', 'id', 'force', 'share_type'];
const MAX_INT = 2_147_483_647;

/** The quotas that the microversion knows. A share type has none for networks and groups. */
function view(
  call: ManilaCall,
  values: Record<string, unknown>,
  options: { id?: string; shareType?: boolean } = {},
): LabResponse {
  const pick = (...keys: string[]): Record<string, unknown> =>
    Object.fromEntries(keys.map((key) => [key, values[key]]));
  const whole = options.shareType !== true;
  return ok({
    quota_set: {
      ...pick('shares', 'gigabytes', 'snapshots', 'snapshot_gigabytes'),
      ...(options.id !== undefined && { id: options.id }),
      ...(whole && pick('share_networks')),
      ...(whole && call.since(40) && pick('share_groups', 'share_group_snapshots')),
      ...(call.since(53) && pick('share_replicas', 'replica_gigabytes')),
      ...(call.since(62) && pick('per_share_gigabytes')),
    },
  });
}

/** Whose quotas the query asks for. @throws 400, 404 */
function subject(call: ManilaCall): QuotaSubject {
  const projectId = call.param('project_id');
  const userId = call.query.get('user_id') ?? '';
  const type = call.query.get('share_type') ?? '';
  if (type !== '' && !call.since(39)) {
    throw badRequest(
      "'share_type' key is not supported by this microversion. Use 2.39 or greater microversion to be able to use 'share_type' quotas.",
    );
  }
  const shareTypeId = type === '' ? undefined : typeId(call, type);
  if (userId !== '' && shareTypeId !== undefined) {
    throw badRequest("'user_id' and 'share_type' values are mutually exclusive");
  }
  return { projectId, userId: userId === '' ? undefined : userId, shareTypeId };
}

function typeId(call: ManilaCall, nameOrId: string): string {
  const type = call.state.types.get(nameOrId) ?? call.state.typeByName(nameOrId);
  if (!type) throw notFound(`Share type with name or id '${nameOrId}' not found.`);
  return type.id;
}

/** @throws 403 where a tenant asks for another project. */
function requireOwn(call: ManilaCall, projectId: string): void {
  if (!call.context.isAdmin && call.projectId !== projectId) throw forbidden();
}

function show(call: ManilaCall): LabResponse {
  requireOwn(call, call.param('project_id'));
  const whose = subject(call);
  return view(call, call.state.quotas.limits(whose), {
    id: whose.projectId,
    shareType: whose.shareTypeId !== undefined,
  });
}

function detailed(call: ManilaCall, whose: QuotaSubject): Record<string, Usage & { limit: number }> {
  const use = usage(call.state, whose);
  return Object.fromEntries(
    Object.entries(call.state.quotas.limits(whose)).map(([key, limit]) => [
      key,
      { limit, ...(use[key] ?? { in_use: 0, reserved: 0 }) },
    ]),
  );
}

function detail(call: ManilaCall): LabResponse {
  requireOwn(call, call.param('project_id'));
  const whose = subject(call);
  return view(call, detailed(call, whose), { id: whose.projectId, shareType: whose.shareTypeId !== undefined });
}

function defaults(call: ManilaCall): LabResponse {
  return view(call, call.state.quotas.defaults(), { id: call.param('project_id') });
}

/**
 * Sets quotas key by key in the order of the body: what stands before a refused one stays set.
 *
 * @throws 400 in the order and the words of Manila's checks
 */
function update(call: ManilaCall): LabResponse {
  const given = call.entity('quota_set') ?? {};
  refuseNewKeys(call, given);
  if (!Object.keys(QUOTA_DEFAULTS).some((key) => given[key] !== undefined && given[key] !== null)) {
    throw badRequest('Must supply at least one quota field to update.');
  }
  const whose = subject(call);
  const forType = whose.shareTypeId !== undefined;
  if (forType && ('share_groups' in given ? given['share_groups'] : given['share_group_snapshots'])) {
    throw badRequest('Share type quotas cannot constrain share groups and share group snapshots.');
  }
  const force = checkKeys(given, forType);
  const current = detailed(call, whose);
  for (const [key, value] of Object.entries(given)) {
    if (NO_QUOTAS.includes(key) || value === null || value === '') continue;
    const limit = integer(key, value);
    if (!force) requireFit(call, whose, key, limit, current[key]);
    else if (limit < -1) throw badRequest('Quota limit must be -1 or greater.');
    if (limit > MAX_INT) throw invalidInput('Quota limit should not exceed 2147483647');
    call.state.quotas.set(whose, key, limit);
  }
  return view(call, call.state.quotas.limits(whose), { shareType: forType });
}

function integer(key: string, value: unknown): number {
  const limit = pythonInt(value);
  if (limit === undefined) throw badRequest(`Quota '${pythonText(value)}' for ${key} should be integer.`);
  return limit;
}

/** Keys that came after the request's microversion. Each version checks only for what came next. */
function refuseNewKeys(call: ManilaCall, given: Record<string, unknown>): void {
  const [keys, version] = !call.since(39)
    ? [[], '']
    : !call.since(40)
      ? [['share_groups', 'share_group_snapshots'], '2.40']
      : !call.since(53)
        ? [['share_replicas', 'replica_gigabytes'], '2.53']
        : !call.since(62)
          ? [['per_share_gigabytes'], '2.62']
          : [[], ''];
  const key = keys.find((name) => Boolean(given[name]));
  if (key === undefined) return;
  throw badRequest(
    `'${key}' key is not supported by this microversion. Use ${version} or greater microversion to be able to use '${key}' quotas.`,
  );
}

/** @returns may limits go below what is used, or above the project's? */
function checkKeys(given: Record<string, unknown>, forType: boolean): boolean {
  const bad: string[] = [];
  let force = false;
  for (const [key, value] of Object.entries(given)) {
    if (key === 'share_networks' && forType) {
      throw badRequest("'share_networks' quota cannot be set for share type. It can be set only for project or user.");
    }
    if (key === 'force') force = looseBool(value);
    else if (NO_QUOTAS.includes(key)) continue;
    else if (!(key in QUOTA_DEFAULTS)) bad.push(key);
    else if (value) integer(key, value);
  }
  if (bad.length > 0) throw badRequest(`Bad key(s) ${bad.join(',')} in quota_set.`);
  return force;
}

/** @throws 400 where a limit is below what is used, or outside of what the project allows. */
function requireFit(
  call: ManilaCall,
  whose: QuotaSubject,
  key: string,
  limit: number,
  now: (Usage & { limit: number }) | undefined,
): void {
  const used = (now?.in_use ?? 0) + (now?.reserved ?? 0);
  if (limit >= 0 && now && now.limit >= 0 && used > limit) {
    throw badRequest(`Quota value ${limit} for ${key} is smaller than already used and reserved ${used}.`);
  }
  const { minimum, maximum } = settable(call, whose, key, used);
  if (limit < -1) throw badRequest('Quota limit must be -1 or greater.');
  if (limit < minimum && (maximum !== -1 || limit !== -1)) {
    throw badRequest(`Quota limit must be greater than ${minimum}.`);
  }
  if (maximum !== -1 && limit > maximum) throw badRequest(`Quota limit must be less than ${maximum}.`);
}

/** The range of a limit: a user or a share type has at most what the project has, a project at least what its users have. */
function settable(
  call: ManilaCall,
  { projectId, userId, shareTypeId }: QuotaSubject,
  key: string,
  used: number,
): { minimum: number; maximum: number } {
  const { quotas } = call.state;
  if (userId === undefined && shareTypeId === undefined) {
    return { minimum: Math.max(quotas.givenToUsers(projectId, key), used), maximum: -1 };
  }
  return { minimum: used, maximum: quotas.limits({ projectId })[key] ?? -1 };
}

function remove(call: ManilaCall): LabResponse {
  call.state.quotas.reset(subject(call));
  return accepted;
}

function classView(call: ManilaCall, name: string, withId: boolean): LabResponse {
  const limits = call.state.quotas.ofClass(name);
  const pick = (...keys: string[]): Record<string, unknown> =>
    Object.fromEntries(keys.map((key) => [key, limits[key]]));
  return ok({
    quota_class_set: {
      ...pick('shares', 'gigabytes', 'snapshots', 'snapshot_gigabytes', 'share_networks'),
      ...(withId && { id: name }),
      ...(call.since(40) && pick('share_groups', 'share_group_snapshots')),
      ...(call.since(53) && pick('share_replicas', 'replica_gigabytes')),
      ...(call.since(62) && pick('per_share_gigabytes')),
    },
  });
}

/** Tenants have no quota class, so that no class is theirs to see. */
function showClass(call: ManilaCall): LabResponse {
  if (!call.context.isAdmin) throw forbidden();
  return classView(call, call.param('class_name'), true);
}

function updateClass(call: ManilaCall): LabResponse {
  const name = call.param('class_name');
  const given = isRecord(call.body) ? (call.body['quota_class_set'] ?? {}) : {};
  if (!isRecord(given)) throw serverError();
  for (const [key, value] of Object.entries(given)) {
    if (!(key in QUOTA_DEFAULTS)) continue;
    const limit = pythonInt(value);
    if (limit === undefined) throw serverError();
    call.state.quotas.setClass(name, key, limit);
  }
  return classView(call, name, false);
}

import { unstorable } from '../../../core/database-text.ts';
import type { LabResponse } from '../http-server.ts';
import { isUuidLike, uuid } from '../ids.ts';
import { isRecord, pythonDict, pythonText, strictBool } from '../python.ts';
import { accepted, ok, type ManilaCall, type ManilaRoute } from './call.ts';
import { badRequest, conflict, notFound, serverError } from './errors.ts';
import { INFERRED, specsOfNewType, TENANT_VISIBLE } from './extra-specs.ts';
import type { ShareType } from './state.ts';

export const shareTypeRoutes: ManilaRoute[] = [
  { method: 'GET', path: '/types', handler: list },
  { method: 'POST', path: '/types', handler: create, admin: true, needsBody: true },
  { method: 'GET', path: '/types/default', handler: showDefault, unscoped: 'served' },
  // The router knows this path, and the code behind it has nothing for it.
  { method: 'GET', path: '/types/detail', handler: nothing },
  { method: 'GET', path: '/types/{type_id}', handler: show },
  { method: 'PUT', path: '/types/{type_id}', handler: update, admin: true, needsBody: true, since: 50 },
  { method: 'DELETE', path: '/types/{type_id}', handler: remove, admin: true },
  { method: 'GET', path: '/types/{type_id}/share_type_access', handler: listAccess, admin: true },
  { method: 'POST', path: '/types/{type_id}/action', action: 'addProjectAccess', handler: addAccess, admin: true },
  {
    method: 'POST',
    path: '/types/{type_id}/action',
    action: 'removeProjectAccess',
    handler: removeAccess,
    admin: true,
  },
];

/** A type as the caller sees it: tenants are shown the specs that concern them, with those that are only inferred. */
function view(call: ManilaCall, type: ShareType): Record<string, unknown> {
  const { isAdmin } = call.context;
  const specs: Record<string, unknown> = Object.fromEntries(
    Object.entries(type.extraSpecs).filter(([key]) => isAdmin || TENANT_VISIBLE.includes(key)),
  );
  if (!isAdmin && call.since(24)) for (const key of INFERRED) specs[key] ??= false;
  const handles = type.extraSpecs['driver_handles_share_servers'];
  return {
    id: type.id,
    name: type.name,
    extra_specs: specs,
    required_extra_specs: handles === undefined ? {} : { driver_handles_share_servers: handles },
    [call.since(7) ? 'share_type_access:is_public' : 'os-share-type-access:is_public']: type.isPublic,
    ...(call.since(41) && { description: type.description }),
    ...(call.since(46) && { is_default: type.name === call.state.options.defaultShareType }),
  };
}

function one(call: ManilaCall, type: ShareType): LabResponse {
  const shown = view(call, type);
  return ok({ volume_type: shown, share_type: shown });
}

/** May the caller see this type? */
export function visible(call: ManilaCall, type: ShareType): boolean {
  return call.context.isAdmin || type.isPublic || type.projects.includes(call.projectId);
}

function list(call: ManilaCall): LabResponse {
  const wantsPublic = call.context.isAdmin ? publicFilter(call.query.get('is_public')) : true;
  const inList = (type: ShareType): boolean => {
    if (wantsPublic === undefined) return true;
    // What is shared with the caller's own project counts as public.
    return type.isPublic === wantsPublic || (wantsPublic && type.projects.includes(call.projectId));
  };
  const shown = [...call.state.types.values()]
    .filter(inList)
    .filter(specFilter(call))
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
    .map((type) => view(call, type));
  return ok({ volume_types: shown, share_types: shown });
}

function publicFilter(text: string | null): boolean | undefined {
  if (text === null) return true;
  if (text.toLowerCase() === 'all') return undefined;
  const value = strictBool(text);
  if (value === undefined) throw badRequest(`Invalid is_public filter [${text}]`);
  return value;
}

function specFilter(call: ManilaCall): (type: ShareType) => boolean {
  const text = call.query.get('extra_specs');
  if (!text) return () => true;
  if (!call.since(43)) {
    throw badRequest(
      "Filter by 'extra_specs' is not supported by this microversion. Use 2.43 or greater microversion to be able to use filter search by 'extra_specs.",
    );
  }
  const wanted = pythonDict(text);
  if (!wanted) throw serverError();
  const { availability_zones: zones, ...specs } = wanted;
  return ({ extraSpecs }) => {
    const own = extraSpecs['availability_zones']?.split(',');
    const zonesFit = zones === undefined || !own || zones.split(',').every((zone) => own.includes(zone));
    return zonesFit && Object.entries(specs).every(([key, value]) => extraSpecs[key] === value);
  };
}

function showDefault(call: ManilaCall): LabResponse {
  const type = call.state.defaultType();
  if (!type) throw notFound('Default share type not found');
  return one(call, type);
}

function nothing(): LabResponse {
  throw notFound();
}

function show(call: ManilaCall): LabResponse {
  const type = call.state.types.get(call.param('type_id'));
  if (!type || !visible(call, type)) throw notFound('Share type not found.');
  return one(call, type);
}

function create(call: ManilaCall): LabResponse {
  const given = call.entity('share_type') ?? call.entity('volume_type');
  if (!given) throw badRequest();
  const { description } = given;
  const name = newName(call, given);
  const specs: Record<string, unknown> = isRecord(given['extra_specs']) ? { ...given['extra_specs'] } : {};
  if (!call.since(24)) specs['snapshot_support'] ??= true;
  const isPublic = given['os-share-type-access:is_public'] ?? given['share_type_access:is_public'] ?? true;
  const extraSpecs = specsOfNewType(specs);
  // The database takes what a database takes for a boolean, and falls over words.
  if (![true, false, 0, 1].includes(isPublic as number)) throw serverError();
  if (call.state.typeByName(name)) throw conflict('Share Type %(id)s already exists.');
  if (unstorable(`${name}${typeof description === 'string' ? description : ''}`) !== undefined) throw serverError();
  const type: ShareType = {
    id: uuid(),
    name,
    description: typeof description === 'string' ? description : null,
    isPublic: Boolean(isPublic),
    extraSpecs,
    projects: [],
  };
  call.state.types.set(type.id, type);
  return one(call, type);
}

function newName(call: ManilaCall, { name, description }: Record<string, unknown>): string {
  if (description && !call.since(41)) {
    throw badRequest(
      "'description' key is not supported by this microversion. Use 2.41 or greater microversion to be able to use 'description' in share type.",
    );
  }
  const tooLong = pythonText(description ?? '').length > 255;
  if (typeof name !== 'string' || name === '' || name.length > 255 || tooLong) {
    throw badRequest('Type name or description is not valid.');
  }
  return name;
}

function update(call: ManilaCall): LabResponse {
  const given = call.entity('share_type') ?? call.entity('volume_type');
  if (!given) throw badRequest();
  const { name, description, isPublic } = changes(given);
  const id = call.param('type_id');
  const type = call.state.types.get(id);
  if (!type) throw notFound(`ShareTypeNotFound: Share type ${id} could not be found.`);
  if (name !== undefined) {
    const namesake = call.state.typeByName(name);
    if (namesake && namesake !== type) throw conflict(`Share Type ${name} already exists.`);
    type.name = name;
  }
  if (description !== undefined) type.description = description === '' ? null : description;
  type.isPublic = isPublic ?? type.isPublic;
  return one(call, type);
}

/** What a request wants changed in a type. @throws 400 */
function changes(given: Record<string, unknown>): { name?: string; description?: string; isPublic?: boolean } {
  const present = (key: string): boolean => given[key] !== undefined && given[key] !== null;
  const result: ReturnType<typeof changes> = {};
  if (present('share_type_access:is_public')) {
    const isPublic = strictBool(given['share_type_access:is_public']);
    if (isPublic === undefined) throw badRequest('share_type_access:is_public has a non-boolean value.');
    result.isPublic = isPublic;
  }
  if (present('name')) {
    result.name = pythonText(given['name']);
    if (result.name.trim() === '') throw badRequest('Share type name cannot be empty.');
    if (result.name.length > 255) {
      throw badRequest('Share type name cannot be greater than 255 characters in length.');
    }
  }
  if (present('description')) {
    result.description = pythonText(given['description']);
    if (result.description.length > 255) {
      throw badRequest('Share type description cannot be greater than 255 characters in length.');
    }
  }
  if (Object.keys(result).length === 0) {
    throw badRequest('Specify share type name, description, share_type_access:is_public or a combination thereof.');
  }
  return result;
}

function remove(call: ManilaCall): LabResponse {
  const type = call.state.types.get(call.param('type_id'));
  if (!type) throw notFound();
  if ([...call.state.shares.values()].some((share) => share.typeId === type.id)) {
    throw badRequest('Target share type is still in use.');
  }
  call.state.types.delete(type.id);
  call.state.quotas.forgetType(type.id);
  return accepted;
}

function listAccess(call: ManilaCall): LabResponse {
  const id = call.param('type_id');
  const type = call.state.types.get(id);
  if (!type) throw notFound(`Share type ${id} not found.`);
  if (type.isPublic) throw notFound('Access list not available for public share types.');
  return ok({ share_type_access: type.projects.map((project) => ({ share_type_id: id, project_id: project })) });
}

/** The private type and the project that an access action names. @throws 400, 404, 409 */
function accessAction(call: ManilaCall, action: string): { type: ShareType; project: string } {
  const given = call.entity(action);
  if (!given) throw badRequest();
  const project = given['project'];
  if (!isUuidLike(project)) {
    throw badRequest(`Bad project format: project is not in proper format (${pythonText(project)})`);
  }
  const type = call.state.types.get(call.param('type_id'));
  if (!type) throw notFound('Share type %(share_type_id)s could not be found.');
  if (type.isPublic) throw conflict('Type access modification is not applicable to public share type.');
  return { type, project };
}

function addAccess(call: ManilaCall): LabResponse {
  const { type, project } = accessAction(call, 'addProjectAccess');
  if (type.projects.includes(project)) {
    throw conflict('Share type access for %(share_type_id)s / %(project_id)s combination already exists.');
  }
  type.projects.push(project);
  return accepted;
}

function removeAccess(call: ManilaCall): LabResponse {
  const { type, project } = accessAction(call, 'removeProjectAccess');
  if (!type.projects.includes(project)) {
    throw notFound('Share type access not found for %(share_type_id)s / %(project_id)s combination.');
  }
  type.projects = type.projects.filter((known) => known !== project);
  return accepted;
}

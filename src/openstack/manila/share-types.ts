import { OpenStackError } from '../errors.ts';
import type { ShareType } from '../types.ts';
import type { ManilaApi } from './api.ts';

export interface NewShareType {
  name: string;
  description?: string;
  isPublic: boolean;
  /** With driver_handles_share_servers, which Manila demands. */
  extraSpecs: Record<string, string>;
}

interface RawShareType {
  id: string;
  name: string;
  description?: string | null;
  is_default?: boolean;
  'share_type_access:is_public'?: boolean;
  extra_specs?: Record<string, unknown>;
}

/** All share types with their extra specs, in one request: there is no paging. Others than admins see theirs. */
export async function listShareTypes(api: ManilaApi): Promise<ShareType[]> {
  const version = api.best('2.46', '2.41', '2.7');
  const { body } = await api.call({ method: 'GET', path: '/types', query: { is_public: 'all' }, version });
  return (body as { share_types: RawShareType[] }).share_types.map(asShareType);
}

/** Name of the type that shares get which name none; undefined where there is none. From 2.46 on the list tells. */
export async function defaultShareType(api: ManilaApi): Promise<string | undefined> {
  const response = await api.optional({ method: 'GET', path: '/types/default', version: '2.7' });
  return (response?.body as { share_type: RawShareType } | undefined)?.share_type.name;
}

/**
 * Safe to repeat after a lost answer: names are unique in Manila's database, and a second one is refused with 409.
 * Below 2.24 Manila adds snapshot_support=True to every type that does not say otherwise.
 */
export async function createShareType(api: ManilaApi, wanted: NewShareType): Promise<ShareType> {
  const described = wanted.description !== undefined && wanted.description !== '';
  const { body } = await api.call({
    method: 'POST',
    path: '/types',
    version: described ? '2.41' : api.best('2.24', '2.7'),
    feature: described ? 'a description of a share type' : 'making a share type',
    repeatable: true,
    json: {
      share_type: {
        name: wanted.name,
        'share_type_access:is_public': wanted.isPublic,
        extra_specs: wanted.extraSpecs,
        ...(described ? { description: wanted.description } : {}),
      },
    },
  });
  return asShareType((body as { share_type: RawShareType }).share_type);
}

/** An empty description clears it. Extra specs are not touched. */
export async function updateShareType(
  api: ManilaApi,
  id: string,
  changes: { description?: string; isPublic?: boolean },
): Promise<void> {
  await api.call({
    method: 'PUT',
    path: `/types/${id}`,
    version: '2.50',
    feature: 'changing the description or visibility of a share type that exists',
    json: {
      share_type: {
        ...(changes.description === undefined ? {} : { description: changes.description }),
        ...(changes.isPublic === undefined ? {} : { 'share_type_access:is_public': changes.isPublic }),
      },
    },
  });
}

/** Returns whether there was one. Refused (400) while shares or group types use it; takes its quotas with it. */
export async function deleteShareType(api: ManilaApi, id: string): Promise<boolean> {
  return (await api.optional({ method: 'DELETE', path: `/types/${id}`, version: '2.7' })) !== undefined;
}

/** Sets these keys and leaves the others. Values are strings of 1 to 255 characters. */
export async function setExtraSpecs(api: ManilaApi, id: string, extraSpecs: Record<string, string>): Promise<void> {
  await api.call({
    method: 'POST',
    path: `/types/${id}/extra_specs`,
    version: '2.7',
    repeatable: true,
    json: { extra_specs: extraSpecs },
  });
}

/** Returns whether the key was there. driver_handles_share_servers cannot be removed (403). */
export async function unsetExtraSpec(api: ManilaApi, id: string, key: string): Promise<boolean> {
  const path = `/types/${id}/extra_specs/${encodeURIComponent(key)}`;
  return (await api.optional({ method: 'DELETE', path, version: '2.7' })) !== undefined;
}

/** Ids of the projects that may use a private type. A public type has no such list (404): empty. */
export async function listTypeAccess(api: ManilaApi, id: string): Promise<string[]> {
  const response = await api.optional({ method: 'GET', path: `/types/${id}/share_type_access`, version: '2.7' });
  const body = response?.body as { share_type_access?: { project_id: string }[] } | undefined;
  return (body?.share_type_access ?? []).map(({ project_id: project }) => project).sort();
}

/** Lets a project use a private type; it may be so already. Manila does not check that the project exists. */
export async function addTypeAccess(api: ManilaApi, id: string, projectId: string): Promise<void> {
  try {
    await typeAction(api, id, { addProjectAccess: { project: projectId } });
  } catch (error) {
    if (!(error instanceof OpenStackError) || error.status !== 409) throw error;
  }
}

/** Takes a private type from a project that may have it. */
export async function removeTypeAccess(api: ManilaApi, id: string, projectId: string): Promise<void> {
  try {
    await typeAction(api, id, { removeProjectAccess: { project: projectId } });
  } catch (error) {
    if (!(error instanceof OpenStackError) || error.status !== 404) throw error;
  }
}

async function typeAction(api: ManilaApi, id: string, json: object): Promise<void> {
  await api.call({ method: 'POST', path: `/types/${id}/action`, version: '2.7', repeatable: true, json });
}

function asShareType(raw: RawShareType): ShareType {
  return {
    id: raw.id,
    name: raw.name,
    description: raw.description ?? '',
    isPublic: raw['share_type_access:is_public'] ?? true,
    isDefault: raw.is_default ?? false,
    extraSpecs: Object.fromEntries(Object.entries(raw.extra_specs ?? {}).map(([key, value]) => [key, specText(value)])),
  };
}

/** To users who are no administrators Manila sends JSON booleans for some keys, and null where none was stored. */
function specText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}

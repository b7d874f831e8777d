import { type Json, type JsonObject, at, isObject, text } from '../../json.ts';
import { type Connection, cloudRequest } from './http.ts';

const SERVICE_TYPES = ['sharev2', 'shared-file-system'];

export interface Login {
  token: string;
  catalog: Json;
}

/**
 * Logs in at Keystone with the `os-*` keys of a Secret, as gophercloud does.
 * @throws Error in gophercloud's words.
 */
export async function login(connection: Connection, options: Record<string, string>): Promise<Login> {
  try {
    const base = await identityEndpoint(connection, options['os-authURL'] ?? '');
    const auth = authBody(options);
    const { headers, body } = await cloudRequest(connection, 'POST', `${base}auth/tokens`, [201, 202], { auth });
    return { token: text(headers['x-subject-token']), catalog: at(body, 'token', 'catalog') ?? [] };
  } catch (error) {
    throw new Error(`failed to authenticate: ${(error as Error).message}`);
  }
}

/** Manila's address in the catalog, in a region if one is given; undefined where there is none. */
export function shareEndpoint(catalog: Json, region: string | undefined, type: string): string | undefined {
  const services = (Array.isArray(catalog) ? catalog : []).filter(isObject);
  for (const wanted of SERVICE_TYPES) {
    for (const service of services.filter((one) => one.type === wanted)) {
      const endpoints = (Array.isArray(service.endpoints) ? service.endpoints : []).filter(isObject);
      const found = endpoints.find(
        (one) =>
          text(one.interface).replace(/URL$/, '') === type.replace(/URL$/, '') &&
          (region === undefined || one.region === region || one.region_id === region),
      );
      if (found) return text(found.url);
    }
  }
  return undefined;
}

/** An address that names the version is taken as it is; any other is asked for its versions. */
async function identityEndpoint(connection: Connection, url: string): Promise<string> {
  const base = url.endsWith('/') ? url : `${url}/`;
  if (base.endsWith('/v3/')) return base;
  const { body } = await cloudRequest(connection, 'GET', base, [200, 300]);
  const versions = at(body, 'versions', 'values');
  const found = (Array.isArray(versions) ? versions : []).find((one) => text(at(one, 'id')).startsWith('v3'));
  const links = at(found, 'links');
  const self = (Array.isArray(links) ? links : []).find((one) => at(one, 'rel') === 'self');
  if (!found) throw new Error(`No supported version available from endpoint ${base}`);
  return text(at(self, 'href')).replace(/\/*$/, '/');
}

function authBody(options: Record<string, string>): JsonObject {
  const secret = options['os-applicationCredentialSecret'];
  if (secret !== undefined) {
    const id = options['os-applicationCredentialID'];
    const named =
      id === undefined ? { name: options['os-applicationCredentialName'] ?? '', user: user(options) } : { id };
    return { identity: { methods: ['application_credential'], application_credential: { ...named, secret } } };
  }
  // The scope is looked at first.
  const scope = scopeOf(options);
  const password = { user: { ...user(options), password: options['os-password'] ?? '' } };
  return { identity: { methods: ['password'], password }, ...(scope && { scope }) };
}

function scopeOf(options: Record<string, string>): JsonObject | undefined {
  const id = options['os-projectID'];
  const name = options['os-projectName'];
  if (id !== undefined) return { project: { id } };
  if (name === undefined) return undefined;
  const domain = domainOf(options, 'project');
  if (!domain) throw new Error('You must provide exactly one of DomainID or DomainName in a Scope with ProjectName');
  return { project: { name, domain } };
}

function user(options: Record<string, string>): JsonObject {
  const id = options['os-userID'];
  if (id !== undefined) return { id };
  const domain = domainOf(options, 'user');
  if (!domain) throw new Error('You must provide exactly one of DomainID or DomainName to authenticate by Username');
  return { name: options['os-userName'] ?? '', domain };
}

/** The user's or the project's own domain, or else the one that is given for both. */
function domainOf(options: Record<string, string>, who: 'user' | 'project'): JsonObject | undefined {
  const id = options[`os-${who}DomainID`] ?? options['os-domainID'];
  const name = options[`os-${who}DomainName`] ?? options['os-domainName'];
  if (id !== undefined) return { id };
  return name === undefined ? undefined : { name };
}

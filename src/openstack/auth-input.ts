import type { Context } from '../core/context.ts';
import { type CliError, configError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import type { AuthInput, ById, InDomain, Scope } from './keystone.ts';

type Get = (key: string) => string | undefined;

/** keystoneauth's plug-in names that this program knows; its generic names mean v3 here. */
const AUTH_TYPES: Record<string, AuthInput['method']> = {
  password: 'password',
  v3password: 'password',
  token: 'token',
  v3token: 'token',
  v3applicationcredential: 'application-credential',
  v3oidcaccesstoken: 'oidc-access-token',
};

/**
 * The login out of clouds.yaml's keys (today's names, nothing empty), with everything that Keystone would refuse
 * without a useful word found here.
 * @throws CliError `clouds-invalid` (exit 2).
 */
export function authInput(ctx: Context, source: string, get: Get): AuthInput {
  for (const key of ['password', 'token', 'passcode', 'application_credential_secret', 'access_token']) {
    ctx.secrets.add(get(key));
  }
  const wrong = (message: string, remedy: string): CliError =>
    configError('clouds-invalid', `${source}: ${message}`, { remedy });
  const need = (key: string, why: string): string => {
    const value = get(key);
    if (value === undefined) throw wrong(`there is no ${key}`, `${why}: set ${key} (OS_${key.toUpperCase()})`);
    return value;
  };
  const type = get('auth_type') ?? inferredType(get);
  const method = AUTH_TYPES[type];
  if (method === undefined) {
    throw wrong(
      `auth_type ${JSON.stringify(type)} is not supported${didYouMean(type, Object.keys(AUTH_TYPES))}`,
      `use one of ${Object.keys(AUTH_TYPES).join(', ')}; an application credential works where people log in by other means`,
    );
  }
  switch (method) {
    case 'password':
      return withScope(
        { method, user: userOf(get, wrong), password: need('password', 'a user logs in with a password') },
        scopeOf(get, wrong),
      );
    case 'token':
      return withScope({ method, token: need('token', 'auth_type is token') }, scopeOf(get, wrong));
    case 'application-credential':
      warnAboutScope(ctx, source, get);
      return credentialOf(
        get,
        wrong,
        need('application_credential_secret', 'it is shown once, when the credential is made'),
      );
    case 'oidc-access-token':
      return withScope(
        {
          method,
          identityProvider: need('identity_provider', 'auth_type is v3oidcaccesstoken'),
          protocol: need('protocol', 'auth_type is v3oidcaccesstoken'),
          accessToken: need('access_token', 'auth_type is v3oidcaccesstoken'),
        },
        scopeOf(get, wrong),
      );
  }
}

/** Without auth_type openstacksdk takes `password`; what else is given says more than that. */
function inferredType(get: Get): string {
  if (get('application_credential_secret') !== undefined) return 'v3applicationcredential';
  return get('token') !== undefined && get('password') === undefined ? 'token' : 'password';
}

type Wrong = (message: string, remedy: string) => CliError;

function credentialOf(get: Get, wrong: Wrong, secret: string): AuthInput {
  const id = get('application_credential_id');
  if (id !== undefined) return { method: 'application-credential', id, secret };
  const name = get('application_credential_name');
  if (name === undefined) {
    throw wrong('there is no application_credential_id', 'set it: openstack application credential list shows ids');
  }
  if (get('user_id') === undefined && get('username') === undefined) {
    throw wrong(
      `application credential ${JSON.stringify(name)} is given by name alone, and names belong to users`,
      'set application_credential_id, or add username and user_domain_name',
    );
  }
  return { method: 'application-credential', name, user: userOf(get, wrong), secret };
}

function userOf(get: Get, wrong: Wrong): ById | InDomain {
  const id = get('user_id');
  if (id !== undefined) return { id };
  const name = get('username');
  if (name === undefined) throw wrong('there is no username', 'set username (OS_USERNAME)');
  const domain = domainOf(get, ['user_domain', 'domain', 'default_domain']);
  if (!domain) {
    throw wrong(
      `user ${JSON.stringify(name)} has no domain, and names are unique only inside one`,
      'add user_domain_name (OS_USER_DOMAIN_NAME), often Default',
    );
  }
  return { name, domain };
}

function scopeOf(get: Get, wrong: Wrong): Scope | undefined {
  const trust = get('trust_id');
  if (trust !== undefined) return { trust };
  if (get('system_scope') !== undefined) return { system: true };
  const id = get('project_id');
  if (id !== undefined) return { project: { id } };
  const name = get('project_name');
  if (name !== undefined) {
    const domain = domainOf(get, ['project_domain', 'domain', 'default_domain', 'user_domain']);
    if (!domain) {
      throw wrong(
        `project ${JSON.stringify(name)} has no domain, and names are unique only inside one`,
        'add project_domain_name (OS_PROJECT_DOMAIN_NAME), often Default',
      );
    }
    return { project: { name, domain } };
  }
  const domain = domainOf(get, ['domain']);
  return domain && { domain };
}

function domainOf(get: Get, prefixes: string[]): { id: string } | { name: string } | undefined {
  for (const prefix of prefixes) {
    const id = get(`${prefix}_id`);
    if (id !== undefined) return { id };
    const name = get(`${prefix}_name`);
    if (name !== undefined) return { name };
  }
  return undefined;
}

/** Keystone refuses (401) a login by application credential that names a project, even the right one. */
function warnAboutScope(ctx: Context, source: string, get: Get): void {
  const extra = ['project_id', 'project_name', 'domain_id', 'domain_name', 'system_scope'].filter(
    (key) => get(key) !== undefined,
  );
  if (extra.length > 0) {
    ctx.io.warn(`${source}: an application credential carries its own project; ${extra.join(', ')} is not used`);
  }
}

function withScope<T extends AuthInput>(auth: T, scope: Scope | undefined): T {
  return scope === undefined ? auth : { ...auth, scope };
}

import { OpenStackError } from './errors.ts';
import type { Http } from './http.ts';
import { type AuthInput, type InDomain, loginBody, requestToken, type Scope } from './keystone.ts';

interface Login {
  http: Http;
  authUrl: string;
  auth: AuthInput;
  signal: AbortSignal;
}

/**
 * Says why a login was refused, as far as that can be known. Keystone gives the same 401 to a wrong password, an
 * unknown user, an unknown project and a user without a role there; an attempt without a project tells the last two
 * from the first two.
 */
export async function explainRefusedLogin(error: unknown, login: Login): Promise<unknown> {
  if (!(error instanceof OpenStackError)) return error;
  const { auth, authUrl } = login;
  // Proxies answer 5xx and 429 for a Keystone that is there.
  if (!isKeystones(error) && error.status < 500 && error.status !== 429) {
    return error.explained(
      'check auth_url: the address of Keystone, mostly ending in :5000/v3 or /identity/v3',
      `there is no Keystone v3 at ${authUrl}: it answered ${error.status}${error.serverMessage ? ` (${error.serverMessage})` : ''}`,
    );
  }
  // An application credential or a token that does not exist is 404, most else 401.
  const byName = auth.method === 'application-credential' || auth.method === 'token';
  if (error.status !== 401 && !(error.status === 404 && byName)) return error;
  const sentence = error.serverMessage ?? 'The request you have made requires authentication.';
  const said = `Keystone refuses the login of ${who(auth)}: ${sentence}`;
  const receipt = error.body as { required_auth_methods?: string[][] } | undefined;
  if (receipt?.required_auth_methods) {
    const methods = receipt.required_auth_methods.map((one) => one.join(' + ')).join(', or ');
    return error.explained(
      'make an application credential for this (openstack application credential create) and use that',
      `Keystone wants more than one proof of ${who(auth)}: ${methods}`,
    );
  }
  return error.explained(await remedyFor(login), said);
}

/** Keystone's faults have one form, which no other service uses for them. */
function isKeystones({ body }: OpenStackError): boolean {
  return typeof body === 'object' && body !== null && ('error' in body || 'receipt' in body);
}

async function remedyFor(login: Login): Promise<string> {
  const { auth } = login;
  switch (auth.method) {
    case 'application-credential':
      return 'the application credential does not exist, has expired, its secret is wrong, or its user lost the role or was disabled: check id and secret, or make a new one';
    case 'token':
      return 'the token has expired or was revoked, or it may not be used for that project: get a new one (openstack token issue)';
    case 'oidc-access-token':
      return 'the access token has expired, or the identity provider, the protocol or the project is wrong: get a new one';
    case 'password': {
      const projects = auth.scope === undefined ? undefined : await projectsOf(login);
      if (projects === undefined) {
        return 'the user name, its domain or the password is wrong, or the user is disabled or locked: check them in clouds.yaml or the OS_* variables';
      }
      const usable =
        projects.length > 0 ? `it has roles on ${projects.join(', ')}` : 'it has a role on no project at all';
      return `the password is right, but the user has no role on ${scopeName(auth.scope)}, or there is no such project: ${usable}`;
    }
  }
}

/** Projects of the user, if the password is right; undefined if Keystone refuses the login without a project too. */
async function projectsOf({ http, authUrl, auth, signal }: Login): Promise<string[] | undefined> {
  if (auth.method !== 'password') return undefined;
  try {
    const { id } = await requestToken(http, authUrl, loginBody(auth, 'unscoped'), signal);
    const url = `${authUrl}/auth/projects`;
    const { body } = await http.send({
      service: 'Keystone',
      method: 'GET',
      url,
      headers: { 'x-auth-token': id },
      signal,
    });
    return (body as { projects: { name: string }[] }).projects.map(({ name }) => JSON.stringify(name)).sort();
  } catch {
    return undefined;
  }
}

/** How a login is named to people: never by its secret. */
export function who(auth: AuthInput): string {
  switch (auth.method) {
    case 'password':
      return `user ${nameOf(auth.user)}`;
    case 'token':
      return 'the token';
    case 'application-credential':
      return `application credential ${'id' in auth ? auth.id : JSON.stringify(auth.name)}`;
    case 'oidc-access-token':
      return `the access token of ${auth.identityProvider}`;
  }
}

function scopeName(scope: Scope | undefined): string {
  if (scope === undefined) return 'its default project';
  if ('project' in scope) return `project ${nameOf(scope.project)}`;
  if ('domain' in scope) return `domain ${'id' in scope.domain ? scope.domain.id : scope.domain.name}`;
  return 'system' in scope ? 'the system' : `trust ${scope.trust}`;
}

function nameOf(thing: { id: string } | InDomain): string {
  return 'id' in thing ? thing.id : JSON.stringify(thing.name);
}

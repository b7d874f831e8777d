import { couldNotRun } from '../core/errors.ts';
import { explainRefusedLogin } from './login-errors.ts';
import { OpenStackError } from './errors.ts';
import type { Http } from './http.ts';
import type { ServiceResponse } from './types.ts';

/** A user or a project: by id, or by name within a domain. */
export type ById = { id: string };
export type InDomain = { name: string; domain: { id: string } | { name: string } };

export type Scope =
  { project: ById | InDomain } | { domain: { id: string } | { name: string } } | { system: true } | { trust: string };

/** Everything that one login needs. Without a scope, Keystone takes the user's default project, if there is one. */
export type AuthInput =
  | { method: 'password'; user: ById | InDomain; password: string; scope?: Scope }
  | { method: 'token'; token: string; scope?: Scope }
  | { method: 'application-credential'; id: string; secret: string }
  | { method: 'application-credential'; name: string; user: ById | InDomain; secret: string }
  | { method: 'oidc-access-token'; identityProvider: string; protocol: string; accessToken: string; scope?: Scope };

export interface CatalogEntry {
  type: string;
  name?: string;
  endpoints: { interface: string; region: string; region_id?: string; url: string }[];
}

/** The `token` object of Keystone's answer, as far as this program reads it. */
export interface TokenBody {
  user: { id: string; name: string; domain: { id: string; name: string } };
  project?: { id: string; name: string; domain: { id: string; name: string } };
  roles?: { id: string; name: string }[];
  catalog?: CatalogEntry[];
  application_credential?: { id: string; name: string; restricted: boolean; access_rules?: object[] };
  expires_at: string;
  issued_at: string;
}

export interface Token {
  id: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  issuedAt: number;
  body: TokenBody;
}

/**
 * Keystone's v3 address of whatever the user calls auth_url: with or without /v3, with a final slash, or with the
 * path of a single call.
 */
export function v3Address(authUrl: string): string {
  const path = authUrl.replace(/\/+$/, '').replace(/\/auth\/tokens$/, '');
  return /\/v3$/.test(path) ? path : `${path.replace(/\/v2\.0$/, '')}/v3`;
}

/**
 * Logs in.
 * @throws OpenStackError with Keystone's sentence and what may be behind it (exit 3); `clock-skew` where the token
 *   is over when it arrives.
 */
export async function login(http: Http, authUrl: string, auth: AuthInput, signal: AbortSignal): Promise<Token> {
  try {
    if (auth.method === 'oidc-access-token') return await loginWithOidc(http, authUrl, auth, signal);
    // A token that nobody asks to re-scope is used as it is: those of application credentials cannot be re-scoped.
    if (auth.method === 'token' && auth.scope === undefined)
      return await inspectToken(http, authUrl, auth.token, signal);
    return await requestToken(http, authUrl, loginBody(auth), signal);
  } catch (error) {
    throw await explainRefusedLogin(error, { http, authUrl, auth, signal });
  }
}

/** Asks for a token with a ready request body. */
export async function requestToken(http: Http, authUrl: string, json: object, signal: AbortSignal): Promise<Token> {
  const response = await http.send({
    service: 'Keystone',
    method: 'POST',
    url: `${authUrl}/auth/tokens`,
    json,
    // A second token does no harm.
    repeatable: true,
    signal,
  });
  return readToken(response, response.headers['x-subject-token']);
}

/** Makes Keystone forget a token. Returns whether it knew it. */
export async function revokeToken(http: Http, authUrl: string, token: string, signal: AbortSignal): Promise<boolean> {
  try {
    await http.send({
      service: 'Keystone',
      method: 'DELETE',
      url: `${authUrl}/auth/tokens`,
      headers: aboutItself(token),
      signal,
    });
    return true;
  } catch (error) {
    if (error instanceof OpenStackError && (error.status === 401 || error.status === 404)) return false;
    throw error;
  }
}

async function inspectToken(http: Http, authUrl: string, token: string, signal: AbortSignal): Promise<Token> {
  const url = `${authUrl}/auth/tokens`;
  return readToken(
    await http.send({ service: 'Keystone', method: 'GET', url, headers: aboutItself(token), signal }),
    token,
  );
}

/** Keystone hides tokens with access rules (404) from clients that do not say that they know such rules. */
function aboutItself(token: string): Record<string, string> {
  return { 'x-auth-token': token, 'x-subject-token': token, 'openstack-identity-access-rules': '1' };
}

/** OIDC gives an unscoped token; the scope needs a second request (keystoneauth's `v3oidcaccesstoken`). */
async function loginWithOidc(
  http: Http,
  authUrl: string,
  auth: AuthInput & { method: 'oidc-access-token' },
  signal: AbortSignal,
): Promise<Token> {
  const provider = encodeURIComponent(auth.identityProvider);
  const response = await http.send({
    service: 'Keystone',
    method: 'POST',
    url: `${authUrl}/OS-FEDERATION/identity_providers/${provider}/protocols/${encodeURIComponent(auth.protocol)}/auth`,
    headers: { authorization: `Bearer ${auth.accessToken}` },
    signal,
  });
  const unscoped = readToken(response, response.headers['x-subject-token']);
  if (auth.scope === undefined) return unscoped;
  return requestToken(http, authUrl, loginBody({ method: 'token', token: unscoped.id, scope: auth.scope }), signal);
}

/** The body of `POST /v3/auth/tokens`. Application credentials carry their project and may send no scope (401). */
export function loginBody(auth: Exclude<AuthInput, { method: 'oidc-access-token' }>, scope?: 'unscoped'): object {
  switch (auth.method) {
    case 'password':
      return withScope(
        { methods: ['password'], password: { user: { ...auth.user, password: auth.password } } },
        scope ?? auth.scope,
      );
    case 'token':
      return withScope({ methods: ['token'], token: { id: auth.token } }, scope ?? auth.scope);
    case 'application-credential': {
      const credential =
        'id' in auth ? { id: auth.id, secret: auth.secret } : { name: auth.name, user: auth.user, secret: auth.secret };
      return withScope({ methods: ['application_credential'], application_credential: credential }, undefined);
    }
  }
}

function withScope(identity: object, scope: Scope | 'unscoped' | undefined): object {
  return { auth: { identity, ...(scope === undefined ? {} : { scope: scopeBody(scope) }) } };
}

function scopeBody(scope: Scope | 'unscoped'): unknown {
  if (scope === 'unscoped') return scope;
  if ('system' in scope) return { system: { all: true } };
  if ('trust' in scope) return { 'OS-TRUST:trust': { id: scope.trust } };
  return scope;
}

function readToken({ body, headers }: ServiceResponse, id: string | undefined): Token {
  const token = (body as { token?: TokenBody } | undefined)?.token;
  if (id === undefined || token === undefined) {
    throw couldNotRun('not-openstack', 'what answers at auth_url is not Keystone: its answer has no token', {
      remedy: 'check auth_url: the address of Keystone, mostly ending in :5000/v3 or /identity/v3',
    });
  }
  const expiresAt = Date.parse(token.expires_at);
  const serverNow = Date.parse(headers.date ?? '');
  const issuedAt = Date.parse(token.issued_at);
  return { id, body: token, expiresAt, issuedAt: Number.isNaN(issuedAt) ? serverNow : issuedAt };
}

import type { LabRequest, LabResponse, LabService, Routed } from '../http-server.ts';
import { matchPath, pathParts, pathTemplate, type PathTemplate } from '../paths.ts';
import { applicationCredentialRoutes } from './application-credentials.ts';
import { tokenRoutes } from './authenticate.ts';
import { KeystoneCall, type KeystoneRoute } from './call.ts';
import { catalogRoutes } from './catalog.ts';
import { errorResponse, htmlNotFound, KeystoneError } from './errors.ts';
import { projectRoutes } from './projects.ts';
import { roleRoutes } from './roles.ts';
import type { KeystoneState } from './state.ts';
import type { Tokens } from './tokens.ts';
import { userRoutes } from './users.ts';

const ROUTES = [
  ...tokenRoutes,
  ...projectRoutes,
  ...userRoutes,
  ...roleRoutes,
  ...catalogRoutes,
  ...applicationCredentialRoutes,
];

/** First parts of paths that a Keystone has. What is below them and not here is answered with 501, not with 404. */
const KEYSTONE_HAS = new Set([
  ...['auth', 'projects', 'users', 'roles', 'domains', 'services', 'endpoints', 'regions', 'role_assignments'],
  ...['groups', 'credentials', 'policies', 'limits', 'registered_limits', 'role_inferences', 'system', 'ec2tokens'],
  ...['OS-TRUST', 'OS-FEDERATION', 'OS-OAUTH1', 'OS-OAUTH2', 'OS-EP-FILTER', 'OS-ENDPOINT-POLICY', 'OS-INHERIT'],
  ...['OS-REVOKE', 'OS-SIMPLE-CERT', 's3tokens', 'limits-model'],
]);

interface PreparedRoute extends KeystoneRoute {
  template: PathTemplate;
}

/** An embedded Keystone: its answers are those of Keystone 22 (OpenStack Zed) with its own policies. */
export class KeystoneService implements LabService {
  readonly name = 'keystone';
  readonly #state: KeystoneState;
  readonly #tokens: Tokens;
  readonly #routes: PreparedRoute[] = ROUTES.map((route) => ({ ...route, template: pathTemplate(route.path) }));

  constructor(state: KeystoneState, tokens: Tokens) {
    this.#state = state;
    this.#tokens = tokens;
  }

  route(request: LabRequest): Routed {
    const { path, method } = request;
    if (path === '/' || path === '') return { template: '/', run: () => versions(request, 300) };
    if (path === '/v3' || path === '/v3/') return { template: '/v3', run: () => versions(request, 200) };
    if (!path.startsWith('/v3/')) return { template: path, run: () => htmlNotFound(request.requestId) };
    const parts = pathParts(path.slice(3));
    const known = this.#routes.flatMap((route) => {
      const params = matchPath(route.template, parts);
      return params ? [{ route, params }] : [];
    });
    const found =
      known.find(({ route }) => route.method === method) ??
      (method === 'HEAD' ? known.find(({ route }) => route.method === 'GET') : undefined);
    if (found) {
      const { route, params } = found;
      return { template: `/v3${route.path}`, run: () => this.#run(request, route, params) };
    }
    if (known[0]) return { template: `/v3${known[0].route.path}`, run: () => methodNotAllowed(request) };
    if (KEYSTONE_HAS.has(parts[0] ?? '')) return { template: path, run: () => this.#unserved(request) };
    return { template: path, run: () => htmlNotFound(request.requestId) };
  }

  #run(request: LabRequest, route: PreparedRoute, params: Record<string, string>): LabResponse {
    const caller = this.#tokens.caller(tokenOf(request));
    const call = new KeystoneCall(request, params, this.#state, this.#tokens, caller);
    try {
      // Access rules of credentials bind the services behind Keystone, not Keystone itself (seen on Zed).
      if (route.open !== true) call.requireToken();
      const response = route.handler(call);
      return { ...response, headers: { ...response.headers, ...common(request) } };
    } catch (error) {
      if (!(error instanceof KeystoneError)) throw error;
      return errorResponse(error, request.requestId, request.origin);
    }
  }

  #unserved(request: LabRequest): LabResponse {
    const error = new KeystoneError(501, `The lab does not serve ${request.method} ${request.path}.`);
    return errorResponse(error, request.requestId, request.origin);
  }

  fault(request: LabRequest, status: number, message: string | undefined, retryAfter: number | undefined): LabResponse {
    const text = message ?? 'An unexpected error prevented the server from fulfilling your request.';
    const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
    return errorResponse(new KeystoneError(status, text), request.requestId, request.origin, headers);
  }

  expireToken(request: LabRequest): void {
    const id = tokenOf(request);
    if (id !== undefined) this.#tokens.revoke(id);
  }
}

export function tokenOf(request: LabRequest): string | undefined {
  const header = request.headers['x-auth-token'];
  return Array.isArray(header) ? header[0] : header;
}

function common(request: LabRequest): Record<string, string> {
  return { Vary: 'X-Auth-Token', 'x-openstack-request-id': request.requestId };
}

function methodNotAllowed(request: LabRequest): LabResponse {
  const json = { message: 'The method is not allowed for the requested URL.' };
  return { status: 405, headers: common(request), json };
}

function versions(request: LabRequest, status: number): LabResponse {
  const self = `${request.origin}/v3/`;
  const version = {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: self }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
  };
  return status === 300
    ? { status, headers: { ...common(request), Location: self }, json: { versions: { values: [version] } } }
    : { status, headers: common(request), json: { version } };
}

import type { FaultPlan } from '../../faults.ts';
import { accessRulesAllow } from '../access-rules.ts';
import type { LabRequest, LabResponse, LabService, Routed } from '../http-server.ts';
import { tokenOf } from '../keystone/service.ts';
import type { Tokens, ValidToken } from '../keystone/tokens.ts';
import { matchPath, pathParts, pathTemplate, type PathTemplate } from '../paths.ts';
import { isRecord, looseBool } from '../python.ts';
import { ManilaCall, type ManilaContext, type ManilaRoute } from './call.ts';
import {
  badRequest,
  faultResponse,
  forbidden,
  ManilaFault,
  notFound,
  proxyResponse,
  unauthorizedResponse,
  webobResponse,
} from './errors.ts';
import { exportLocationRoutes } from './export-locations.ts';
import { infrastructureRoutes } from './infrastructure.ts';
import { messageRoutes } from './messages.ts';
import { quotaRoutes } from './quota-sets.ts';
import { shareAccessRoutes } from './share-access.ts';
import { shareActionRoutes } from './share-actions.ts';
import { shareListRoutes } from './share-list.ts';
import { shareNetworkRoutes } from './share-networks.ts';
import { shareTypeRoutes } from './share-types.ts';
import { shareMetadataRoutes, shareRoutes } from './shares.ts';
import { snapshotRoutes } from './snapshots.ts';
import type { ManilaState } from './state.ts';
import { typeSpecRoutes } from './type-specs.ts';
import { EXPERIMENTAL_ACTIONS, isUnserved, UNSERVED_ACTIONS } from './unserved.ts';
import { MAX_VERSION, parseVersion, v1Versions, v2Versions, VERSION_HEADER, versionList } from './versions.ts';

interface PreparedRoute extends ManilaRoute {
  template: PathTemplate;
}

interface Match {
  routes: PreparedRoute[];
  template: PathTemplate;
  params: Record<string, string>;
  projectInPath: string | undefined;
}

/** Bytes that a body may have (oslo.middleware's sizelimit). */
const MAX_BODY = 114_688;

/** An embedded Manila: its answers are those of Manila 15 (OpenStack Zed, microversions 2.0 to 2.73). */
export class ManilaService implements LabService {
  readonly name = 'manila';
  readonly #state: ManilaState;
  readonly #tokens: Tokens;
  readonly #authUrl: string;
  readonly #routes: PreparedRoute[];
  /** Tokens that were found good, with the time until which that is believed. */
  readonly #checked = new Map<string, { token: ValidToken; until: number }>();

  constructor(state: ManilaState, options: { tokens: Tokens; authUrl: string; faults: FaultPlan }) {
    this.#state = state;
    this.#tokens = options.tokens;
    this.#authUrl = options.authUrl;
    const routes = [
      ...shareTypeRoutes,
      ...typeSpecRoutes,
      ...quotaRoutes,
      ...shareListRoutes,
      ...shareRoutes(options.faults),
      ...shareActionRoutes,
      ...shareAccessRoutes,
      ...exportLocationRoutes,
      ...shareMetadataRoutes,
      ...snapshotRoutes,
      ...shareNetworkRoutes,
      ...messageRoutes,
      ...infrastructureRoutes,
    ];
    const variable = (path: string): number => path.split('{').length;
    // Fixed paths first: `/shares/detail` is no share.
    this.#routes = routes
      .map((route) => ({ ...route, template: pathTemplate(route.path) }))
      .sort((a, b) => variable(a.path) - variable(b.path));
  }

  route(request: LabRequest): Routed {
    const { path } = request;
    if (path === '/' || path === '')
      return { template: '/', run: () => versionList(request, this.#state.options.newest) };
    if (path === '/healthcheck') {
      return { template: path, run: () => ({ status: 200, contentType: 'text/plain; charset=UTF-8', text: 'OK' }) };
    }
    if (path === '/v2') return { template: path, run: () => this.#redirect(request) };
    if (path === '/v2/') return { template: '/v2/', run: () => this.#versions(request) };
    if (path === '/v1/')
      return {
        template: '/v1/',
        run: () => this.#admitted(request, () => withVersion(request, '1.0', v1Versions(request))),
      };
    if (path.startsWith('/v1')) return { template: path, run: () => this.#unserved(request) };
    if (!path.startsWith('/v2/')) return { template: path, run: () => unrouted(request) };
    const match = this.#match(request.method, pathParts(path.slice(3)));
    if (!match) return { template: path, run: () => this.#admitted(request, () => this.#unmatched(request)) };
    const action = match.routes.some((route) => route.action !== undefined) ? actionOf(request) : undefined;
    const suffix = action === undefined ? '' : `#${action}`;
    return { template: `/v2${match.template.text}${suffix}`, run: () => this.#run(request, match, action) };
  }

  /** The routes on a path, with or without the project's id in front of it. */
  #match(method: string, parts: string[]): Match | undefined {
    const tries: [string[], string | undefined][] = [[parts, undefined]];
    if (/^[0-9a-f-]+$/.test(parts[0] ?? '')) tries.push([parts.slice(1), parts[0]]);
    for (const [rest, projectInPath] of tries) {
      for (const route of this.#routes) {
        const params = route.method === method ? matchPath(route.template, rest) : undefined;
        if (!params) continue;
        const same = (one: PreparedRoute): boolean => one.method === method && one.path === route.path;
        return { routes: this.#routes.filter(same), template: route.template, params, projectInPath };
      }
    }
    return undefined;
  }

  #run(request: LabRequest, match: Match, action: string | undefined): LabResponse {
    if (request.body.length > MAX_BODY) {
      return webobResponse(
        request,
        413,
        'Request Entity Too Large',
        `Request is too large. Larger than max_request_body_size (${MAX_BODY}).`,
      );
    }
    return this.#admitted(request, (token) => {
      const version = parseVersion(request, this.#state.options.newest);
      if ('refusal' in version) return withRequestId(request, version.refusal);
      try {
        const response = this.#dispatch(request, match, action, token, version.minor);
        return withVersion(request, version.text, response);
      } catch (error) {
        if (!(error instanceof ManilaFault)) throw error;
        return withVersion(request, version.text, faultResponse(error.status, error.message));
      }
    });
  }

  #dispatch(
    request: LabRequest,
    match: Match,
    action: string | undefined,
    token: ValidToken,
    version: number,
  ): LabResponse {
    const body = bodyOf(request);
    const route = chooseRoute(match.routes, action, {
      version,
      body,
      experimental: looseBool(request.headers['x-openstack-manila-api-experimental']),
    });
    if (match.projectInPath !== undefined && match.projectInPath !== token.projectId) {
      throw badRequest('Malformed request url');
    }
    if (version < (route.since ?? 0) || version > (route.until ?? MAX_VERSION)) throw notFound();
    const roles = new Set(token.roles);
    const context: ManilaContext = {
      userId: token.userId,
      projectId: token.projectId,
      roles,
      isAdmin: roles.has('admin'),
      requestId: request.requestId,
    };
    if (!context.isAdmin) {
      if (route.admin === true) throw forbidden();
      if (token.projectId === undefined && route.unscoped !== 'served') {
        throw forbidden(route.unscoped === 'denied' ? undefined : 'Not authorized.');
      }
    }
    if (route.needsBody === true && body === undefined) throw badRequest();
    const { params } = match;
    const projectInPath = match.projectInPath !== undefined;
    return route.handler(
      new ManilaCall({ request, params, state: this.#state, context, version, body, projectInPath }),
    );
  }

  /** Runs what needs a token. Without a good one, keystonemiddleware answers in Manila's place. */
  #admitted(request: LabRequest, work: (token: ValidToken) => LabResponse): LabResponse {
    const token = this.#validated(tokenOf(request));
    if (!token || !accessRulesAllow(token, this.#state.options.serviceType, request)) {
      return unauthorizedResponse(this.#authUrl);
    }
    return work(token);
  }

  /** A token that was checked is believed for a while, even if Keystone would refuse it by now. */
  #validated(id: string | undefined): ValidToken | undefined {
    if (id === undefined) return undefined;
    const now = this.#tokens.now();
    const known = this.#checked.get(id);
    if (known && known.until > now && known.token.expiresAt > now) return known.token;
    this.#checked.delete(id);
    const token = this.#tokens.validate(id);
    if (token) this.#checked.set(id, { token, until: now + this.#state.options.tokenCacheSeconds * 1000 });
    return token;
  }

  #redirect(request: LabRequest): LabResponse {
    return this.#admitted(request, () => ({
      status: 302,
      headers: { Location: `${request.origin}/v2/` },
      contentType: 'text/plain; charset=utf8',
    }));
  }

  #versions(request: LabRequest): LabResponse {
    return this.#admitted(request, () => {
      const version = parseVersion(request, this.#state.options.newest);
      if ('refusal' in version) return withRequestId(request, version.refusal);
      return withVersion(request, version.text, v2Versions(request, this.#state.options.newest));
    });
  }

  #unmatched(request: LabRequest): LabResponse {
    return isUnserved(request.path) ? this.#unserved(request) : unrouted(request);
  }

  #unserved(request: LabRequest): LabResponse {
    return withRequestId(request, faultResponse(501, `The lab does not serve ${request.method} ${request.path}.`));
  }

  fault(request: LabRequest, status: number, message: string | undefined, retryAfter: number | undefined): LabResponse {
    if (status === 502) return proxyResponse(status, 'Bad Gateway');
    if (status === 504) return proxyResponse(status, 'Gateway Timeout');
    const text = message ?? new ManilaFault(status).message;
    const version = parseVersion(request, this.#state.options.newest);
    const response = faultResponse(status, text, retryAfter);
    return 'refusal' in version ? withRequestId(request, response) : withVersion(request, version.text, response);
  }

  expireToken(request: LabRequest): void {
    const id = tokenOf(request);
    if (id === undefined) return;
    this.#tokens.revoke(id);
    this.#checked.delete(id);
  }
}

function unrouted(request: LabRequest): LabResponse {
  return webobResponse(request, 404, 'Not Found', 'The resource could not be found.');
}

function withRequestId(request: LabRequest, response: LabResponse): LabResponse {
  return { ...response, headers: { ...response.headers, 'x-compute-request-id': request.requestId } };
}

function withVersion(request: LabRequest, version: string, response: LabResponse): LabResponse {
  const headers = { [VERSION_HEADER]: version, Vary: VERSION_HEADER };
  const answer = withRequestId(request, response);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function isJson(request: LabRequest): boolean {
  return /^application\/json\b/i.test(request.headers['content-type'] ?? '') && request.body.length > 0;
}

/** @throws 400 where what is said to be JSON is none. */
function bodyOf(request: LabRequest): unknown {
  if (!isJson(request)) return undefined;
  try {
    return JSON.parse(request.body.toString('utf8')) as unknown;
  } catch {
    throw badRequest('Malformed request body');
  }
}

/** The one key of an action's body, as far as it can be told; what is wrong with it is found when it is run. */
function actionOf(request: LabRequest): string | undefined {
  if (!isJson(request)) return undefined;
  try {
    const body: unknown = JSON.parse(request.body.toString('utf8'));
    return isRecord(body) && Object.keys(body).length === 1 ? Object.keys(body)[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Of the calls that share a path, the one that the body names. Old and new spelling are told apart by version. */
function chooseRoute(
  routes: PreparedRoute[],
  action: string | undefined,
  { version, body, experimental }: { version: number; body: unknown; experimental: boolean },
): PreparedRoute {
  const [first] = routes;
  if (first && first.action === undefined) return first;
  if (body === undefined) throw badRequest('There is no such action: None');
  if (action === undefined) throw badRequest('Malformed request body');
  const named = routes.filter((route) => route.action === action);
  const serving = named.find((route) => version >= (route.since ?? 0) && version <= (route.until ?? MAX_VERSION));
  const route = serving ?? named[0];
  if (route) return route;
  // Without the header that asks for experimental calls, these look as if they were not there.
  if (EXPERIMENTAL_ACTIONS.includes(action) && !experimental) throw notFound();
  if (UNSERVED_ACTIONS.includes(action)) throw new ManilaFault(501, `The lab does not serve the action ${action}.`);
  throw badRequest(`There is no such action: ${action}`);
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Server, createServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Fault, FaultPlan } from '../../faults.ts';
import type { Recorder } from '../../recorder.ts';
import type { Pod } from '../kinds.ts';
import type { PodRuntime } from '../kubelet/runtime.ts';
import type { Registry } from '../registry/registry.ts';
import { ApiError, badRequest, notServed } from '../status.ts';
import { type Tokens, authenticate, impersonated } from './auth.ts';
import { Discovery } from './discovery.ts';
import { ExecServer } from './exec.ts';
import { type Answer, type Call, Handlers } from './handlers.ts';
import { sendLog } from './logs.ts';
import type { Rbac } from './rbac.ts';
import { type ApiRequest, flag, readBody } from './request.ts';
import { type Route, isApplyPatch, parseRoute, templateOf, verbOf } from './route.ts';
import { Subresources } from './subresources.ts';
import { Watches } from './watch.ts';

export interface ServerOptions {
  registry: Registry;
  rbac: Rbac;
  tokens: Tokens;
  runtime: PodRuntime;
  /** PEM texts: the server's own certificate and key, and the authority of client certificates. */
  tls: { cert: string; key: string; ca: string };
  faults: FaultPlan;
  recorder: Recorder;
}

/** Paths that say nothing secret and are answered to anybody. */
const PUBLIC = new Set(['/version', '/healthz', '/livez', '/readyz']);

/** The API server: HTTPS in, objects out. */
export class ApiServer {
  readonly #options: ServerOptions;
  readonly #server: Server;
  readonly #watches: Watches;
  readonly #handlers: Handlers;
  readonly #subresources: Subresources;
  readonly #exec: ExecServer;
  readonly #sockets = new Set<Socket>();
  #discovery: Discovery;

  constructor(options: ServerOptions) {
    const { registry, rbac, tokens, tls, runtime } = options;
    this.#options = options;
    this.#watches = new Watches(registry.store);
    this.#handlers = new Handlers(registry, rbac, this.#watches);
    this.#subresources = new Subresources(registry, this.#handlers, tokens);
    this.#exec = new ExecServer(runtime);
    this.#discovery = new Discovery(registry.catalog, '');
    this.#server = createServer({ ...tls, requestCert: true, rejectUnauthorized: false, keepAliveTimeout: 90_000 });
    this.#server.on('request', (request, response) => void this.#serve(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** @returns the port. @throws the system's error where the port is taken. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', () => resolve());
    });
    const address = this.#server.address();
    const bound = typeof address === 'object' && address ? address.port : port;
    this.#discovery = new Discovery(this.#options.registry.catalog, `127.0.0.1:${bound}`);
    return bound;
  }

  async close(): Promise<void> {
    this.#watches.close();
    this.#exec.close();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Audit-Id', randomUUID());
    const url = new URL(incoming.url ?? '/', 'https://localhost');
    const route = parseRoute(url.pathname);
    const note = this.#noteOnce(incoming, url, route);
    // A watch counts when it begins to answer: it may outlive the test that reads the record.
    response.on('finish', () => note(response.statusCode));
    response.on('close', () => note(response.headersSent ? response.statusCode : 0));
    try {
      const fault = await this.#faultOf(incoming, url, route);
      if (fault) note(fault.effect === 'reset' ? 0 : (fault.status ?? 409), true);
      if (fault?.effect === 'reset') {
        incoming.socket.destroy();
        return;
      }
      if (fault) throw refusalOnPurpose(fault, response);
      const user = impersonated(incoming, authenticate(incoming, this.#options.tokens));
      const bytes = await readBody(incoming);
      const request: ApiRequest = {
        method: incoming.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: incoming.headers,
        body: bytes.toString('utf8'),
        bytes,
        user,
        socket: incoming.socket,
      };
      await this.#dispatch(request, route, response);
    } catch (error) {
      sendError(response, error);
    }
  }

  async #dispatch(request: ApiRequest, route: Route | undefined, response: ServerResponse): Promise<void> {
    const { path, method, user } = request;
    const unresourced = this.#unresourced(request, route);
    if (unresourced) {
      send(response, unresourced);
      return;
    }
    const call = route && this.#call(request, route);
    if (!call) {
      send(response, { status: 404, body: '404 page not found\n', type: 'text/plain; charset=utf-8' });
      return;
    }
    const isWatch = method === 'GET' && (flag(request.query, 'watch') || path.includes('/watch/'));
    const { plural, group } = call.resource;
    const { subresource, namespace, name } = call.route;
    const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
    const verb = subresource === undefined ? verbOf(method, call.route, isWatch) : subresourceVerb(method);
    // A request for a namespace counts as one in it: so its own admin may read it, and so it is refused.
    const scope = group === '' && resource.split('/')[0] === 'namespaces' ? name : namespace;
    this.#options.rbac.check(user, { verb, group, resource, namespace: scope, name });
    if (subresource === 'log' && plural === 'pods') return this.#log(call, response);
    if (subresource === 'exec' || subresource === 'attach' || subresource === 'portforward') {
      throw subresource === 'exec' ? badRequest('Upgrade request required') : notServed(path);
    }
    if (subresource !== undefined) {
      send(response, this.#subresources.handle(call));
      return;
    }
    if (isWatch) {
      this.#handlers.watch(call, response, this.#watchCut(request, call.route));
      return;
    }
    send(response, this.#handlers.handle(call));
  }

  /** Version, health, discovery and schemas; undefined for paths of objects. */
  #unresourced({ path, headers, user, method }: ApiRequest, route: Route | undefined): Answer | undefined {
    if (path === '/version') return { status: 200, body: this.#options.registry.catalog.schemas.file.version };
    if (PUBLIC.has(path)) return { status: 200, body: 'ok', type: 'text/plain; charset=utf-8' };
    if (path.startsWith('/openapi/v3')) {
      const body = this.#discovery.openapi(path);
      return body ? { status: 200, body } : undefined;
    }
    if (method === 'GET' && path.startsWith('/api') && (route === undefined || route.plural === undefined)) {
      if (user.name === 'system:anonymous') {
        throw new ApiError(
          403,
          'Forbidden',
          `forbidden: User "system:anonymous" cannot get path ${JSON.stringify(path)}`,
          {},
        );
      }
      const found = this.#discovery.answer(path, headers.accept ?? '');
      if (found) return { status: 200, ...found };
      return undefined;
    }
    if (path === '/')
      return {
        status: 200,
        body: { paths: ['/api', '/apis', '/healthz', '/livez', '/openapi/v3', '/readyz', '/version'] },
      };
    if (!path.startsWith('/api')) throw notServed(path);
    return undefined;
  }

  /** @throws ApiError 404 where the group is known and the resource is not. */
  #call(request: ApiRequest, route: Route): Call | undefined {
    const { catalog } = this.#options.registry;
    if (!catalog.all().some((one) => one.group === route.group)) return undefined;
    const resource = catalog.find(route.group, route.version, route.plural ?? '');
    const isMissing =
      resource === undefined || (route.subresource !== undefined && !resource.subresources.has(route.subresource));
    if (isMissing || (route.namespace !== undefined && !resource.namespaced)) {
      throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
    }
    return { request, route, resource };
  }

  async #log({ request, route, resource }: Call, response: ServerResponse): Promise<void> {
    const pod = this.#options.registry.get(resource, route.namespace, route.name ?? '') as Pod;
    await sendLog(this.#options.runtime, pod, request.query, response);
  }

  #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(incoming.url ?? '/', 'https://localhost');
    const route = parseRoute(url.pathname);
    const note = this.#noteOnce(incoming, url, route);
    try {
      const { rbac, registry, tokens } = this.#options;
      const user = impersonated(incoming, authenticate(incoming, tokens));
      if (route?.plural !== 'pods' || route.subresource !== 'exec')
        throw notServed(`an upgraded connection to ${url.pathname}`);
      const { namespace, name } = route;
      // A WebSocket begins with GET; since 1.35 that needs the right to create, as the POST of SPDY does.
      rbac.check(user, { verb: 'create', group: '', resource: 'pods/exec', namespace, name });
      const pod = registry.get(registry.catalog.ofKind('v1', 'Pod'), namespace, name ?? '') as Pod;
      this.#exec.serve(pod, url.searchParams, incoming, socket, head);
      note(101);
    } catch (error) {
      const { status, body } = errorAnswer(error);
      note(status);
      const text = JSON.stringify(body);
      socket.end(
        `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
      );
    }
  }

  /** Records what was asked for and how it was answered, the first time that it is called. */
  #noteOnce(incoming: IncomingMessage, url: URL, route: Route | undefined): (status: number, faulty?: boolean) => void {
    const method = incoming.method ?? 'GET';
    const template = templateOf(incoming, url, route);
    let isDone = false;
    return (status, faulty = false) => {
      if (isDone) return;
      isDone = true;
      this.#options.recorder.record({ service: 'kubernetes', method, template, status, ...(faulty && { faulty }) });
    };
  }

  /** The fault that hits this request; a delay has passed by then. */
  async #faultOf(incoming: IncomingMessage, url: URL, route: Route | undefined): Promise<Fault | undefined> {
    const { faults } = this.#options;
    const occasion = {
      place: 'kubernetes',
      method: incoming.method ?? 'GET',
      path: url.pathname,
      template: route?.template ?? url.pathname,
    } as const;
    const delayed = faults.take(occasion, ['delay']);
    if (delayed) await new Promise((resolve) => setTimeout(resolve, delayed.delayMs));
    const isApply = isApplyPatch(incoming) && !flag(url.searchParams, 'force');
    return (
      faults.take(occasion, ['reset']) ?? faults.take(occasion, isApply ? ['status', 'apply-conflict'] : ['status'])
    );
  }

  #watchCut(request: ApiRequest, route: Route): number | undefined {
    const occasion = { place: 'kubernetes', method: 'GET', path: request.path, template: route.template } as const;
    return this.#options.faults.take(occasion, ['watch-cut'])?.delayMs;
  }
}

const REASONS: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'forbidden by a fault of the lab'],
  404: ['NotFound', 'the server could not find the requested resource'],
  409: ['Conflict', 'the object has been modified; please apply your changes to the latest version and try again'],
  410: ['Expired', 'too old resource version'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  500: ['InternalError', 'Internal error occurred: a fault of the lab'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: [
    'Timeout',
    'the server was unable to return a response in the time allotted, but may still be processing the request',
  ],
};

function refusalOnPurpose(fault: Fault, response: ServerResponse): ApiError {
  if (fault.retryAfter !== undefined) response.setHeader('Retry-After', String(fault.retryAfter));
  return fault.effect === 'apply-conflict' ? conflictOnPurpose(fault) : statusOnPurpose(fault);
}

function statusOnPurpose({ status = 500, message, retryAfter }: Fault): ApiError {
  const [reason, text] = REASONS[status] ?? ['', `HTTP ${status} by a fault of the lab`];
  return new ApiError(
    status,
    reason,
    message ?? text,
    retryAfter === undefined ? undefined : { retryAfterSeconds: retryAfter },
  );
}

function conflictOnPurpose({ message }: Fault): ApiError {
  const cause = { reason: 'FieldManagerConflict', message: 'conflict with "somebody-else"', field: '.spec' };
  return new ApiError(409, 'Conflict', message ?? `Apply failed with 1 conflict: ${cause.message}: ${cause.field}`, {
    causes: [cause],
  });
}

function subresourceVerb(method: string): string {
  const verbs: Record<string, string> = { GET: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
  return verbs[method] ?? 'get';
}

function send(response: ServerResponse, { status, body, type, warnings = [] }: Answer): void {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  for (const warning of warnings) response.appendHeader('Warning', `299 - ${JSON.stringify(warning)}`);
  response.writeHead(status, {
    'Content-Type': type ?? 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-cache, private',
  });
  response.end(text);
}

function errorAnswer(error: unknown): { status: number; body: unknown } {
  if (error instanceof ApiError) return { status: error.code, body: error.status };
  const message = `Internal error occurred: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return { status: 500, body: new ApiError(500, 'InternalError', message).status };
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  send(response, errorAnswer(error));
}

import type { Duplex } from 'node:stream';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { knownResource } from '../../src/kube/kinds.ts';
import type { KubeObject, ObjectRef } from '../../src/kube/types.ts';
import type { Answer, Fault, Request } from './json-server.ts';
import { KubeStore, Refusal, type StoreEvent } from './kube-store.ts';
import { tlsPair } from './tls-pair.ts';

export { type Answer, type Fault, next, type Request } from './json-server.ts';

/** What a command in a container does: sends on channels and ends with a Status. */
export interface ExecCall {
  pod: string;
  namespace: string;
  container: string | null;
  command: string[];
  /** Subprotocol that was agreed on. */
  protocol: string;
  socket: WebSocket;
  stdout(data: string | Buffer): void;
  stderr(data: string | Buffer): void;
  /** Ends it with this exit code. */
  exit(code: number): void;
  /** Called with what is written to stdin. */
  onStdin(heard: (text: string) => void): void;
}

/**
 * A small API server on port 0 of loopback: TLS, objects that stay, selectors, pages, server-side apply with
 * conflicts, watches, exec over WebSocket. Everything is allowed unless `faults` says otherwise.
 */
export class KubeServer implements AsyncDisposable {
  readonly store = new KubeStore();
  readonly requests: Request[] = [];
  /** Asked before the server itself, the newest first. */
  readonly faults: Fault[] = [];
  /** TLS handshakes so far. */
  handshakes = 0;
  /** Subprotocols that exec offers. */
  execProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
  exec: (call: ExecCall) => void = (call) => call.exit(0);
  logs: (pod: string) => string = () => '';
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => this.execProtocols.find((one) => offered.has(one)) ?? false,
  });
  readonly #watches = new Set<ServerResponse>();
  readonly #muted = new WeakSet<ServerResponse>();

  private constructor() {
    this.#server = createServer(tlsPair(), (incoming, outgoing) => void this.#receive(incoming, outgoing));
    this.#server.on('secureConnection', () => this.handshakes++);
    this.#server.on('upgrade', (incoming, socket, head) => void this.#upgrade(incoming, socket, head));
  }

  static async start(): Promise<KubeServer> {
    const server = new KubeServer();
    await new Promise<void>((done) => server.#server.listen(0, '127.0.0.1', done));
    return server;
  }

  get origin(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A kubeconfig (JSON is YAML) with one context `test`; `user` and `cluster` are merged into its entries. */
  kubeconfig({ user, cluster, namespace }: { user?: object; cluster?: object; namespace?: string } = {}): string {
    const ca = Buffer.from(tlsPair().cert).toString('base64');
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      clusters: [{ name: 'test', cluster: { server: this.origin, 'certificate-authority-data': ca, ...cluster } }],
      users: [{ name: 'test', user: { token: 'test-token', ...user } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', ...(namespace ? { namespace } : {}) } }],
    });
  }

  /** `METHOD /path` of every request. */
  calls(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  /** Requests that change something. */
  writes(): string[] {
    return this.calls().filter((call) => !call.startsWith('GET '));
  }

  /** Puts an object there as somebody else (or as `manager`) would. */
  put(object: KubeObject, manager?: string): KubeObject {
    return this.store.put(collectionOf(object), object, manager);
  }

  find(ref: ObjectRef): KubeObject | undefined {
    return this.store.find(collectionOf(ref), ref.name, ref.namespace);
  }

  /** Cuts every open watch, as a load balancer does. */
  cutWatches(): void {
    for (const watch of this.#watches) watch.destroy();
  }

  /** The open watches stay open and never send anything again, as after a lost route. */
  muteWatches(): void {
    for (const watch of this.#watches) this.#muted.add(watch);
  }

  get openWatches(): number {
    return this.#watches.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    await new Promise<void>((done) => {
      this.#server.close(() => done());
      this.#server.closeAllConnections();
    });
  }

  async #receive(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const url = new URL(incoming.url ?? '/', 'http://server');
    const request: Request = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    this.requests.push(request);
    const fault = this.#verdict(request);
    if (fault === 'reset') return void incoming.socket.destroy();
    const answer = fault ?? this.#answer(request, outgoing);
    if (!answer) return;
    const plain = typeof answer.body === 'string';
    outgoing.writeHead(answer.status, {
      'content-type': plain ? 'text/plain' : 'application/json',
      'audit-id': 'audit-1',
      ...answer.headers,
    });
    outgoing.end(plain ? answer.body : JSON.stringify(answer.body));
  }

  /** What the newest fault says that says anything. */
  #verdict(request: Request): Answer | 'reset' | undefined {
    for (const fault of [...this.faults].reverse()) {
      const verdict = fault(request);
      if (verdict) return verdict;
    }
    return undefined;
  }

  #answer(request: Request, outgoing: ServerResponse): Answer | undefined {
    try {
      return this.#route(request, outgoing);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return statusAnswer(error.status, error.reason, error.message, error.details);
    }
  }

  #route(request: Request, outgoing: ServerResponse): Answer | undefined {
    const { method, path, query } = request;
    if (path === '/version') return { status: 200, body: { gitVersion: 'v1.35.4' } };
    if (path.endsWith('/selfsubjectaccessreviews')) return { status: 201, body: { status: { allowed: true } } };
    if (path.endsWith('/log')) return { status: 200, body: this.logs(path) };
    const target = parsePath(path);
    if (!target) return statusAnswer(404, 'NotFound', 'the server could not find the requested resource');
    const { collection, namespace, name } = target;
    if (name === undefined) {
      if (query.get('watch') === 'true') {
        this.#watch(target, query, outgoing);
        return;
      }
      if (method === 'POST') return this.#create(collection, request);
      return this.#list(collection, namespace, query);
    }
    const dryRun = query.get('dryRun') === 'All';
    const body = request.body as KubeObject;
    if (method === 'PATCH' && request.headers['content-type'] === 'application/apply-patch+yaml') {
      const manager = query.get('fieldManager') ?? '';
      return {
        status: 200,
        body: this.store.apply(collection, body, { manager, force: query.get('force') === 'true', dryRun }),
      };
    }
    if (method === 'PATCH')
      return { status: 200, body: this.store.mergePatch(collection, name, namespace, body, dryRun) };
    if (method === 'DELETE') return { status: 200, body: this.#delete(collection, name, namespace, request) };
    const found = this.store.find(collection, name, namespace);
    if (found) return { status: 200, body: found };
    return statusAnswer(404, 'NotFound', `${collection} "${name}" not found`, { name, kind: collection });
  }

  #create(collection: string, { body, query }: Request): Answer {
    const object = body as KubeObject;
    const { name, namespace } = object.metadata;
    if (this.store.find(collection, name, namespace)) {
      throw new Refusal(409, 'AlreadyExists', `${collection} "${name}" already exists`);
    }
    const stored = this.store.put(collection, object, query.get('fieldManager') ?? '', query.get('dryRun') === 'All');
    return { status: 201, body: stored };
  }

  #delete(collection: string, name: string, namespace: string | undefined, { body, query }: Request) {
    const options = body as { preconditions?: { uid?: string }; dryRun?: string[] } | undefined;
    // As the real server: with a body, the query is not looked at.
    const dryRun = options ? options.dryRun?.includes('All') : query.get('dryRun') === 'All';
    return this.store.delete(collection, name, {
      ...(namespace === undefined ? {} : { namespace }),
      ...(options?.preconditions?.uid === undefined ? {} : { uid: options.preconditions.uid }),
      dryRun: dryRun === true,
    });
  }

  #list(collection: string, namespace: string | undefined, query: URLSearchParams): Answer {
    const all = this.store.all(collection, namespace).filter((object) => selected(object, query));
    const limit = Number(query.get('limit') ?? 0) || all.length;
    const start = Number(query.get('continue') ?? 0);
    const items = all.slice(start, start + limit).map(({ apiVersion: _apiVersion, kind: _kind, ...rest }) => rest);
    const more = start + limit < all.length ? { continue: String(start + limit) } : {};
    return {
      status: 200,
      body: { kind: 'List', metadata: { resourceVersion: String(this.store.version), ...more }, items },
    };
  }

  #watch({ collection, namespace }: Target, query: URLSearchParams, outgoing: ServerResponse): void {
    const after = Number(query.get('resourceVersion'));
    const mine = ({ object }: StoreEvent): boolean =>
      collectionOf(object) === collection &&
      (namespace === undefined || object.metadata.namespace === namespace) &&
      selected(object, query);
    const pending: StoreEvent[] = [];
    let send = (event: StoreEvent): void => void pending.push(event);
    const stop = this.store.follow(after, (event) => mine(event) && send(event));
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    outgoing.flushHeaders();
    send = (event) => {
      if (!this.#muted.has(outgoing)) outgoing.write(`${JSON.stringify(event)}\n`);
    };
    pending.forEach(send);
    this.#watches.add(outgoing);
    outgoing.on('close', () => {
      stop();
      this.#watches.delete(outgoing);
    });
  }

  async #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://server');
    const request = {
      method: 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: undefined,
    };
    this.requests.push(request);
    const fault = this.#verdict(request);
    const [, namespace = '', pod = ''] = /\/namespaces\/([^/]+)\/pods\/([^/]+)\/exec$/.exec(url.pathname) ?? [];
    if (fault === 'reset') return void socket.destroy();
    if (fault) {
      const text = JSON.stringify(fault.body);
      socket.end(
        `HTTP/1.1 ${fault.status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
      );
      return;
    }
    this.#sockets.handleUpgrade(incoming, socket, head, (client) => {
      const send = (channel: number, data: string | Buffer): void =>
        client.send(Buffer.concat([Buffer.of(channel), Buffer.from(data)]));
      this.exec({
        pod,
        namespace,
        container: url.searchParams.get('container'),
        command: url.searchParams.getAll('command'),
        protocol: client.protocol,
        socket: client,
        stdout: (data) => send(1, data),
        stderr: (data) => send(2, data),
        exit: (code) => {
          send(3, JSON.stringify(execStatus(code)));
          client.close();
        },
        onStdin: (heard) =>
          client.on('message', (data: Buffer) => {
            if (data[0] === 0) heard(data.subarray(1).toString());
          }),
      });
    });
  }
}

/** metav1.Status as an answer. */
export function statusAnswer(status: number, reason: string, message: string, details?: object): Answer {
  return {
    status,
    body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason, message, details },
  };
}

function execStatus(code: number): object {
  if (code === 0) return { status: 'Success' };
  const causes = [{ reason: 'ExitCode', message: String(code) }];
  return {
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with exit code ${code}`,
    details: { causes },
  };
}

interface Target {
  /** `apps/v1 daemonsets` */
  collection: string;
  namespace: string | undefined;
  name: string | undefined;
}

function parsePath(path: string): Target | undefined {
  const match =
    /^\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))(?:\/namespaces\/([^/]+)(?=\/[^/]))?\/([^/]+)(?:\/([^/]+))?$/.exec(path);
  if (!match) return undefined;
  const [, core, group, namespace, resource = '', name] = match;
  return { collection: `${core ?? group ?? ''} ${resource}`, namespace, name: name && decodeURIComponent(name) };
}

function collectionOf({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  return `${apiVersion} ${knownResource(apiVersion, kind)?.resource ?? `${kind.toLowerCase()}s`}`;
}

function selected(object: KubeObject, query: URLSearchParams): boolean {
  const labels = (query.get('labelSelector') ?? '').split(',').filter(Boolean);
  const fields = (query.get('fieldSelector') ?? '').split(',').filter(Boolean);
  const valueAt = (path: string): unknown =>
    path.split('.').reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], object);
  return (
    labels.every((pair) => {
      const [key = '', value] = pair.split('=');
      return value === undefined ? key in (object.metadata.labels ?? {}) : object.metadata.labels?.[key] === value;
    }) && fields.every((pair) => valueAt(pair.split('=')[0] ?? '') === pair.split('=')[1])
  );
}

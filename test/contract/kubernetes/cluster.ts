import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { parse } from 'yaml';

/** A cluster to be compared: real or embedded. */
export interface ContractCluster {
  /** Path of a kubeconfig whose current context may do everything. */
  kubeconfig: string;
}

export type Json = Record<string, unknown>;

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  /** Parsed JSON, or the text where it is none. */
  body: unknown;
}

export interface Ask {
  /** Sent as JSON; text is sent as it is. */
  json?: unknown;
  /** Content type; JSON unless told. */
  type?: string;
  headers?: Record<string, string>;
  /** As nobody in particular. */
  anonymous?: boolean;
}

export const APPLY = 'application/apply-patch+yaml';
export const MERGE = 'application/merge-patch+json';
export const STRATEGIC = 'application/strategic-merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';

interface Credentials {
  ca: string;
  cert?: string | undefined;
  key?: string | undefined;
  token?: string | undefined;
}

/** Plain requests to a cluster, and what tests make in it and remove at the end. */
export class Connected {
  readonly prefix = `l-${randomBytes(3).toString('hex')}`;
  readonly #server: string;
  readonly #credentials: Credentials;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #atEnd: (() => Promise<unknown>)[] = [];

  private constructor(server: string, credentials: Credentials) {
    this.#server = server;
    this.#credentials = credentials;
  }

  static async to({ kubeconfig }: ContractCluster): Promise<Connected> {
    const config = parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
    const context = config.contexts.find(({ name }) => name === config['current-context'])?.context;
    const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster;
    const user = config.users.find(({ name }) => name === context?.user)?.user;
    const plain = (text: string | undefined): string | undefined =>
      text === undefined ? undefined : Buffer.from(text, 'base64').toString();
    const credentials = {
      ca: plain(cluster?.['certificate-authority-data']) ?? '',
      cert: plain(user?.['client-certificate-data']),
      key: plain(user?.['client-key-data']),
      token: user?.token,
    };
    return new Connected(cluster?.server ?? '', credentials);
  }

  async send(method: string, path: string, ask: Ask = {}): Promise<Answer> {
    const response = await this.#open(method, path, ask);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    let body: unknown = text;
    try {
      body = JSON.parse(text);
    } catch {
      // Text as it is.
    }
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  post(path: string, json: unknown): Promise<Answer> {
    return this.send('POST', path, { json });
  }

  patch(path: string, type: string, json: unknown): Promise<Answer> {
    return this.send('PATCH', path, { json, type });
  }

  /** Server-side apply. */
  apply(path: string, manager: string, object: unknown, query = ''): Promise<Answer> {
    return this.patch(`${path}?fieldManager=${manager}${query}`, APPLY, object);
  }

  delete(path: string, json?: unknown): Promise<Answer> {
    return this.send('DELETE', path, json === undefined ? {} : { json });
  }

  /** Asks again until the answer is as wanted. @throws after 60 s, with the last answer */
  async until(path: string, wanted: (answer: Answer) => boolean): Promise<Answer> {
    for (const end = Date.now() + 60_000; ;) {
      const answer = await this.get(path);
      if (wanted(answer)) return answer;
      if (Date.now() > end) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      await delay(50);
    }
  }

  /** The events of a watch, until `enough` says so of all that came or the server ends it. */
  async watch(path: string, enough: (events: WatchEvent[]) => boolean, act?: () => Promise<unknown>): Promise<Watched> {
    const response = await this.#open('GET', path, {});
    const acting = act?.();
    const events: WatchEvent[] = [];
    let rest = '';
    try {
      for await (const chunk of response) {
        const lines = (rest + (chunk as Buffer).toString()).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) events.push(JSON.parse(line) as WatchEvent);
        if (enough(events)) break;
      }
    } finally {
      response.destroy();
    }
    await acting;
    return { status: response.statusCode ?? 0, events };
  }

  /** Runs a command in a pod, over v5.channel.k8s.io. */
  async exec(pod: string, command: readonly string[], { stdin, container }: ExecOptions = {}): Promise<Executed> {
    const query = new URLSearchParams([
      ...command.map((word): [string, string] => ['command', word]),
      ['stdout', 'true'],
      ['stderr', 'true'],
    ]);
    if (stdin !== undefined) query.set('stdin', 'true');
    if (container !== undefined) query.set('container', container);
    const { token, ...tls } = this.#credentials;
    const socket = new WebSocket(
      `${this.#server.replace(/^http/, 'ws')}${pod}/exec?${query.toString()}`,
      'v5.channel.k8s.io',
      { ...tls, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } },
    );
    const out: Executed = { protocol: '', stdout: '', stderr: '', status: {} };
    socket.on('message', (data: Buffer) => {
      const text = data.subarray(1).toString();
      if (data[0] === 1) out.stdout += text;
      if (data[0] === 2) out.stderr += text;
      if (data[0] === 3) out.status = JSON.parse(text) as Json;
    });
    socket.on('open', () => {
      if (stdin === undefined) return;
      socket.send(Buffer.concat([Buffer.from([0]), Buffer.from(stdin)]));
      // 255 closes a channel: the end of the input.
      socket.send(Buffer.from([255, 0]));
    });
    await new Promise<void>((resolve, reject) => {
      socket.on('close', () => resolve());
      socket.on('error', reject);
    });
    out.protocol = socket.protocol;
    return out;
  }

  /** A namespace of the run's own, removed at the end. Returns its path. */
  async namespace(name: string): Promise<string> {
    const full = `${this.prefix}-${name}`;
    const path = `/api/v1/namespaces/${full}`;
    expect((await this.post('/api/v1/namespaces', namespaceOf(full))).status).toBe(201);
    this.atEnd(async () => {
      await this.delete(path);
      await this.until(path, ({ status }) => status === 404);
    });
    // Pods can be made when the namespace has its ServiceAccount.
    await this.until(`${path}/serviceaccounts/default`, ({ status }) => status === 200);
    return path;
  }

  /** Has something done at the end of the tests, along with everything else. */
  atEnd(work: () => Promise<unknown>): void {
    this.#atEnd.push(work);
  }

  async cleanUp(): Promise<void> {
    // A real namespace takes seconds to go, and there is one a part.
    await Promise.all(this.#atEnd.splice(0).map((work) => work()));
    this.#agent.destroy();
  }

  #open(method: string, path: string, { json, type, headers, anonymous }: Ask): Promise<IncomingMessage> {
    const body = json === undefined ? undefined : typeof json === 'string' ? json : JSON.stringify(json);
    const { ca, cert, key, token } = this.#credentials;
    return new Promise((resolve, reject) => {
      const outgoing = request(`${this.#server}${path}`, {
        method,
        ca,
        ...(anonymous ? { agent: false } : { agent: this.#agent, cert, key }),
        headers: {
          ...(token !== undefined && !anonymous && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && {
            'content-type': type ?? 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
          ...headers,
        },
      });
      outgoing.on('response', resolve).on('error', reject).end(body);
    });
  }
}

export interface WatchEvent {
  type: string;
  object: Json & { metadata: Metadata };
}
export interface Watched {
  status: number;
  events: WatchEvent[];
}
export interface ExecOptions {
  stdin?: string;
  container?: string;
}
export interface Executed {
  protocol: string;
  stdout: string;
  stderr: string;
  /** The Status of the last channel. */
  status: Json;
}
export interface Metadata {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  finalizers?: string[];
  deletionTimestamp?: string;
  continue?: string;
  managedFields?: { manager: string; operation: string; fieldsV1: Json; subresource?: string }[];
}

interface Kubeconfig {
  'current-context': string;
  contexts: { name: string; context: { cluster: string; user: string } }[];
  clusters: { name: string; cluster: { server: string; 'certificate-authority-data'?: string } }[];
  users: { name: string; user: { token?: string; 'client-certificate-data'?: string; 'client-key-data'?: string } }[];
}

export const namespaceOf = (name: string): Json => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
export const configMap = (name: string, data?: Json, metadata: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  ...(data && { data }),
});

export const metaOf = ({ body }: Answer): Metadata => (body as { metadata: Metadata }).metadata;
export const itemsOf = ({ body }: Answer): (Json & { metadata: Metadata })[] =>
  (body as { items: (Json & { metadata: Metadata })[] }).items;
export const namesOf = (answer: Answer): string[] => itemsOf(answer).map(({ metadata }) => metadata.name);

/** A Status that says no. */
export function failure(code: number, reason: string, message: string, details?: Json): object {
  return {
    status: code,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details && { details }),
      code,
    },
  };
}
export const notFound = (plural: string, name: string, group = ''): object =>
  failure(404, 'NotFound', `${plural}${group && `.${group}`} "${name}" not found`, {
    name,
    ...(group && { group }),
    kind: plural,
  });

export const UUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string;
export const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string;
export const VERSION = expect.stringMatching(/^\d+$/) as string;

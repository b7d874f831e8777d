import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { Context } from '../core/context.ts';
import { formatDuration } from '../core/duration.ts';
import { CliError, couldNotRun, messageOf } from '../core/errors.ts';
import { retryAfterMs } from '../core/retry.ts';
import { VERSION } from '../core/version.ts';
import { type Asked, KubeApiError, KubeUnreachable, type Status } from './errors.ts';
import type { KubeTarget } from './kubeconfig.ts';

export const USER_AGENT = `manila-rwx/${VERSION}`;

/** Shorter than the API server's own 90 s and most load balancers' 60 s, so that no request meets a closed connection. */
const IDLE_MS = 30_000;
const DEFAULT_TIMEOUT_MS = 30_000;

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query from the server's address. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  contentType?: string;
  /** What is asked about, for errors: `DaemonSet manila-csi/node`. */
  subject?: string | undefined;
  accept?: string;
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
}

export interface HttpAnswer {
  status: number;
  /** Lower-case names. */
  headers: IncomingMessage['headers'];
  text: string;
}

/** What a connection is made with: TLS options and agent, and the headers of the login. */
export interface ConnectOptions extends RequestOptions {
  headers: Record<string, string | string[]>;
}

/** HTTP to one API server over one keep-alive agent: one TLS handshake for as many requests as follow each other. */
export class Transport {
  readonly asked: Asked;
  readonly #ctx: Context;
  readonly #target: KubeTarget;
  #agent: HttpAgent | undefined;
  /** What the agent was made with; a plugin may bring another client certificate later. */
  #agentKey: unknown;

  constructor(ctx: Context, target: KubeTarget) {
    this.#ctx = ctx;
    this.#target = target;
    this.asked = { server: target.server, context: target.context };
  }

  /** TLS options, agent and login headers as they are now: programs and files that give the login are asked again. */
  async connectOptions(): Promise<ConnectOptions> {
    const options: RequestOptions = { headers: {} };
    try {
      await this.#target.config.applyToHTTPSOptions(options);
    } catch (error) {
      throw this.#loginFailed(error);
    }
    const { ca, cert, key, rejectUnauthorized, servername, auth } = options;
    const tls = Object.fromEntries(
      Object.entries({ ca, cert, key, rejectUnauthorized, servername, auth }).filter(([, value]) => value != null),
    );
    return {
      ...tls,
      agent: this.#keepAliveAgent(options),
      headers: {
        ...trimmed(options.headers as Record<string, string>),
        ...this.#target.impersonation,
        'User-Agent': USER_AGENT,
      },
    };
  }

  /**
   * Sends a request and reads the whole answer. Statuses from 400 on are thrown; a refused login is tried once more
   * where a program gives it.
   * @throws KubeApiError, KubeUnreachable, or the signal's reason.
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const startedAt = this.#ctx.clock.now();
    const answer = await this.#exchange(request);
    this.#ctx.io.debug(
      `${request.method} ${this.asked.server}${request.path} ${answer.status} (${this.#ctx.clock.now() - startedAt} ms)`,
    );
    if (answer.status === 401 && this.#target.exec) {
      this.#target.exec.forget();
      return this.#checked(await this.#exchange(request), request.subject);
    }
    return this.#checked(answer, request.subject);
  }

  /** Opens a request whose answer is read as it comes; the caller destroys it. */
  async open(request: HttpRequest): Promise<IncomingMessage> {
    const { answer } = await this.#start(request);
    if ((answer.statusCode ?? 0) < 400) return answer;
    throw this.apiError(answer.statusCode ?? 0, answer.headers, await readAll(answer));
  }

  /** The error that an HTTP answer stands for. */
  apiError(status: number, headers: IncomingMessage['headers'], text: string, subject?: string): KubeApiError {
    const auditId = headers['audit-id'];
    return new KubeApiError(
      status,
      parseStatus(text, status),
      { ...this.asked, subject },
      typeof auditId === 'string' ? auditId : undefined,
      retryAfterMs(headers['retry-after'], this.#ctx.clock.now()),
    );
  }

  close(): void {
    this.#agent?.destroy();
  }

  #checked(answer: HttpAnswer, subject: string | undefined): HttpAnswer {
    if (answer.status < 400) return answer;
    throw this.apiError(answer.status, answer.headers, answer.text, subject);
  }

  async #exchange(request: HttpRequest): Promise<HttpAnswer> {
    const { answer, deadline } = await this.#start(request);
    try {
      return { status: answer.statusCode ?? 0, headers: answer.headers, text: await readAll(answer) };
    } catch (error) {
      throw this.#connectionError(error, request, deadline);
    }
  }

  async #start(request: HttpRequest): Promise<{ answer: IncomingMessage; deadline: AbortSignal }> {
    request.signal?.throwIfAborted();
    const connect = await this.connectOptions();
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const deadline = AbortSignal.timeout(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const send = this.asked.server.startsWith('http:') ? httpRequest : httpsRequest;
    try {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const outgoing: ClientRequest = send(`${this.asked.server}${request.path}`, {
          ...connect,
          method: request.method,
          signal: request.signal ? AbortSignal.any([request.signal, deadline]) : deadline,
          headers: {
            ...connect.headers,
            Accept: request.accept ?? 'application/json',
            ...(body && {
              'Content-Type': request.contentType ?? 'application/json',
              'Content-Length': String(body.length),
            }),
          },
        });
        outgoing.once('response', resolve).once('error', reject).end(body);
      });
      return { answer, deadline };
    } catch (error) {
      throw this.#connectionError(error, request, deadline);
    }
  }

  #connectionError(error: unknown, request: HttpRequest, deadline: AbortSignal): unknown {
    if (request.signal?.aborted) return request.signal.reason;
    if (deadline.aborted) {
      const time = formatDuration(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
      return new KubeUnreachable(this.asked, error, `no answer to ${request.method} ${request.path} within ${time}`);
    }
    return new KubeUnreachable(this.asked, error);
  }

  #loginFailed(error: unknown): unknown {
    // A plugin's own errors say enough; what is left are unreadable certificate files and OIDC refreshes.
    if (error instanceof CliError) return error;
    return couldNotRun(
      'kube-login',
      `cannot log in with context ${JSON.stringify(this.asked.context)}: ${messageOf(error)}`,
      { remedy: 'log in to the cluster again, or choose another context with --context', cause: error },
    );
  }

  #keepAliveAgent(options: RequestOptions): HttpAgent {
    const key = String(options.cert ?? '');
    if (this.#agent && this.#agentKey === key) return this.#agent;
    this.#agent?.destroy();
    this.#agentKey = key;
    const made = options.agent as HttpAgent;
    if (made.constructor === HttpsAgent || made.constructor === HttpAgent) {
      const Kind = this.asked.server.startsWith('http:') ? HttpAgent : HttpsAgent;
      this.#agent = new Kind({ keepAlive: true, timeout: IDLE_MS, scheduling: 'lifo' });
    } else {
      // The kubeconfig's proxy-url: client-node's proxy agent, kept and told to keep its connections.
      this.#agent = Object.assign(made, { keepAlive: true });
    }
    return this.#agent;
  }
}

/** Token files end with a newline, which no header may hold. */
function trimmed(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.trim()]));
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The Status of an error's body; proxies and the kubelet answer in plain text. */
export function parseStatus(text: string, code: number): Status {
  try {
    const body = JSON.parse(text) as unknown;
    if (typeof body === 'object' && body !== null && (body as Status).kind === 'Status') return body;
  } catch {
    // Not JSON: taken as the sentence.
  }
  const sentence = text.trim().replaceAll(/\s+/g, ' ').slice(0, 300);
  return { code, message: sentence === '' ? `HTTP ${code}` : sentence };
}

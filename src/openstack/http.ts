import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { type Response } from 'got';
import type { Context } from '../core/context.ts';
import { type CliError, couldNotRun, errnoOf, messageOf } from '../core/errors.ts';
import { DEFAULT_RETRY, retry, retryAfterMs } from '../core/retry.ts';
import { errorFromAnswer, headline, OpenStackError } from './errors.ts';
import type { ServiceRequest, ServiceResponse } from './types.ts';

export interface TlsOptions {
  /** PEM text of the only authorities that are trusted; undefined means those that Node.js ships. */
  caPem: string | undefined;
  /** PEM text of a client certificate and its key. */
  certPem?: string | undefined;
  keyPem?: string | undefined;
  insecure: boolean;
}

export interface HttpRequest extends ServiceRequest {
  /** Name of the service for people, in errors: `Keystone`. */
  service: string;
}

/** Connections to a service at once; callers limit themselves below it. */
const MAX_SOCKETS = 16;
const CONNECT_MS = 10_000;
const ANSWER_MS = 60_000;
/** Longer waits than this are not worth waiting for: the user is told instead. */
const MAX_RETRY_AFTER_MS = 60_000;
const MAX_REDIRECTS = 5;

/** The request was surely not taken by the service: it may be sent again, whatever it is. */
const NOT_SENT = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);
/** The request may have been taken before the connection was lost. */
const PERHAPS_SENT = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_BODY_PARSE_FAILURE']);

/**
 * JSON over HTTP to OpenStack services on kept-alive connections: timeouts, retries, redirects within one host, and
 * a debug line for each request. It knows no tokens; those are headers to it.
 */
export class Http {
  readonly #ctx: Context;
  readonly #tls: TlsOptions;
  readonly #agents: { http: HttpAgent; https: HttpsAgent };
  readonly #answerMs: number;

  constructor(ctx: Context, tls: TlsOptions, answerMs = ANSWER_MS) {
    this.#ctx = ctx;
    this.#tls = tls;
    this.#answerMs = answerMs;
    const options = { keepAlive: true, maxSockets: MAX_SOCKETS };
    this.#agents = { http: new HttpAgent(options), https: new HttpsAgent(options) };
  }

  /**
   * Sends a request until it is answered or not worth repeating. Refused connections and 429 are repeated always;
   * resets, 500, 502, 503 and 504 only what is `repeatable` (500 only reads: services of OpenStack answer 500 to
   * some requests that are simply wrong). 413 is Manila's word for an exceeded quota and is never repeated.
   *
   * @throws OpenStackError for an answer of 400 or more; CliError `unreachable`, `tls` or `not-openstack` (exit 3).
   */
  async send(request: HttpRequest): Promise<ServiceResponse> {
    const signal = request.signal ?? this.#ctx.signal;
    const repeatable = request.repeatable ?? (request.method !== 'POST' && request.method !== 'PATCH');
    try {
      return await retry(() => this.#once(request, signal), {
        clock: this.#ctx.clock,
        signal,
        // A service that refuses the connection is mostly down: a user who waits is told soon.
        policy: { ...DEFAULT_RETRY, retries: 3 },
        retryable: (error) => this.#mayRepeat(error, request.method, repeatable),
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Error && !('exitCode' in error)) throw networkError(request, error);
      throw error;
    }
  }

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  #mayRepeat(error: unknown, method: string, repeatable: boolean): boolean | number {
    if (error instanceof OpenStackError) {
      const asked = retryAfterMs(error.headers['retry-after'], this.#ctx.clock.now());
      if (asked !== undefined && asked > MAX_RETRY_AFTER_MS) return false;
      const { status } = error;
      // 498 is what the rate limiter of some clouds sends (gophercloud treats it as 429).
      if (status === 429 || status === 498 || (status === 503 && (repeatable || asked !== undefined))) {
        return asked ?? true;
      }
      if (status === 500) return method === 'GET' || method === 'HEAD';
      return repeatable && (status === 502 || status === 504);
    }
    const errno = errnoOf(error) ?? '';
    return NOT_SENT.has(errno) || (repeatable && PERHAPS_SENT.has(errno));
  }

  async #once(request: HttpRequest, signal: AbortSignal): Promise<ServiceResponse> {
    let url = withQuery(request);
    for (let redirects = 0; ; redirects++) {
      const response = await this.#exchange({ ...request, url }, signal);
      const headers = plainHeaders(response);
      const location = headers.location;
      // 300 is the answer to version discovery, and has a Location too.
      if (![301, 302, 307, 308].includes(response.statusCode) || location === undefined) {
        return readAnswer(request, url, response.statusCode, headers, response.body);
      }
      const target = new URL(location, url);
      if (target.hostname !== new URL(url).hostname || redirects >= MAX_REDIRECTS) {
        throw couldNotRun('redirected', `${request.service} at ${url} redirects to ${target.href}`, {
          remedy: 'use that address, if it is the right one: passwords and tokens are not sent on to another host',
        });
      }
      url = target.href;
    }
  }

  async #exchange(request: HttpRequest, signal: AbortSignal): Promise<Response<string>> {
    const startedAt = performance.now();
    let outcome = 'failed';
    let id = '';
    try {
      const response: Response<string> = await got({
        responseType: 'text',
        method: request.method,
        url: request.url,
        headers: {
          'user-agent': 'manila-rwx',
          accept: 'application/json',
          ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
        },
        ...(request.json === undefined ? {} : { body: JSON.stringify(request.json) }),
        agent: this.#agents,
        https: this.#httpsOptions(),
        throwHttpErrors: false,
        followRedirect: false,
        retry: { limit: 0 },
        timeout: { lookup: CONNECT_MS, connect: CONNECT_MS, secureConnect: CONNECT_MS, response: this.#answerMs },
        signal,
      });
      outcome = String(response.statusCode);
      const headers = plainHeaders(response);
      id = headers['x-compute-request-id'] ?? headers['x-openstack-request-id'] ?? '';
      return response;
    } catch (error) {
      outcome = errnoOf(error) ?? 'failed';
      throw error;
    } finally {
      const ms = Math.round(performance.now() - startedAt);
      this.#ctx.io.debug(`${request.method} ${request.url} ${outcome} ${ms} ms${id ? ` ${id}` : ''}`);
    }
  }

  #httpsOptions(): object {
    const { caPem, certPem, keyPem, insecure } = this.#tls;
    return {
      rejectUnauthorized: !insecure,
      ...(caPem === undefined ? {} : { certificateAuthority: caPem }),
      ...(certPem === undefined ? {} : { certificate: certPem }),
      ...(keyPem === undefined ? {} : { key: keyPem }),
    };
  }
}

function withQuery({ url, query }: HttpRequest): string {
  if (query === undefined) return url;
  const full = new URL(url);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) full.searchParams.append(key, String(value));
  }
  return full.href;
}

function plainHeaders(response: Response<string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

function readAnswer(
  request: HttpRequest,
  url: string,
  status: number,
  headers: Record<string, string>,
  text: string,
): ServiceResponse {
  let body: unknown;
  let isJson = true;
  try {
    body = text.trim() === '' ? undefined : JSON.parse(text);
  } catch {
    isJson = false;
  }
  if (status >= 400)
    throw errorFromAnswer(request.service, { method: request.method, url }, { status, headers, body, text });
  if (!isJson) {
    const type = headers['content-type']?.split(';')[0] ?? 'no content type';
    throw couldNotRun(
      'not-openstack',
      `${url} is not ${request.service}: it answered ${status} with ${type} (${headline(text)})`,
      { remedy: 'check the address; the one of the dashboard is not the one of the API' },
    );
  }
  return { status, headers, body };
}

/** A connection that failed, as one sentence and one thing to do. */
function networkError(request: HttpRequest, error: Error): CliError {
  const { origin, hostname } = new URL(request.url);
  const errno = errnoOf(error) ?? '';
  const what = `cannot reach ${request.service} at ${origin}`;
  if (/^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_)/.test(errno)) {
    return couldNotRun('tls', `${what}: its certificate is not signed by an authority that is trusted here`, {
      remedy: 'name the CA file: `cacert:` in clouds.yaml, OS_CACERT or --os-cacert',
      cause: error,
    });
  }
  if (/^(CERT_|ERR_TLS_|ERR_SSL_|EPROTO)/.test(errno)) {
    const plainHttp = /wrong version number|packet length too long/i.test(messageOf(error));
    return couldNotRun('tls', `${what}: ${plainHttp ? 'it does not speak TLS' : firstLine(error)}`, {
      remedy: plainHttp
        ? 'write http:// instead of https://, if that is meant'
        : 'check the address and the certificate',
      cause: error,
    });
  }
  const cut = request.url.startsWith('https:') ? 'it may not speak TLS' : 'it may want https://';
  const hint = errno === 'ECONNRESET' ? ` (${cut})` : '';
  return couldNotRun('unreachable', `${what}: ${NETWORK_WORDS[errno] ?? firstLine(error)}${hint}`, {
    remedy:
      errno === 'ENOTFOUND' || errno === 'EAI_AGAIN'
        ? `check the name ${hostname}, and the name server of this machine`
        : 'check the address, and the network and firewalls on the way to it',
    cause: error,
  });
}

const NETWORK_WORDS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut before an answer came',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'no answer in time',
};

function firstLine(error: Error): string {
  return error.message.split('\n')[0] ?? error.message;
}

import { CliError, type CliErrorOptions } from '../core/errors.ts';
import { ExitCode } from '../core/exit-codes.ts';

export interface OpenStackErrorOptions extends Omit<CliErrorOptions, 'code' | 'exitCode' | 'message'> {
  status: number;
  message: string;
  code?: string;
  /** The server's own sentence, where it sent one that makes sense. */
  serverMessage?: string | undefined;
  /** Response headers, lower-case names. */
  headers?: Record<string, string>;
  body?: unknown;
  /** What was asked. */
  url?: string | undefined;
}

/** An answer of 400 or more from an OpenStack service, in words. Callers decide by `status`. */
export class OpenStackError extends CliError {
  readonly status: number;
  readonly serverMessage: string | undefined;
  readonly headers: Record<string, string>;
  readonly body: unknown;
  readonly url: string | undefined;

  constructor(options: OpenStackErrorOptions) {
    super({
      ...options,
      code: options.code ?? CODES[options.status] ?? 'openstack-error',
      exitCode: ExitCode.CouldNotRun,
    });
    this.name = 'OpenStackError';
    this.status = options.status;
    this.serverMessage = options.serverMessage;
    this.headers = options.headers ?? {};
    this.body = options.body;
    this.url = options.url;
  }

  /** The same answer with another remedy, and another sentence where one is given. */
  explained(remedy: string, message = this.message): OpenStackError {
    return new OpenStackError({
      status: this.status,
      code: this.code,
      message,
      remedy,
      serverMessage: this.serverMessage,
      requestId: this.requestId,
      headers: this.headers,
      body: this.body,
      url: this.url,
      cause: this,
    });
  }
}

const CODES: Record<number, string> = {
  400: 'openstack-bad-request',
  401: 'openstack-unauthorized',
  403: 'openstack-forbidden',
  404: 'openstack-not-found',
  406: 'openstack-microversion',
  409: 'openstack-conflict',
  413: 'openstack-over-limit',
  429: 'openstack-too-many-requests',
  503: 'openstack-unavailable',
};

const PHRASES: Record<number, string> = {
  400: 'the request is not valid',
  401: 'the token is not accepted',
  403: 'this user may not do that',
  404: 'there is no such thing',
  405: 'that cannot be done here',
  406: 'the API version is not supported',
  409: 'it exists already, or its state forbids that',
  413: 'a quota or size limit is exceeded',
  429: 'too many requests',
  500: 'the service failed',
  501: 'the service cannot do that',
  502: 'a proxy in front of the service got no answer from it',
  503: 'the service is not available',
  504: 'a proxy in front of the service waited too long for it',
};

/** What an answer of 400 or more becomes. `service` is its name for people: `Keystone`, `Manila`. */
export function errorFromAnswer(
  service: string,
  request: { method: string; url: string },
  answer: { status: number; headers: Record<string, string>; body: unknown; text: string },
): OpenStackError {
  const sentence = serverSentence(answer);
  const path = new URL(request.url).pathname;
  const said = sentence ?? PHRASES[answer.status] ?? 'no reason given';
  return new OpenStackError({
    status: answer.status,
    message: `${service} answered ${answer.status} to ${request.method} ${path}: ${said}`,
    serverMessage: sentence,
    requestId: answer.headers['x-compute-request-id'] ?? answer.headers['x-openstack-request-id'],
    headers: answer.headers,
    body: answer.body,
    url: request.url,
  });
}

/**
 * The sentence in a fault. Four formats are in use: Manila's `{"badRequest": {"code", "message"}}`, Keystone's and
 * keystonemiddleware's `{"error": {"code", "title", "message"}}`, webob's `{"code": "404 Not Found", "title",
 * "message"}`, and whatever a proxy sends. Yoga and Zed send some sentences as unfilled templates
 * (`Invalid share: %(reason)s.`): those say nothing and are left out.
 */
function serverSentence(answer: { headers: Record<string, string>; body: unknown; text: string }): string | undefined {
  const sentence = plain(jsonSentence(answer.body) ?? notJsonSentence(answer) ?? '');
  return sentence === '' || sentence.includes('%(') ? undefined : sentence;
}

function jsonSentence(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const own = messageIn(body);
  if (own !== undefined) return own;
  const [fault] = Object.values(body) as unknown[];
  return messageIn(fault);
}

function messageIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('message' in value)) return undefined;
  return typeof value.message === 'string' ? value.message : undefined;
}

function notJsonSentence({ headers, body, text }: { headers: Record<string, string>; body: unknown; text: string }) {
  if (body !== undefined || text.trim() === '') return undefined;
  const type = headers['content-type']?.split(';')[0] ?? 'no content type';
  return `not an answer of an OpenStack API (${type}): ${headline(text)}`;
}

/** What a page of HTML or text says first, in at most 120 characters. */
export function headline(text: string): string {
  const title = /<title[^>]*>([^<]+)<\/title>/i.exec(text)?.[1];
  const first = plain(title ?? text);
  return first.length > 120 ? `${first.slice(0, 119)}…` : first;
}

function plain(text: string): string {
  return text
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

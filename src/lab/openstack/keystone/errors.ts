import type { LabResponse } from '../http-server.ts';

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};
const MALFORMED =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.';

/** An answer that Keystone gives instead of what was asked for. */
export class KeystoneError extends Error {
  readonly status: number;
  /** Members of `error` beside code, message and title. */
  readonly more: Record<string, unknown>;

  constructor(status: number, message: string, more: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.more = more;
  }
}

export const unauthorized = (): KeystoneError =>
  new KeystoneError(401, 'The request you have made requires authentication.');

export const forbidden = (action?: string): KeystoneError =>
  new KeystoneError(
    403,
    `You are not authorized to perform the requested action${action === undefined ? '' : `: ${action}`}.`,
  );

/** `Could not find project: x.` */
export const notFound = (kind: string, id: string): KeystoneError =>
  new KeystoneError(404, `Could not find ${kind}: ${id}.`);

export const conflict = (kind: string, details: string): KeystoneError =>
  new KeystoneError(409, `Conflict occurred attempting to store ${kind} - ${details}.`);

/** The 400 that says what was looked for and where. */
export const expecting = (attribute: string, target: string): KeystoneError =>
  new KeystoneError(400, `Expecting to find ${attribute} in ${target}. ${MALFORMED}`);

export const malformed = (sentence: string): KeystoneError => new KeystoneError(400, `${sentence} ${MALFORMED}`);

/** A field that the request's schema refuses; Keystone appends the schema itself, which nobody reads. */
export const invalidField = (field: string, why: string): KeystoneError =>
  new KeystoneError(400, `Invalid input for field '${field}': ${why}`);

export const missingField = (field: string): KeystoneError =>
  new KeystoneError(400, `'${field}' is a required property`);

/** `{"error": {...}}`, with the header that names Keystone where a login is needed. */
export function errorResponse(
  error: KeystoneError,
  requestId: string,
  origin: string,
  headers: Record<string, string> = {},
): LabResponse {
  return {
    status: error.status,
    headers: {
      ...headers,
      ...(error.status === 401 ? { 'WWW-Authenticate': `Keystone uri="${origin}/v3"` } : {}),
      Vary: 'X-Auth-Token',
      'x-openstack-request-id': requestId,
    },
    json: {
      error: { code: error.status, ...error.more, message: error.message, title: TITLES[error.status] ?? 'Error' },
    },
  };
}

/** What Flask answers where no address of the API is meant. */
export function htmlNotFound(requestId: string): LabResponse {
  return {
    status: 404,
    headers: { Vary: 'X-Auth-Token', 'x-openstack-request-id': requestId },
    contentType: 'text/html; charset=utf-8',
    text:
      '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n' +
      '<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n',
  };
}

import type { LabRequest, LabResponse } from '../http-server.ts';

const FAULT_NAMES: Record<number, string> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
  413: 'overLimit',
  415: 'badMediaType',
  501: 'notImplemented',
  503: 'serviceUnavailable',
};
/** What webob says where the code gives no explanation of its own. */
const EXPLANATIONS: Record<number, string> = {
  400: 'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  403: 'Access was denied to this resource.',
  404: 'The resource could not be found.',
  409: 'There was a conflict when trying to complete your request.',
  413: 'The body of your request was too large for this server.',
  422: 'Unable to process the contained instructions',
  500: 'The server has either erred or is incapable of performing the requested operation.',
  503: 'The server is currently unavailable. Please try again at a later time.',
};

/**
 * An error in Manila's main format, `{"<name>": {"code": 400, "message": "..."}}`.
 *
 * Where Zed shows a template instead of the sentence (`Invalid share: %(reason)s.`), the message here is that template:
 * its controllers hand out the class's text, not the exception's (fixed in later releases).
 */
export class ManilaFault extends Error {
  readonly status: number;

  constructor(status: number, message?: string) {
    super(message ?? EXPLANATIONS[status] ?? 'Error');
    this.status = status;
  }
}

export const badRequest = (message?: string): ManilaFault => new ManilaFault(400, message);
export const forbidden = (message?: string): ManilaFault => new ManilaFault(403, message);
export const notFound = (message?: string): ManilaFault => new ManilaFault(404, message);
export const conflict = (message?: string): ManilaFault => new ManilaFault(409, message);
export const unprocessable = (message?: string): ManilaFault => new ManilaFault(422, message);
/** What a mistake of the client that nobody foresaw becomes. */
export const serverError = (): ManilaFault => new ManilaFault(500);
/** A quota: 413 with `Retry-After: 0`, which is no invitation to retry. */
export const overLimit = (exception: string, message: string): ManilaFault =>
  new ManilaFault(413, `${exception}: ${message}`);
export const invalidInput = (reason: string): ManilaFault =>
  badRequest(`Invalid input received: ${reason}.`.replace(/([^.])\.\.$/, '$1.'));
export const invalidShare = (reason: string): ManilaFault =>
  badRequest(`Invalid share: ${reason}.`.replace(/([^.])\.\.$/, '$1.'));

/** Format A. */
export function faultResponse(status: number, message: string, retryAfter?: number): LabResponse {
  const retry = status === 413 ? (retryAfter ?? 0) : retryAfter;
  return {
    status,
    ...(retry === undefined ? {} : { headers: { 'Retry-After': String(retry) } }),
    json: {
      [FAULT_NAMES[status] ?? 'computeFault']: {
        code: status,
        message,
        ...(status === 413 ? { retryAfter: String(retry) } : {}),
      },
    },
  };
}

/** Format B: keystonemiddleware refuses the token before Manila sees the request. */
export function unauthorizedResponse(authUrl: string): LabResponse {
  return {
    status: 401,
    headers: { 'WWW-Authenticate': `Keystone uri="${authUrl}"` },
    json: {
      error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
    },
  };
}

/** Format C: webob's own page, as JSON only where JSON is asked for by name. */
export function webobResponse(request: LabRequest, status: number, title: string, sentence: string): LabResponse {
  const message = `${sentence}<br /><br />\n\n\n`;
  if (/application\/json/.test(request.headers.accept ?? '')) {
    return { status, json: { message, code: `${status} ${title}`, title } };
  }
  const text = `<html>\n <head>\n  <title>${status} ${title}</title>\n </head>\n <body>\n  <h1>${status} ${title}</h1>\n  ${message}\n </body>\n</html>`;
  return { status, contentType: 'text/html; charset=UTF-8', text };
}

/** Format D: what stands in front of a service answers in its place. */
export function proxyResponse(status: number, title: string): LabResponse {
  return {
    status,
    contentType: 'text/html',
    text: `<html><body><h1>${status} ${title}</h1>\nThe server returned an invalid or incomplete response.\n</body></html>\n`,
  };
}

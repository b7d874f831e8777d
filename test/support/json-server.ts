import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Request {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Parsed JSON; undefined where there was no body. */
  body: unknown;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON, a string as HTML. */
  body?: unknown;
}

type Verdict = Answer | 'reset' | undefined;
/** Answers in place of the server; undefined lets the request through. `'reset'` cuts the connection. */
export type Fault = (request: Request) => Verdict;
/** A fault that holds its answer back. */
export type SlowFault = (request: Request) => Promise<Verdict>;

export interface JsonServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** Every request, in the order in which they came. */
  readonly requests: Request[];
  /** Asked before the server itself, the newest first. */
  readonly faults: (Fault | SlowFault)[];
  /** `METHOD /path` of every request, for whole-list assertions. */
  calls(): string[];
  /** The client's port of every request: equal ones came over one connection. */
  connections(): number[];
}

/** A small HTTP server on port 0 of loopback, closed by `await using`. */
export async function startJsonServer(
  answer: (request: Request) => Answer,
  tls?: { key: string; cert: string },
): Promise<JsonServer> {
  const requests: Request[] = [];
  const faults: (Fault | SlowFault)[] = [];
  const ports: number[] = [];
  const listener: Parameters<typeof createServer>[1] = (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://server');
      const text = Buffer.concat(chunks).toString();
      const request: Request = {
        method: incoming.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: incoming.headers,
        body: text === '' ? undefined : JSON.parse(text),
      };
      requests.push(request);
      ports.push(incoming.socket.remotePort ?? 0);
      void verdictOf(faults, request).then((fault) => {
        if (fault === 'reset') {
          incoming.socket.destroy();
          return;
        }
        const { status, headers, body } = fault ?? answer(request);
        const type = typeof body === 'string' ? 'text/html' : 'application/json';
        response.writeHead(status, { ...(body === undefined ? {} : { 'content-type': type }), ...headers });
        response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    faults,
    connections: () => ports,
    calls: () => requests.map(({ method, path }) => `${method} ${path}`),
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function verdictOf(faults: readonly (Fault | SlowFault)[], request: Request): Promise<Verdict> {
  for (const fault of faults.toReversed()) {
    const verdict = await fault(request);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

/** A fault for the next `times` requests that match, then never again. */
export function next(times: number, matches: (request: Request) => boolean, answer: Answer | 'reset'): Fault {
  let left = times;
  return (request) => {
    if (left === 0 || !matches(request)) return undefined;
    left--;
    return answer;
  };
}

import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultPlan, FaultPlace } from '../faults.ts';
import type { Recorder } from '../recorder.ts';
import { requestId } from './ids.ts';

export interface LabRequest {
  method: string;
  /** As it was sent, still percent-encoded, without the query. */
  path: string;
  /** Path and query as they were sent. */
  url: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** `http://127.0.0.1:5000`, as the client addressed this service; the links in answers begin with it. */
  origin: string;
  requestId: string;
}

export interface LabResponse {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, with `contentType`. */
  text?: string;
  contentType?: string;
}

/** What a request turned out to ask for, before anything was done about it. */
export interface Routed {
  /** See {@link Recorder}. */
  template: string;
  run(): LabResponse | Promise<LabResponse>;
}

export interface LabService {
  name: FaultPlace & ('keystone' | 'manila');
  route(request: LabRequest): Routed;
  /** The service's own form of an error. */
  fault(request: LabRequest, status: number, message: string | undefined, retryAfter: number | undefined): LabResponse;
  /** Makes the token of this request invalid, as if its time were over. */
  expireToken(request: LabRequest): void;
}

export interface TlsFiles {
  /** PEM texts. */
  key: string;
  cert: string;
}

export interface LabServer {
  port: number;
  origin: string;
  close(): Promise<void>;
}

/** Larger bodies than any service takes are cut off here, so that nothing fills the memory. */
const MAX_BODY_BYTES = 4 << 20;

/**
 * Serves one service on 127.0.0.1.
 *
 * @param port 0 for any free one
 * @throws the system's error (`EADDRINUSE`) where the port cannot be had.
 */
export async function serve(
  service: LabService,
  options: { port: number; tls?: TlsFiles | undefined; faults: FaultPlan; recorder: Recorder },
): Promise<LabServer> {
  const scheme = options.tls ? 'https' : 'http';
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    void answer(service, options, scheme, incoming, outgoing).catch(() => outgoing.destroy());
  };
  const server: Server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `${scheme}://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  service: LabService,
  { faults, recorder }: { faults: FaultPlan; recorder: Recorder },
  scheme: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const request = await read(scheme, incoming);
  const routed = service.route(request);
  const { template } = routed;
  const { method, path } = request;
  const occasion = { place: service.name, method, template, path };
  const record = (status: number, faulty: boolean): void =>
    recorder.record({ service: service.name, method, template, status, ...(faulty ? { faulty } : {}) });

  const slow = faults.take(occasion, ['delay']);
  if (slow) await delay(slow.delayMs, undefined, { ref: false });
  const fault = faults.take(occasion, ['reset', 'status', 'token-expiry']);
  if (fault?.effect === 'reset') {
    record(0, true);
    incoming.socket.resetAndDestroy();
    return;
  }
  if (fault?.effect === 'token-expiry') service.expireToken(request);
  const response =
    fault?.effect === 'status'
      ? service.fault(request, fault.status ?? 500, fault.message, fault.retryAfter)
      : await ran(service, request, routed);
  record(response.status, fault?.effect === 'status');
  send(outgoing, response);
}

/** A mistake of the lab itself is said to be one, so that a test does not look for it in the program. */
async function ran(service: LabService, request: LabRequest, routed: Routed): Promise<LabResponse> {
  try {
    return await routed.run();
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return service.fault(request, 500, `The lab failed at ${request.method} ${request.path}: ${what}`, undefined);
  }
}

async function read(scheme: string, incoming: IncomingMessage): Promise<LabRequest> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  const { pathname, search } = split(incoming.url ?? '/');
  return {
    method: incoming.method ?? 'GET',
    path: pathname,
    url: incoming.url ?? '/',
    query: new URLSearchParams(search),
    headers: incoming.headers,
    body: Buffer.concat(chunks),
    origin: `${scheme}://${incoming.headers.host ?? '127.0.0.1'}`,
    requestId: requestId(),
  };
}

function split(url: string): { pathname: string; search: string } {
  const at = url.indexOf('?');
  return at < 0 ? { pathname: url, search: '' } : { pathname: url.slice(0, at), search: url.slice(at + 1) };
}

function send(outgoing: ServerResponse, response: LabResponse): void {
  const { status, headers = {}, json, text, contentType } = response;
  const body = json === undefined ? text : JSON.stringify(json);
  const type = json === undefined ? contentType : (contentType ?? 'application/json');
  outgoing.writeHead(status, {
    ...headers,
    ...(type === undefined ? {} : { 'Content-Type': type }),
    ...(body === undefined
      ? status === 204
        ? {}
        : { 'Content-Length': '0' }
      : { 'Content-Length': Buffer.byteLength(body) }),
  });
  outgoing.end(body);
}

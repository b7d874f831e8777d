import { createServer } from 'node:http';
import { couldNotRun, messageOf } from './errors.ts';
import type { Metrics } from './metrics.ts';

/** What a process that runs for long tells about itself: `/healthz`, `/readyz` and `/metrics`. */
export interface StatusServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves them by HTTP.
 * @param notReady why the process is not ready; undefined where it is.
 * @throws CliError `address` (exit 3) where the address cannot be listened on.
 */
export async function serveStatus(
  address: { host: string; port: number },
  { metrics, notReady }: { metrics: Metrics; notReady: () => string | undefined },
): Promise<StatusServer> {
  const server = createServer((request, response) => {
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
    };
    const reason = request.url === '/readyz' ? notReady() : undefined;
    if (request.url === '/metrics') answer(200, metrics.text());
    else if (request.url !== '/healthz' && request.url !== '/readyz') answer(404, 'not found\n');
    else if (reason === undefined) answer(200, 'ok\n');
    else answer(503, `${reason}\n`);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(address.port, address.host, resolve);
    });
  } catch (error) {
    throw couldNotRun('address', `cannot listen on ${address.host}:${address.port}: ${messageOf(error)}`, {
      remedy: 'choose another address with --metrics-address',
      cause: error,
    });
  }
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

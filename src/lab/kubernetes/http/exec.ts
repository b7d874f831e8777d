import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { PodRuntime, RunningCommand } from '../kubelet/runtime.ts';
import type { Pod } from '../kinds.ts';
import { badRequest } from '../status.ts';
import { chooseContainer } from './logs.ts';
import { flag } from './request.ts';

/** Channels of a streamed command, the first byte of each message (v5.channel.k8s.io). */
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;
/** Sent by the client: the channel named in the second byte is closed. */
const CLOSE = 255;

export const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** Runs commands in containers over WebSocket. */
export class ExecServer {
  readonly #runtime: PodRuntime;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => PROTOCOLS.find((one) => offered.has(one)) ?? false,
  });

  constructor(runtime: PodRuntime) {
    this.#runtime = runtime;
  }

  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }

  /** @throws ApiError before the connection is upgraded; afterwards failures go over the error channel. */
  serve(pod: Pod, query: URLSearchParams, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const container = chooseContainer(pod, query.get('container'), 'exec');
    const command = query.getAll('command');
    if (pod.spec.nodeName === undefined) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
    const options = { stdin: flag(query, 'stdin'), tty: flag(query, 'tty') };
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      try {
        connect(client, this.#runtime.exec(pod, container, command, options), options);
      } catch (error) {
        sendStatus(client, failure((error as Error).message));
        client.close(1000);
      }
    });
  }
}

function connect(client: WebSocket, running: RunningCommand, { tty }: { tty: boolean }): void {
  const send = (channel: number, data: Buffer): void => {
    if (client.readyState === client.OPEN) client.send(Buffer.concat([Buffer.from([channel]), data]));
  };
  // The server opens the conversation with an empty message.
  send(STDOUT, Buffer.alloc(0));
  running.stdout.on('data', (data: Buffer) => send(STDOUT, data));
  // A terminal has one stream for both.
  running.stderr.on('data', (data: Buffer) => send(tty ? STDOUT : STDERR, data));
  client.on('message', (message: Buffer) => {
    const [channel, second] = message;
    if (channel === STDIN) running.stdin.write(message.subarray(1));
    else if (channel === CLOSE && second === STDIN) running.stdin.end();
    else if (channel !== CLOSE && channel !== RESIZE) client.close(1002);
  });
  running.stdin.on('error', () => undefined);
  client.on('error', () => undefined);
  client.on('close', () => running.hangUp());
  void running.ended.then((end) => {
    sendStatus(client, 'failure' in end ? failure(end.failure) : exitStatus(end.exitCode));
    client.close(1000);
  });
}

function sendStatus(client: WebSocket, status: object): void {
  if (client.readyState !== client.OPEN) return;
  client.send(Buffer.concat([Buffer.from([ERROR]), Buffer.from(JSON.stringify(status))]));
}

function exitStatus(exitCode: number): object {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

function failure(why: string): object {
  const cause = `Internal error occurred: ${why}`;
  return {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${cause}`,
    reason: 'InternalError',
    details: { causes: [{ message: cause }] },
    code: 500,
  };
}

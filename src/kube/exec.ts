import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import type { RawData, WebSocket } from 'ws';
import { couldNotRun, messageOf, timedOut } from '../core/errors.ts';
import { formatDuration } from '../core/duration.ts';
import { KubeUnreachable, type Status } from './errors.ts';
import type { Transport } from './transport.ts';
import type { ExecOptions, ExecResult, ExecSession } from './types.ts';

/**
 * v5 can close stdin by itself (Kubernetes 1.30 and later); v4 is what older servers speak. Both send the end of the
 * command as a Status on channel 3.
 * https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4006-transition-spdy-to-websockets
 */
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const Channel = { Stdin: 0, Stdout: 1, Stderr: 2, Status: 3 } as const;

export interface ExecTarget {
  name: string;
  namespace: string;
}

/** Opens the exec and resolves once the server has started it. `input` keeps stdin open for {@link ExecSession.write}. */
export async function openExec(
  transport: Transport,
  pod: ExecTarget,
  options: ExecOptions,
  input: boolean,
): Promise<ExecSession> {
  options.signal?.throwIfAborted();
  const connect = await transport.connectOptions();
  const { WebSocket: Socket } = await import('ws');
  const query = new URLSearchParams({ stdin: String(input), stdout: 'true', stderr: 'true', tty: 'false' });
  if (options.container !== undefined) query.set('container', options.container);
  for (const word of options.command) query.append('command', word);
  const path = `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${encodeURIComponent(pod.name)}/exec`;
  const socket = new Socket(`${transport.asked.server.replace(/^http/, 'ws')}${path}?${query.toString()}`, PROTOCOLS, {
    ...connect,
    headers: connect.headers as Record<string, string>,
    perMessageDeflate: false,
    maxPayload: 0,
  });
  const conversation = new Conversation(socket, transport, pod, options);
  await conversation.opened;
  return conversation;
}

/** One command in one container over one WebSocket. */
class Conversation implements ExecSession {
  readonly opened: Promise<void>;
  readonly ended: Promise<ExecResult>;
  readonly #socket: WebSocket;
  readonly #transport: Transport;
  readonly #pod: ExecTarget;
  readonly #options: ExecOptions;
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  readonly #decoder = new StringDecoder('utf8');
  /** Whole lines that nobody has asked for yet, and those who wait for one. */
  readonly #lines: string[] = [];
  readonly #waiting: { resolve: (line: string | undefined) => void; reject: (error: unknown) => void }[] = [];
  #partial: string[] = [];
  #status: Status | undefined;
  #done = false;
  #failure: Error | undefined;
  #open!: { resolve: () => void; reject: (error: unknown) => void };
  #end!: { resolve: (result: ExecResult) => void; reject: (error: unknown) => void };
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = (): void => this.#fail(this.#options.signal?.reason as Error);

  constructor(socket: WebSocket, transport: Transport, pod: ExecTarget, options: ExecOptions) {
    this.#socket = socket;
    this.#transport = transport;
    this.#pod = pod;
    this.#options = options;
    this.opened = new Promise((resolve, reject) => (this.#open = { resolve, reject }));
    this.ended = new Promise((resolve, reject) => (this.#end = { resolve, reject }));
    // A caller that only reads lines learns of failures there.
    this.ended.catch(() => undefined);
    this.#timer = setTimeout(() => this.#fail(this.#late()), options.timeoutMs);
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
    socket.on('open', () => this.#open.resolve());
    socket.on('message', (data) => this.#receive(data));
    socket.on('unexpected-response', (_request, answer) => void this.#refused(answer));
    socket.on('error', (error) => this.#fail(new KubeUnreachable(transport.asked, error)));
    socket.on('close', (code, reason) => this.#closed(code, reason.toString()));
  }

  async nextLine(): Promise<string | undefined> {
    const line = this.#lines.shift();
    if (line !== undefined) return line;
    if (this.#failure) throw this.#failure;
    if (this.#done) return undefined;
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  write(text: string): void {
    if (!this.#done) this.#socket.send(Buffer.concat([Buffer.of(Channel.Stdin), Buffer.from(text)]));
  }

  abandon(): void {
    this.#fail(couldNotRun('exec-abandoned', `the command in ${this.#podName()} was abandoned`));
  }

  #receive(data: RawData): void {
    const message = Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
    const payload = message.subarray(1);
    if (message[0] === Channel.Stdout) this.#receiveStdout(payload);
    else if (message[0] === Channel.Stderr) this.#stderr.push(payload);
    else if (message[0] === Channel.Status) {
      this.#status = JSON.parse(payload.toString()) as Status;
      this.#finish();
    }
  }

  #receiveStdout(payload: Buffer): void {
    this.#stdout.push(payload);
    const pieces = this.#decoder.write(payload).split('\n');
    for (const piece of pieces.slice(0, -1)) {
      this.#partial.push(piece);
      this.#line(this.#partial.join(''));
      this.#partial = [];
    }
    this.#partial.push(pieces.at(-1) ?? '');
  }

  #line(line: string): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(line);
    else this.#lines.push(line);
  }

  /** The status channel has spoken: the command ended, or could not be run. */
  #finish(): void {
    const exitCode = exitCodeOf(this.#status);
    if (exitCode === undefined) {
      const why = this.#status?.message ?? 'the server gave no reason';
      this.#fail(couldNotRun('exec-failed', `cannot run a command in ${this.#podName()}: ${why}`));
      return;
    }
    if (!this.#settle()) return;
    const last = this.#partial.join('') + this.#decoder.end();
    if (last !== '') this.#line(last);
    for (const { resolve } of this.#waiting.splice(0)) resolve(undefined);
    this.#end.resolve({ exitCode, stdout: text(this.#stdout), stderr: text(this.#stderr) });
    this.#socket.close();
  }

  #closed(code: number, reason: string): void {
    const how = `code ${code}${reason ? `: ${reason}` : ''}`;
    this.#fail(
      couldNotRun(
        'exec-cut',
        `the connection to ${this.#podName()} closed before the command ended (${how}); its exit code is not known`,
        { remedy: `see whether the pod still runs: kubectl -n ${this.#pod.namespace} get pod ${this.#pod.name}` },
      ),
    );
  }

  async #refused(answer: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      this.#fail(this.#transport.apiError(answer.statusCode ?? 0, answer.headers, text(chunks)));
    } catch (error) {
      this.#fail(new KubeUnreachable(this.#transport.asked, error, messageOf(error)));
    }
  }

  #fail(error: Error): void {
    if (!this.#settle()) return;
    this.#failure = error;
    this.#open.reject(error);
    this.#end.reject(error);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    this.#socket.terminate();
  }

  /** Only the first end counts. */
  #settle(): boolean {
    if (this.#done) return false;
    this.#done = true;
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }

  #late(): Error {
    const { command, timeoutMs } = this.#options;
    const said = text(this.#stderr).trim().split('\n').at(-1);
    return timedOut(
      `timed out after ${formatDuration(timeoutMs)} waiting for a command in ${this.#podName()} (${shorten(command)})${said ? `: ${said}` : ''}`,
      { remedy: `see how the pod is: kubectl -n ${this.#pod.namespace} describe pod ${this.#pod.name}` },
    );
  }

  #podName(): string {
    const { name, namespace } = this.#pod;
    return `pod ${namespace}/${name}`;
  }
}

/** 0 on Success; the exit code of a command that ran; undefined where it did not run. */
function exitCodeOf(status: Status | undefined): number | undefined {
  if (status?.status === 'Success') return 0;
  if (status?.reason !== 'NonZeroExitCode') return undefined;
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  const code = Number(cause?.message);
  return Number.isInteger(code) ? code : undefined;
}

function text(chunks: Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}

function shorten(command: readonly string[]): string {
  const line = command.join(' ').replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

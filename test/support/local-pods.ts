import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { RunPod } from '../../src/checks/barrier.ts';
import type { ExecOptions, ExecResult, ExecSession } from '../../src/kube/types.ts';

export interface LocalPod extends RunPod {
  /** Folder that the pod sees as its volume. */
  volume: string;
  /** Texts of the pod's mount tables; those of this machine unless told. */
  mounts?: string;
  mountinfo?: string;
  /**
   * Commands that behave otherwise in this pod: name and the body of a shell function, in which `command NAME` is the
   * true one and `$OWN` a folder of the pod's own. (Scripts in PATH would not do: busybox runs its applets first.)
   */
  broken?: Record<string, string>;
}

/**
 * Pods as plain processes: every exec is a busybox shell on this machine, with the variables that the pod's spec sets.
 * What is tested is the very text that runs in a cluster.
 */
export class LocalPods implements Disposable {
  readonly pods: RunPod[];
  readonly #root: string;
  readonly #env = new Map<string, Record<string, string>>();
  readonly #functions = new Map<string, string>();
  readonly #children = new Set<ChildProcess>();

  constructor(pods: readonly LocalPod[]) {
    this.#root = mkdtempSync(join(tmpdir(), 'manila-rwx-pods-'));
    const applets = join(this.#root, 'applets');
    mkdirSync(applets);
    execFileSync('busybox', ['--install', '-s', applets]);
    for (const pod of pods) {
      this.#env.set(pod.name, this.#envOf(pod, applets));
      const functions = Object.entries(pod.broken ?? {}).map(([name, body]) => `${name}() {\n${body}\n}\n`);
      this.#functions.set(pod.name, functions.join(''));
    }
    this.pods = pods.map(({ name, namespace, node }) => ({ name, namespace, node }));
  }

  #envOf({ name, volume, mounts, mountinfo }: LocalPod, applets: string): Record<string, string> {
    const folder = join(this.#root, name);
    mkdirSync(folder);
    const table = (file: string, text: string | undefined, own: string): string => {
      if (text === undefined) return own;
      writeFileSync(join(folder, file), text);
      return join(folder, file);
    };
    return {
      PATH: applets,
      OWN: folder,
      MANILA_RWX_MOUNT: volume,
      MANILA_RWX_MOUNTS: table('mounts', mounts, '/proc/mounts'),
      MANILA_RWX_MOUNTINFO: table('mountinfo', mountinfo, '/proc/self/mountinfo'),
    };
  }

  async exec(pod: { name: string }, options: ExecOptions): Promise<ExecResult> {
    const session = await this.execSession(pod, options);
    return session.ended;
  }

  async execSession(pod: { name: string }, { command }: ExecOptions): Promise<ExecSession> {
    const [file = '', flag = '', script = ''] = command;
    const child = spawn(file, [flag, `${this.#functions.get(pod.name) ?? ''}${script}`], {
      env: this.#env.get(pod.name) ?? {},
      cwd: '/',
    });
    this.#children.add(child);
    const lines = lineReader(child.stdout);
    const stderr: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => undefined);
    const ended = new Promise<ExecResult>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exitCode) => {
        this.#children.delete(child);
        resolve({ exitCode: exitCode ?? 137, stdout: lines.all(), stderr: Buffer.concat(stderr).toString() });
      });
    });
    return {
      nextLine: lines.next,
      write: (text) => void child.stdin.write(text),
      ended,
      abandon: () => void child.stdin.end(),
    };
  }

  [Symbol.dispose](): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.#root, { recursive: true, force: true });
  }
}

function lineReader(stream: Readable): { next: () => Promise<string | undefined>; all: () => string } {
  let whole = '';
  let rest = '';
  let closed = false;
  const lines: string[] = [];
  const waiting: ((line: string | undefined) => void)[] = [];
  const push = (line: string): void => {
    const waits = waiting.shift();
    if (waits) waits(line);
    else lines.push(line);
  };
  stream.on('data', (chunk: Buffer) => {
    whole += chunk.toString();
    const pieces = (rest + chunk.toString()).split('\n');
    rest = pieces.pop() ?? '';
    pieces.forEach(push);
  });
  stream.on('close', () => {
    closed = true;
    if (rest !== '') push(rest);
    for (const waits of waiting.splice(0)) waits(undefined);
  });
  return {
    all: () => whole,
    next: async () => lines.shift() ?? (closed ? undefined : new Promise((resolve) => waiting.push(resolve))),
  };
}

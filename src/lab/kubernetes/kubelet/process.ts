import { spawn } from 'node:child_process';
import { PassThrough, Transform, type Writable, type Readable } from 'node:stream';
import type { Reaper } from './reaper.ts';

/** What stands in the way of writing to a pod's volume. */
export type WriteFault = 'read-only' | 'full';

export interface ProcessOptions {
  command: readonly string[];
  env: Record<string, string>;
  cwd: string;
  /** Numeric user and group, where the lab may change to them. */
  user?: { uid: number; gid: number } | undefined;
  writeFault?: WriteFault | undefined;
  reaper: Reaper;
}

/** How a process ended. */
export interface ProcessEnd {
  exitCode: number;
  /** Why it could not be started at all. */
  failure?: string;
}

/** A process of a container, the first of a group of its own. */
export interface LocalProcess {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  ended: Promise<ProcessEnd>;
  /** Sends a signal to the process and all of its children. */
  signal(name: NodeJS.Signals): void;
}

/**
 * Nothing can be written to a file by a process whose files may hold no byte. The signal that says so is turned off,
 * so that the write itself fails, as it does on a volume that is full or read-only.
 */
const WITHOUT_WRITES = ['/bin/sh', '-c', 'ulimit -f 0; trap "" 25; exec "$@"', 'sh'];

/** What the system says of such a write, and what a real volume would have said. */
const WORDS: Record<WriteFault, string> = {
  'read-only': 'Read-only file system',
  full: 'No space left on device',
};

export function startProcess({ command, env, cwd, user, writeFault, reaper }: ProcessOptions): LocalProcess {
  const [file = '', ...args] = writeFault ? [...WITHOUT_WRITES, ...command] : command;
  const child = spawn(file, args, {
    cwd,
    env,
    // A group of its own, so that children of the command go with it.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(user && { uid: user.uid, gid: user.gid }),
  });
  const group = child.pid;
  // The number of a group that has ended may be given to another one.
  let isOver = false;
  if (group !== undefined) reaper.add(group);
  const [stdout, stderr] = [through(child.stdout, writeFault), through(child.stderr, writeFault)];
  child.stdin.on('error', () => undefined);
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      stdout.end();
      stderr.end();
      resolve({ exitCode: 128, failure: startFailure(error, command[0] ?? '') });
    });
    child.once('exit', (code, signal) => {
      const end = { exitCode: code ?? 128 + (SIGNALS[signal ?? 'SIGKILL'] ?? 9) };
      // A child in the background may hold the streams for as long as it lives.
      const late = setTimeout(() => resolve(end), STREAMS_MS);
      child.once('close', () => {
        clearTimeout(late);
        setImmediate(() => resolve(end));
      });
      if (group === undefined || isAlive(group)) return;
      isOver = true;
      reaper.remove(group);
    });
  });
  return {
    stdin: child.stdin,
    stdout,
    stderr,
    ended,
    signal(name) {
      if (group === undefined || isOver) return;
      try {
        process.kill(-group, name);
      } catch {
        // Nobody is left in the group.
      }
    },
  };
}

/** Milliseconds that the output of a process is waited for after its end. */
const STREAMS_MS = 200;

/** Is anybody left in a process group? */
export function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

const SIGNALS: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
};

function startFailure(error: NodeJS.ErrnoException, command: string): string {
  const why = error.code === 'EACCES' ? 'permission denied' : 'executable file not found in $PATH';
  return `exec: ${JSON.stringify(command)}: ${why}`;
}

/** The stream as it is, or with the system's word for a refused write put in the volume's words. */
function through(from: Readable, writeFault: WriteFault | undefined): PassThrough | Transform {
  if (!writeFault) return from.pipe(new PassThrough());
  const words = WORDS[writeFault];
  const translate = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, Buffer.from(chunk.toString('latin1').replaceAll(/File too large|file too large/g, words), 'latin1'));
    },
  });
  return from.pipe(translate);
}

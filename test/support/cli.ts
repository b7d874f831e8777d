import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import type { Output } from '../../src/core/io.ts';

import { run } from '../../src/main.ts';
import type { Terminal } from './terminal.ts';

export interface CliOptions {
  /** The whole environment of the run; nothing of this process is inherited. */
  env?: Record<string, string>;
  /** Working directory; a folder that does not matter unless told. */
  cwd?: string;
  /** Home folder; where `~/.config` and `~/.cache` are. */
  home?: string;
  clock?: Clock;
  /** Makes stderr a terminal so wide; its text then has control sequences in it. */
  columns?: number;
  /** What stdin holds. */
  input?: string;
  /** Somebody sits there and answers: stdin and stderr are this terminal. */
  terminal?: Terminal;
  /** Aborted by the test in place of the first and the second Ctrl-C (with an `Interrupted`). */
  interrupts?: { soft: AbortSignal; hard: AbortSignal };
}

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
  /** stdout as JSON. */
  json: () => Record<string, unknown>;
}

/** Runs the program in this process, from argv to exit code, as `main.ts` does. */
export async function runCli(argv: string[], options: CliOptions = {}): Promise<CliResult> {
  const stdout = new Sink();
  const stderr: Output & { text: string } = new Sink();
  if (options.columns !== undefined) Object.assign(stderr, { isTTY: true, columns: options.columns });
  const never = new AbortController().signal;
  const code = await run({
    argv,
    env: options.env ?? {},
    cwd: options.cwd ?? tmpdir(),
    home: options.home ?? join(tmpdir(), 'manila-rwx-no-home'),
    stdin: options.terminal?.stdin ?? new PassThrough().end(options.input ?? ''),
    stdout: stdout,
    stderr: options.terminal?.stderr ?? stderr,
    clock: options.clock ?? systemClock,
    interrupts: options.interrupts ?? { soft: never, hard: never },
  });
  return {
    code,
    stdout: stdout.text,
    stderr: options.terminal?.text ?? stderr.text,
    json: () => JSON.parse(stdout.text) as Record<string, unknown>,
  };
}

class Sink extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A temporary folder with these files; removed by `await using`. */
export async function tempDir(files: Record<string, string> = {}): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'manila-rwx-test-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

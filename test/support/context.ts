import { PassThrough } from 'node:stream';
import { systemClock } from '../../src/core/clock.ts';
import type { Context, GlobalOptions } from '../../src/core/context.ts';
import { Io } from '../../src/core/io.ts';
import { SecretStore } from '../../src/core/redaction.ts';

export type TestContext = Context & {
  /** What was written to stderr so far. */
  stderr(): string;
};

/** A context for tests of parts below the command line. Non-interactive, without colour, with no environment. */
export function testContext(
  overrides: Partial<Omit<Context, 'global'>> & { global?: Partial<GlobalOptions> } = {},
): TestContext {
  const chunks: string[] = [];
  const stderr = new PassThrough();
  stderr.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const secrets = new SecretStore();
  const clock = overrides.clock ?? systemClock;
  const never = new AbortController().signal;
  const context: Context = {
    io: new Io({
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr: stderr,
      clock,
      secrets,
      verbosity: 'debug',
      interactive: false,
      fancy: false,
    }),
    env: {},
    cwd: '/',
    home: '/nonexistent',
    clock,
    secrets,
    signal: never,
    hardSignal: never,
    ...overrides,
    global: { output: 'table', yes: false, dryRun: 'none', debug: false, openstack: {}, ...overrides.global },
  };
  return { ...context, stderr: () => chunks.join('') };
}

/** A clock that stands still until it is slept on; sleeping moves it at once. */
export function fakeClock(start = Date.UTC(2026, 0, 1)): Context['clock'] & { slept: number[] } {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
      // Lets other work run, as a real pause would.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}

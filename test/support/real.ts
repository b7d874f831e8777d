import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, inject } from 'vitest';
import { BIN } from './bin.ts';
import type { CliResult } from './cli.ts';

const exec = promisify(execFile);
export { BIN };

/** The real cluster and cloud of this test run. */
export interface Real {
  /** KUBECONFIG, OS_CLIENT_CONFIG_FILE, OS_CLOUD=admin, PATH with kubectl; nothing else. */
  env: Record<string, string>;
  /** The `cluster` script: `cluster('nfs', 'all', 'private')`. Returns its stdout. */
  cluster(...args: string[]): Promise<string>;
  /** The `cloud` script: `cloud('openstack', 'share', 'type', 'list')`. */
  cloud(...args: string[]): Promise<string>;
  kubectl(...args: string[]): Promise<string>;
  /** Runs the built program to its end. */
  cli(argv: string[], options?: RealCliOptions): Promise<CliResult>;
  /** API requests of this program since the mark, as `VERB URI CODE USER-AGENT` lines. */
  requestsSince(mark: () => Promise<unknown>): Promise<string[]>;
}

export interface RealCliOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Gets the process once it runs, to send it signals or read along. */
  started?: (child: ReturnType<typeof spawn>) => void;
}

/** As `describe`, with the real stack in hand; skipped, with the reason in its name, where there is none. */
export function describeReal(name: string, body: (real: Real) => void): void {
  const stack = inject('realStack');
  if ('skipped' in stack) {
    describe.skip(`${name} (${stack.skipped})`, () => undefined);
    return;
  }
  const { env, folder } = stack;
  const script = async (file: string, args: string[]): Promise<string> =>
    (await exec(file, args, { env: { ...process.env, ...env }, maxBuffer: 1 << 26 })).stdout;
  const cluster = (...args: string[]): Promise<string> => script(resolve(folder, 'cluster'), args);
  // A home that is not there would be made by a program that runs as root.
  const home = mkdtempSync(join(tmpdir(), 'manila-rwx-test-'));
  const real: Real = {
    env,
    cluster,
    cloud: (...args) => script(resolve(folder, 'cloud'), args),
    kubectl: (...args) => script('kubectl', args),
    cli: (argv, options) => runBin(argv, { ...options, env: { ...env, HOME: home, ...options?.env } }),
    requestsSince: async (work) => {
      await cluster('audit', 'mark');
      await work();
      return (await cluster('audit')).split('\n').filter((line) => line.includes(' manila-rwx/'));
    },
  };
  describe(name, () => {
    afterAll(() => rmSync(home, { recursive: true }));
    body(real);
  });
}

async function runBin(argv: string[], options: RealCliOptions): Promise<CliResult> {
  const child = spawn(process.execPath, [BIN, ...argv], {
    env: options.env,
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
  options.started?.(child);
  const code = await new Promise<number>((done, fail) => {
    child.on('error', fail);
    child.on('close', (exitCode, signal) => done(exitCode ?? (signal === 'SIGKILL' ? 137 : 128)));
  });
  return { code, ...out, json: () => JSON.parse(out.stdout) as Record<string, unknown> };
}

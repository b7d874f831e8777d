import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');

/** What the tests against real services are given: where they are, or why they are not. */
export type RealStack = { folder: string; env: Record<string, string> } | { skipped: string };

declare module 'vitest' {
  interface ProvidedContext {
    realStack: RealStack;
  }
}

/**
 * Starts a real Kubernetes of two nodes with a real Keystone and Manila, and stops them at the end. A stack that is
 * up already is used and left alone. Where it cannot be had, the tests are skipped; with CI set that is a failure.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const folder = resolve(process.env.REALSTACK ?? resolve(ROOT, '../shared/realstack'));
  const skipped = await reasonToSkip(folder);
  if (skipped !== undefined) {
    if (process.env.CI) throw new Error(`the tests on the real stack cannot run: ${skipped}`);
    process.stderr.write(`The tests on the real stack are skipped: ${skipped}.\n`);
    project.provide('realStack', { skipped });
    return undefined;
  }
  const rig = resolve(folder, 'rig');
  const alreadyUp = await run(rig, ['status']).then(
    () => true,
    () => false,
  );
  if (!alreadyUp) {
    process.stderr.write('Starting a real cluster and a real cloud ...\n');
    // Manila's scheduler now and then misses the first reports of its back ends and never hears of them: once more then.
    await start(rig).catch((error: unknown) => {
      process.stderr.write(`It did not come up; once more. ${String(error)}\n`);
      return start(rig);
    });
  }
  project.provide('realStack', { folder, env: await rigEnvironment(rig) });
  if (alreadyUp) return undefined;
  return async () => {
    await run(rig, ['down']);
  };
}

async function start(rig: string): Promise<void> {
  try {
    await run(rig, ['up', '2'], { maxBuffer: 1 << 26 });
  } catch (error) {
    await run(rig, ['down']).catch(() => undefined);
    throw error;
  }
}

async function reasonToSkip(folder: string): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'they need root';
  return await access(resolve(folder, 'rig')).then(
    () => undefined,
    () => `there is no rig in ${folder} (set REALSTACK to its folder)`,
  );
}

/** The variables that `rig env` sets, in a shell that starts with almost none. */
async function rigEnvironment(rig: string): Promise<Record<string, string>> {
  const { stdout } = await run('bash', ['-c', 'set -e; eval "$("$1" env)"; env -0', 'bash', rig], {
    env: { PATH: process.env.PATH ?? '', ...settingsOfTheRig() },
  });
  const all = Object.fromEntries(
    stdout
      .split('\0')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  );
  return Object.fromEntries(
    ['PATH', 'KUBECONFIG', 'OS_CLIENT_CONFIG_FILE', 'OS_CLOUD'].map((name) => [name, all[name] ?? '']),
  );
}

function settingsOfTheRig(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) => /^(CLUSTER|CLOUD)_|_PORT$/.test(name));
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
}

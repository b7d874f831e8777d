import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../core/context.ts';
import { formatDuration } from '../../core/duration.ts';
import { CliError } from '../../core/errors.ts';
import type { ExitCode } from '../../core/exit-codes.ts';
import { packagePath } from '../../core/package-folder.ts';
import { type CommandResult, result } from '../../core/result.ts';
import type { Lab } from '../../lab/lab.ts';
import { type LabFlags, labOptions } from './options.ts';
import type { LabDemo } from './reports.ts';
import { withLab } from './with-lab.ts';

/** The main job of the program, in the order in which an administrator does it. */
const STEPS: readonly (readonly string[])[] = [
  [
    'init',
    ...['--project', 'tenant-a', '--new-share-type', 'gold', '--back-end', 'ALPHA', '--default-class', 'gold'],
    ...['--share-clients', '10.0.0.0/24'],
  ],
  ['sharetype', 'apply'],
  ['install'],
  ['storageclass', 'sync'],
  ['pvc', 'create', 'shared-data', '--size', '2Gi'],
  ['verify', '--nodes', 'all'],
  ['status'],
];

/**
 * Shows the main job on a lab: each command as it would be typed, with its real output (on stderr). The result is
 * what was done.
 * @throws CliError `demo-failed` with the step's own exit code, if one fails.
 */
export async function run(ctx: Context, flags: LabFlags): Promise<CommandResult<'lab-demo'>> {
  const startedAt = ctx.clock.now();
  const report = await withLab(labOptions(ctx, flags), async (lab, folder) => {
    ctx.io.note(
      `A cloud and a cluster of ${lab.kubernetes.nodes.length} nodes are up in this process, and nowhere else.`,
    );
    const steps: LabDemo['steps'] = [];
    for (const words of STEPS) {
      const command = ['manila-rwx', ...words].join(' ');
      ctx.io.note(`\n$ ${command}`);
      const begin = ctx.clock.now();
      const exitCode = await runStep(ctx, words, lab, folder);
      steps.push({ command, exitCode, ms: ctx.clock.now() - begin });
      if (exitCode !== 0) throw stepFailed(command, exitCode, { steps, ...sums(lab, startedAt, ctx) });
    }
    return { steps, ...sums(lab, startedAt, ctx) };
  });
  ctx.io.note('');
  return result('lab-demo', { ...report, ms: ctx.clock.now() - startedAt });
}

function sums(lab: Lab, startedAt: number, ctx: Context): Pick<LabDemo, 'ms' | 'requests'> {
  const requests = { keystone: 0, manila: 0, kubernetes: 0 };
  for (const { service } of lab.openstack.recorder.entries()) {
    if (service in requests) requests[service as keyof typeof requests]++;
  }
  return { requests, ms: ctx.clock.now() - startedAt };
}

/** One command as a process of its own, as a user runs it; all it prints goes to stderr, where the demonstration is. */
async function runStep(ctx: Context, words: readonly string[], lab: Lab, folder: string): Promise<number> {
  ctx.signal.throwIfAborted();
  const child = spawn(process.execPath, [await packagePath('bin/manila-rwx.js'), ...words], {
    stdio: ['ignore', 2, 2],
    cwd: folder,
    // Nothing that the user has set for a real cloud may reach the demonstration.
    env: {
      ...Object.fromEntries(Object.entries(ctx.env).filter(([name]) => !/^(OS_|KUBE)/.test(name))),
      ...lab.env,
      XDG_CACHE_HOME: join(folder, 'cache'),
      XDG_STATE_HOME: join(folder, 'state'),
    },
  });
  const stop = (): void => void child.kill('SIGTERM');
  ctx.signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    ctx.signal.removeEventListener('abort', stop);
    ctx.signal.throwIfAborted();
  }
}

function stepFailed(command: string, exitCode: number, done: LabDemo): CliError {
  return new CliError({
    code: 'demo-failed',
    exitCode: exitCode as ExitCode,
    message: `${command} ended with ${exitCode} after ${formatDuration(done.steps.at(-1)?.ms ?? 0)}`,
    result: result('lab-demo', done),
  });
}

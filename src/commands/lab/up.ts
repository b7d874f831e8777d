import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import type { Context } from '../../core/context.ts';
import { couldNotRun, usageError } from '../../core/errors.ts';
import { packagePath } from '../../core/package-folder.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { waitFor } from '../../core/wait.ts';
import { type LabFlags, labFolder, labOptions } from './options.ts';
import { isAlive, readLab, stateFile } from './state.ts';

const START_TIMEOUT_MS = 30_000;

/** Starts a lab in the background and waits until it answers. */
export async function run(ctx: Context, flags: LabFlags & { dir?: string }): Promise<CommandResult<'lab-status'>> {
  const options = labOptions(ctx, flags);
  const folder = labFolder(ctx, flags.dir);
  const running = await readLab(folder);
  if (running) {
    throw usageError(`a lab is up in ${folder} already (process ${running.pid})`, {
      remedy: 'use it with `manila-rwx lab env`, stop it with `manila-rwx lab down`, or start another with --dir',
    });
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const log = await open(`${folder}.log`, 'w', 0o600);
  const args = ['lab', 'serve', '--dir', folder, '--nodes', String(options.nodes), '--seed', String(options.seed)];
  for (const fault of options.faults) args.push('--fault', fault);
  const { keystone, manila, kubernetes } = options.ports;
  args.push('--keystone-port', String(keystone), '--manila-port', String(manila), '--api-port', String(kubernetes));
  if (options.record !== undefined) args.push('--record', options.record);
  const child = spawn(process.execPath, [await packagePath('bin/manila-rwx.js'), ...args], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    cwd: '/',
    env: ctx.env,
  });
  child.unref();
  await log.close();
  const { pid } = child;
  const lab = await waitFor(ctx, {
    what: 'the lab',
    timeoutMs: ctx.global.timeoutMs ?? START_TIMEOUT_MS,
    intervalMs: 100,
    look: async () => {
      const state = pid === undefined ? undefined : await readStateOf(folder);
      if (state) return { done: true, value: state };
      if (pid !== undefined && isAlive(pid)) return { done: false, reason: 'it starts' };
      await rm(folder, { recursive: true, force: true });
      const said = (await readFile(`${folder}.log`, 'utf8')).trim();
      throw couldNotRun('lab-start', `the lab did not start: ${said.replace(/^error: /, '') || 'it said nothing'}`);
    },
  });
  return result('lab-status', { up: true, folder, lab });
}

/** As {@link readLab}, but leaves a folder alone in which a lab is just being started. */
async function readStateOf(folder: string) {
  const text = await readFile(stateFile(folder), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : readLab(folder);
}

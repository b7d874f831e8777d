import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { waitFor } from '../../core/wait.ts';
import { labFolder } from './options.ts';
import { isAlive, readLab } from './state.ts';

const STOP_TIMEOUT_MS = 15_000;

/** Stops the lab of a folder. Where none is up there is nothing to do. */
export async function run(ctx: Context, { dir }: { dir?: string }): Promise<CommandResult<'lab-status'>> {
  const folder = labFolder(ctx, dir);
  const lab = await readLab(folder);
  if (lab) {
    process.kill(lab.pid, 'SIGTERM');
    await waitFor(ctx, {
      what: 'the lab to stop',
      timeoutMs: ctx.global.timeoutMs ?? STOP_TIMEOUT_MS,
      intervalMs: 50,
      nextCommand: `kill -9 ${lab.pid}`,
      look: async () =>
        isAlive(lab.pid) ? { done: false, reason: `process ${lab.pid} still runs` } : { done: true, value: undefined },
    });
  }
  return result('lab-status', { up: false, folder });
}

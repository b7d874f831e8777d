import type { Context } from '../../core/context.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { labFolder } from './options.ts';
import { readLab } from './state.ts';

/** Is a lab up in this folder? Ends 3 where it is not. */
export async function run(ctx: Context, { dir }: { dir?: string }): Promise<CommandResult<'lab-status'>> {
  const folder = labFolder(ctx, dir);
  const lab = await readLab(folder);
  return lab
    ? result('lab-status', { up: true, folder, lab })
    : result('lab-status', { up: false, folder }, ExitCode.CouldNotRun);
}

import type { Context } from '../../core/context.ts';
import type { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { type LabFlags, labOptions } from './options.ts';
import { runChild } from './run-child.ts';
import { withLab } from './with-lab.ts';

/** Starts a lab, runs a command in its environment, stops it, and ends as the command did. */
export async function run(ctx: Context, flags: LabFlags, command: string[]): Promise<CommandResult<'lab-run'>> {
  const exitCode = await withLab(labOptions(ctx, flags), (lab) => runChild(ctx, command, lab.env));
  ctx.signal.throwIfAborted();
  // The command's own code, whatever it means there.
  return result('lab-run', { command, exitCode }, exitCode as ExitCode);
}

import type { Context } from '../../core/context.ts';
import { couldNotRun } from '../../core/errors.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { labFolder } from './options.ts';
import { readLab } from './state.ts';

/** The variables that select the lab, for `eval "$(manila-rwx lab env)"`. */
export async function run(ctx: Context, { dir }: { dir?: string }): Promise<CommandResult<'lab-environment'>> {
  const folder = labFolder(ctx, dir);
  const lab = await readLab(folder);
  if (!lab) throw couldNotRun('no-lab', `no lab is up in ${folder}`, { remedy: 'start one: manila-rwx lab up' });
  return result('lab-environment', { variables: lab.env });
}

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Context } from '../../core/context.ts';
import { usageError } from '../../core/errors.ts';

/** Flags of every command that starts a lab. */
export interface LabFlags {
  /** How many nodes, as text. */
  nodes: string;
  fault: string[];
  seed: string;
  record?: string;
}

/** What `startLab` takes, checked. */
export function labOptions(ctx: Context, flags: LabFlags) {
  return {
    nodes: wholeNumber('--nodes', flags.nodes, 1, 20),
    seed: wholeNumber('--seed', flags.seed, 0, 0xffffffff),
    faults: flags.fault,
    record: flags.record === undefined ? undefined : resolve(ctx.cwd, flags.record),
  };
}

/** The folder of a lab that stays up: `--dir`, or one in the user's state folder. */
export function labFolder(ctx: Context, dir: string | undefined): string {
  if (dir !== undefined) return resolve(ctx.cwd, dir);
  const state = ctx.env.XDG_STATE_HOME ?? join(ctx.home || homedir(), '.local', 'state');
  return join(state, 'manila-rwx', 'lab');
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw usageError(`${flag} ${JSON.stringify(text)} is not a whole number from ${least} to ${most}`);
}

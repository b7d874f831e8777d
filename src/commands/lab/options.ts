import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Context } from '../../core/context.ts';
import { usageError } from '../../core/errors.ts';
import { parseFault } from '../../lab/faults.ts';

/** Flags of every command that starts a lab. */
export interface LabFlags {
  /** How many nodes, as text. */
  nodes: string;
  fault: string[];
  seed: string;
  record?: string;
  keystonePort?: string;
  manilaPort?: string;
  apiPort?: string;
  manilaVersion?: string;
}

/** What `startLab` takes, checked: a fault that is not known is told before anything is started. */
export function labOptions(ctx: Context, flags: LabFlags) {
  for (const spec of flags.fault) parseFault(spec);
  const port = (flag: string, text: string | undefined): number =>
    text === undefined ? 0 : wholeNumber(flag, text, 0, 65_535);
  const record = flags.record ?? ctx.env.MANILA_RWX_LAB_RECORD;
  return {
    ports: {
      keystone: port('--keystone-port', flags.keystonePort),
      manila: port('--manila-port', flags.manilaPort),
      kubernetes: port('--api-port', flags.apiPort),
    },
    nodes: wholeNumber('--nodes', flags.nodes, 1, 20),
    newestMicroversion: flags.manilaVersion === undefined ? undefined : minorOf(flags.manilaVersion),
    seed: wholeNumber('--seed', flags.seed, 0, 0xffffffff),
    faults: flags.fault,
    record: record === undefined ? undefined : resolve(ctx.cwd, record),
  };
}

/** The folder of a lab that stays up: `--dir`, or one in the user's state folder. */
export function labFolder(ctx: Context, dir: string | undefined): string {
  if (dir !== undefined) return resolve(ctx.cwd, dir);
  const state = ctx.env.XDG_STATE_HOME ?? join(ctx.home || homedir(), '.local', 'state');
  return join(state, 'manila-rwx', 'lab');
}

function minorOf(text: string): number {
  const [, minor] = /^2\.(\d+)$/.exec(text) ?? [];
  if (minor !== undefined && Number(minor) <= 73) return Number(minor);
  throw usageError(`--manila-version ${JSON.stringify(text)} is not a microversion from 2.0 to 2.73`);
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw usageError(`${flag} ${JSON.stringify(text)} is not a whole number from ${least} to ${most}`);
}

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { couldNotRun, errnoOf } from '../../core/errors.ts';

/** What is known of a lab that stays up, in `lab.json` of its folder. */
export interface LabState {
  pid: number;
  /** RFC 3339. */
  startedAt: string;
  /** Keystone's address. */
  authUrl: string;
  /** Manila's address. */
  manilaUrl: string;
  /** The API server's address. */
  server: string;
  /** Names of the nodes. */
  nodes: string[];
  /** Variables that select the lab. */
  env: Record<string, string>;
}

export function stateFile(folder: string): string {
  return join(folder, 'lab.json');
}

/** The lab of a folder, or undefined where none runs. What a killed one has left is removed. */
export async function readLab(folder: string): Promise<LabState | undefined> {
  let state: LabState;
  try {
    state = JSON.parse(await readFile(stateFile(folder), 'utf8')) as LabState;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw couldNotRun('lab-state', `cannot read ${stateFile(folder)}`, {
      remedy: `remove the folder ${folder}`,
      cause: error,
    });
  }
  if (isAlive(state.pid) && (await answers(state.authUrl))) return state;
  await rm(folder, { recursive: true, force: true });
  return undefined;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

/** The number of a process that has ended may belong to another one: only a lab answers here. */
async function answers(authUrl: string): Promise<boolean> {
  try {
    return (await fetch(authUrl, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../core/context.ts';
import { errnoOf, messageOf } from '../core/errors.ts';

/** What a run is about to create, written before it does, so that it can be removed after a kill -9 too. */
export interface RunRecord {
  version: 1;
  run: string;
  /** API server that the objects are in. */
  server: string;
  namespace: string;
  /** Is the namespace the run's own? */
  ownNamespace: boolean;
  /** PersistentVolumes and share ids that belong to the run, as far as they were known. */
  volumes: { pv: string; share?: string }[];
  /** Process and machine that do the run. */
  pid: number;
  host: string;
  /** ISO 8601. */
  startedAt: string;
  /** ISO 8601; after it the run is over for certain. */
  expires: string;
}

/** The records of runs, a file each, in the state folder of the user (`$XDG_STATE_HOME/manila-rwx/verify`). */
export class Journal {
  readonly folder: string;
  readonly #ctx: Context;

  constructor(ctx: Context) {
    const state = ctx.env.XDG_STATE_HOME;
    this.folder = join(state?.startsWith('/') ? state : join(ctx.home, '.local', 'state'), 'manila-rwx', 'verify');
    this.#ctx = ctx;
  }

  /** Puts the record on disk. Where that is impossible the run goes on, and says what is lost. */
  async write(record: RunRecord): Promise<void> {
    const path = this.#path(record.run);
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      const file = await open(`${path}.new`, 'w', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(record, null, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.new`, path);
    } catch (error) {
      this.#ctx.io.warn(
        `cannot write ${path} (${messageOf(error)}): should this run be killed, its objects are found by the label of the run only`,
      );
    }
  }

  async remove(run: string): Promise<void> {
    await rm(this.#path(run), { force: true }).catch(() => undefined);
  }

  /** The records that are there; files that cannot be read are named and passed over. */
  async list(): Promise<RunRecord[]> {
    const names = await readdir(this.folder).catch(() => []);
    const records = await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => this.#read(name)));
    return records.filter((record) => record !== undefined);
  }

  async #read(name: string): Promise<RunRecord | undefined> {
    const path = join(this.folder, name);
    try {
      return JSON.parse(await readFile(path, 'utf8')) as RunRecord;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') this.#ctx.io.warn(`cannot read ${path}: ${messageOf(error)}`);
      return undefined;
    }
  }

  #path(run: string): string {
    return join(this.folder, `${run}.json`);
  }
}

/** Is the process that made this record still at work here? Of another machine nothing is known: by its expiry then. */
export function isRunning(record: RunRecord, now: number): boolean {
  if (record.host !== hostname()) return now < Date.parse(record.expires);
  try {
    process.kill(record.pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

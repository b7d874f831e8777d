import { randomBytes } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { DEFAULT_FILE, parseConfig } from '../config/load.ts';
import type { ConfigFile } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import { configError, couldNotRun, errnoOf, messageOf } from '../core/errors.ts';

/** The file that `init` writes, as it is before. */
export interface TargetFile {
  /** Absolute. */
  path: string;
  /** As the user would write it. */
  shown: string;
  /** Undefined where there is no file, or an empty one. */
  text: string | undefined;
  content: ConfigFile | undefined;
  /** Permission bits of the file that is there. */
  mode: number | undefined;
}

/** Words of comments and extra specs that only somebody who should know better writes into such a file. */
const LOOKS_SECRET = /(?:password|passwd|secret|token|api[_-]?key)["']?\s*[:=]\s*["']?[^\s"'#]{4,}/i;

/** Also where no login was made with them. */
const SECRET_VARIABLE = /^OS_.*(?:PASSWORD|TOKEN|SECRET|PASSCODE)$/;

/** Reads what is there. @throws CliError what {@link parseConfig} throws; `config-unreadable` (exit 2). */
export async function readTarget(ctx: Context): Promise<TargetFile> {
  const path = resolve(ctx.cwd, ctx.global.file ?? DEFAULT_FILE);
  const near = relative(ctx.cwd, path);
  const shown = near.startsWith('..') ? path : near;
  try {
    const [text, { mode }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    if (text.trim() === '') return { path, shown, text: undefined, content: undefined, mode: mode & 0o777 };
    parseConfig(text, shown);
    return { path, shown, text, content: parse(text) as ConfigFile, mode: mode & 0o777 };
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return { path, shown, text: undefined, content: undefined, mode: undefined };
    if (errno === undefined) throw error;
    throw configError('config-unreadable', `cannot read ${shown}: ${messageOf(error)}`, {
      remedy: 'make it readable for this user, or name another file with -f',
      cause: error,
    });
  }
}

/**
 * What must not be written.
 * @throws CliError `secret-in-file` (exit 2) where the text holds a password or token that this run has used.
 */
export function refuseSecrets(ctx: Context, text: string, shown: string): void {
  for (const variables of [ctx.env, ctx.global.openstack]) {
    for (const [name, value] of Object.entries(variables)) if (SECRET_VARIABLE.test(name)) ctx.secrets.add(value);
  }
  const line = text.split('\n').findIndex((one) => ctx.secrets.clean(one) !== one);
  if (line < 0) return;
  throw configError(
    'secret-in-file',
    `${shown} would hold a password or token in line ${line + 1}; it is not written`,
    {
      remedy: 'keep passwords in clouds.yaml, secure.yaml or OS_PASSWORD, which this file only refers to',
    },
  );
}

/**
 * Writes the file whole or not at all: beside it, then renamed over it. Its permissions stay; what looks like a
 * secret (somebody's comment) makes them 0600.
 * @throws CliError `moved` (exit 3) if the file was changed since it was read; `file-not-written` (exit 2).
 */
export async function writeTarget(ctx: Context, target: TargetFile, text: string): Promise<void> {
  const isSecret = LOOKS_SECRET.test(text);
  if (isSecret) ctx.io.warn(`${target.shown} looks as if it held a secret, so only you may read it (0600)`);
  const now = await readFile(target.path, 'utf8').catch(() => undefined);
  if ((now?.trim() ? now : undefined) !== target.text) {
    throw couldNotRun('moved', `${target.shown} was changed while you were asked; it is left as it is`, {
      remedy: 'run it again: it begins with the file as it is now',
    });
  }
  // Through a link to the file itself, which stays a link.
  const path = await realpath(target.path).catch(() => target.path);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}`);
  try {
    const handle = await open(temporary, 'wx', isSecret ? 0o600 : 0o644);
    try {
      if (target.mode !== undefined) await handle.chmod(isSecret ? 0o600 : target.mode);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw configError('file-not-written', `cannot write ${target.shown}: ${messageOf(error)}`, {
      remedy: 'choose a folder that this user may write to, or name another file with -f',
      cause: error,
    });
  }
}

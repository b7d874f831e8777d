import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { Context } from '../core/context.ts';
import { type CliError, configError, errnoOf, messageOf } from '../core/errors.ts';
import { withDefaults } from './defaults.ts';
import { type SoundPart, within } from './sound-part.ts';
import { ConfigSource } from './source.ts';
import type { ConfigFile, ConfigPath, LoadedConfig, ReadConfig } from './types.ts';
import { examine, type Fault } from './validate.ts';

export const DEFAULT_FILE = 'manila-rwx.yaml';

/**
 * Reads the file that `-f` names, or `manila-rwx.yaml` in the working directory if it is there; otherwise everything
 * is default. All that is wrong with it is told at once, each with line and column.
 *
 * @throws CliError `config-missing`, `config-unreadable`, `config-syntax` or `config-invalid` (exit 2).
 */
export async function loadConfig(ctx: Context): Promise<LoadedConfig> {
  const found = await readFromDisk(ctx);
  if (found) return parseConfig(found.text, found.shown);
  return {
    path: undefined,
    config: withDefaults({ version: 1 }),
    keys: new Set(['version']),
    where: () => DEFAULT_FILE,
  };
}

/** As {@link loadConfig}, for commands that do what the file says and so cannot do without one. */
export async function requireConfig(ctx: Context): Promise<ReadConfig> {
  return sound(await readConfig(ctx));
}

/** As {@link requireConfig}, of a file with faults what is sound of it, for commands that look at that all the same. */
export async function readConfig(ctx: Context): Promise<ReadConfig> {
  const found = await readFromDisk(ctx);
  if (found) return parseFaulty(found.text, found.shown);
  throw configError('config-missing', `there is no ${DEFAULT_FILE} in this folder`, {
    remedy: 'write one with manila-rwx init, or name yours with -f',
  });
}

async function readFromDisk(ctx: Context): Promise<{ text: string; shown: string } | undefined> {
  const named = ctx.global.file;
  const path = resolve(ctx.cwd, named ?? DEFAULT_FILE);
  const shown = relative(ctx.cwd, path).startsWith('..') ? path : relative(ctx.cwd, path);
  try {
    return { text: await readFile(path, 'utf8'), shown };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      if (named === undefined) return undefined;
      throw configError('config-missing', `there is no file ${shown}`, {
        remedy: 'check the path given to -f',
        cause: error,
      });
    }
    throw configError('config-unreadable', `cannot read ${shown}: ${messageOf(error)}`, {
      remedy: 'make it readable for this user, or name another file with -f',
      cause: error,
    });
  }
}

/** The text of a file, checked. `shown` is its name in messages. Throws as {@link loadConfig}. */
export function parseConfig(text: string, shown: string): ReadConfig {
  return sound(parseFaulty(text, shown));
}

function sound(read: ReadConfig): ReadConfig {
  if (read.invalid) throw read.invalid;
  return read;
}

/**
 * The sound part of a file. Where that is not to be had, or where it is not known which cloud the file means, so that
 * the sound part cannot be compared with anything, it throws.
 */
function parseFaulty(text: string, shown: string): ReadConfig {
  const { document, lines } = read(text);
  const [syntax] = document.errors;
  if (syntax) {
    const { line, col } = lines.linePos(syntax.pos[0]);
    const sentence = syntax.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? 'wrong YAML';
    throw configError('config-syntax', `${shown}:${line}:${col}: ${sentence}`, {
      remedy: 'mend the YAML at that place; nothing was changed',
    });
  }
  const source = new ConfigSource(shown, document, lines);
  const data: unknown = document.toJS() ?? {};
  const { faults, sound } = examine(data, source);
  const isFaulty = (path: ConfigPath): boolean => faults.some((fault) => within(fault.path, path));
  if (!sound || isFaulty(['cloud'])) throw invalidFile(shown, faults);
  const config = withDefaults(sound.data as ConfigFile);
  return {
    path: shown,
    config,
    keys: new Set(Object.keys(data as ConfigFile).filter((key): key is keyof ConfigFile => key in config)),
    where: placesIn(shown, text, sound),
    ...(faults.length > 0 && {
      faulty: (path) => isFaulty(sound.inFile(path)),
      invalid: invalidFile(shown, faults),
    }),
  };
}

function invalidFile(shown: string, faults: readonly Fault[]): CliError {
  const list = faults.map(({ message }) => message).join('\n  ');
  return configError(
    'config-invalid',
    faults.length === 1 ? list : `${shown} has ${faults.length} faults:\n  ${list}`,
    {
      remedy: 'mend the file and run it again; nothing was changed',
      errors: faults.map(({ message }) => configError('config-invalid', message)),
    },
  );
}

function read(text: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter();
  return { document: parseDocument(text, { lineCounter: lines }), lines };
}

/** Places are asked for where something is wrong: until then the tree, ten times the size of its text, is not kept. */
function placesIn(shown: string, text: string, sound: SoundPart): LoadedConfig['where'] {
  let source: ConfigSource | undefined;
  return (path) => {
    if (!source) {
      const { document, lines } = read(text);
      source = new ConfigSource(shown, document, lines);
    }
    return source.where(sound.inFile(path));
  };
}

import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { Context } from '../core/context.ts';
import { configError, errnoOf, messageOf } from '../core/errors.ts';
import { withDefaults } from './defaults.ts';
import { ConfigSource } from './source.ts';
import type { ConfigFile, LoadedConfig } from './types.ts';
import { problemsOf } from './validate.ts';

export const DEFAULT_FILE = 'manila-rwx.yaml';

/**
 * Reads the file that `-f` names, or `manila-rwx.yaml` in the working directory if it is there; otherwise everything
 * is default. All that is wrong with it is told at once, each with line and column.
 *
 * @throws CliError `config-missing`, `config-unreadable`, `config-syntax` or `config-invalid` (exit 2).
 */
export async function loadConfig(ctx: Context): Promise<LoadedConfig> {
  const named = ctx.global.file;
  const path = resolve(ctx.cwd, named ?? DEFAULT_FILE);
  const shown = relative(ctx.cwd, path).startsWith('..') ? path : relative(ctx.cwd, path);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      if (named === undefined)
        return {
          path: undefined,
          config: withDefaults({ version: 1 }),
          keys: new Set(['version']),
          where: () => DEFAULT_FILE,
        };
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
  return parseConfig(text, shown);
}

/** As {@link loadConfig}, for commands that do what the file says and so cannot do without one. */
export async function requireConfig(ctx: Context): Promise<LoadedConfig & { path: string }> {
  const loaded = await loadConfig(ctx);
  if (loaded.path === undefined) {
    throw configError('config-missing', `there is no ${DEFAULT_FILE} in this folder`, {
      remedy: 'write one with manila-rwx init, or name yours with -f',
    });
  }
  return { ...loaded, path: loaded.path };
}

/** The text of a file, checked. `shown` is its name in messages. Throws as {@link loadConfig}. */
export function parseConfig(text: string, shown: string): LoadedConfig & { path: string } {
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
  const problems = problemsOf(data, source);
  if (problems.length > 0) {
    throw configError(
      'config-invalid',
      problems.length === 1
        ? (problems[0] ?? '')
        : `${shown} has ${problems.length} faults:\n  ${problems.join('\n  ')}`,
      {
        remedy: 'mend the file and run it again; nothing was changed',
      },
    );
  }
  return {
    path: shown,
    config: withDefaults(data as ConfigFile),
    keys: new Set(Object.keys(data as ConfigFile) as (keyof ConfigFile)[]),
    where: placesIn(shown, text),
  };
}

function read(text: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter();
  return { document: parseDocument(text, { lineCounter: lines }), lines };
}

/** Places are asked for where something is wrong: until then the tree, ten times the size of its text, is not kept. */
function placesIn(shown: string, text: string): LoadedConfig['where'] {
  let source: ConfigSource | undefined;
  return (path) => {
    if (!source) {
      const { document, lines } = read(text);
      source = new ConfigSource(shown, document, lines);
    }
    return source.where(path);
  };
}

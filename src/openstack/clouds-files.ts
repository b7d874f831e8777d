import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Context } from '../core/context.ts';
import { configError, errnoOf, messageOf } from '../core/errors.ts';

/** A mapping as it stands in a file. Scalars are strings, whatever they look like. */
export type Raw = { [key: string]: RawValue };
export type RawValue = string | Raw | RawValue[];

export interface CloudsFile {
  path: string;
  data: Raw;
}

/**
 * The first of the files that there is, in openstacksdk's order: the variable's own, the working folder, the user's
 * folders, the machine's. Files are not merged with each other. Other than openstacksdk, which goes on silently to
 * the next file, a file that is there and cannot be read or parsed ends the search: its user means that one.
 *
 * @param variable OS_CLIENT_CONFIG_FILE or OS_CLIENT_SECURE_FILE; clouds-public.yaml has none.
 * @throws CliError `clouds-missing`, `clouds-unreadable` or `clouds-syntax` (exit 2).
 */
export async function findCloudsFile(ctx: Context, stem: string, variable?: string): Promise<CloudsFile | undefined> {
  const named = variable === undefined ? undefined : ctx.env[variable];
  if (named !== undefined && named !== '') {
    const path = resolve(ctx.cwd, named);
    const file = await read(path);
    if (file) return file;
    throw configError('clouds-missing', `${variable} names ${path}, and there is no such file`, {
      remedy: `write the right path into ${variable}, or unset it`,
    });
  }
  for (const path of candidates(ctx, stem)) {
    const file = await read(path);
    if (file) return file;
  }
  return undefined;
}

/** Where a file is looked for when no variable names it. */
export function candidates({ env, cwd, home }: Context, stem: string): string[] {
  const folders = [
    cwd,
    join(env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : join(home, '.config'), 'openstack'),
    join(home, '.config', 'openstack'),
    join((env.XDG_CONFIG_DIRS ?? '').split(':')[0] || '/etc/xdg', 'openstack'),
    '/etc/openstack',
  ];
  return [...new Set(folders)].flatMap((folder) =>
    ['yaml', 'yml', 'json'].map((end) => join(folder, `${stem}.${end}`)),
  );
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function read(path: string): Promise<CloudsFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return undefined;
    throw configError('clouds-unreadable', `cannot read ${path}: ${fileTrouble(error)}`, {
      remedy: 'make it readable for this user, or name another file with OS_CLIENT_CONFIG_FILE',
      cause: error,
    });
  }
  return { path, data: parse(path, text) };
}

/**
 * Every scalar is taken as the text that stands there (YAML's failsafe schema): a password 0123 or a project 12e5
 * without quotes is no number.
 */
function parse(path: string, text: string): Raw {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', merge: true, lineCounter: lines });
  const [fault] = document.errors;
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0]);
    const sentence = fault.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? 'wrong YAML';
    throw configError('clouds-syntax', `${path}:${line}:${col}: ${sentence}`, {
      remedy: 'mend the YAML at that place',
    });
  }
  const data: unknown = document.toJS();
  if (!isRaw(data)) {
    throw configError('clouds-syntax', `${path}:1:1: there must be a mapping, with the key "clouds"`, {
      remedy: 'write it as https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html shows',
    });
  }
  return data;
}

export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Why a file cannot be read, without the path that the sentence around it has already. */
export function fileTrouble(error: unknown): string {
  const words: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'this user may not read it',
    EISDIR: 'it is a folder',
  };
  return words[errnoOf(error) ?? ''] ?? messageOf(error);
}

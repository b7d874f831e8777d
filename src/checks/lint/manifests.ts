import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { ConfigSource } from '../../config/source.ts';
import { configError, usageError } from '../../core/errors.ts';
import type { LintSubject } from './lint.ts';
import { LINTED_KINDS, type LintObject } from './types.ts';

/**
 * StorageClasses, VolumeSnapshotClasses and Secrets of a manifest: YAML or JSON, several documents, Lists. Other kinds
 * are left out.
 * @param name how the file is called in messages.
 * @throws CliError `manifest-syntax` (exit 2) with all faults of the text, each with its place; `usage` where the file
 *   holds none of these kinds: who lints the wrong file must not be told that all is well.
 */
export function readManifests(text: string, name: string): LintSubject[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines });
  const documents: readonly Document[] = Array.isArray(parsed) ? parsed : [];
  const faults = documents
    .flatMap(({ errors }) => errors)
    .map(({ pos, message }) => {
      const { line, col } = lines.linePos(pos[0]);
      return `${name}:${line}:${col}: ${message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? 'wrong YAML'}`;
    });
  if (faults.length > 0) {
    throw configError('manifest-syntax', faults.join('\n'), { remedy: 'mend the text there; nothing was checked' });
  }
  const kinds: string[] = [];
  const subjects = documents.flatMap((document) => {
    const source = new ConfigSource(name, document, lines);
    return flatten(document.toJS(), []).flatMap(({ value, path }) => {
      const object = asObject(value);
      if (object) kinds.push(object.kind);
      return object && (LINTED_KINDS as readonly string[]).includes(object.kind) ? [subject(object, source, path)] : [];
    });
  });
  if (subjects.length > 0) return subjects;
  throw usageError(
    `${name} holds no ${LINTED_KINDS.join(', no ')}: ${kinds.length === 0 ? 'there is no Kubernetes object in it' : `its kinds are ${[...new Set(kinds)].join(', ')}`}`,
    { remedy: 'name the file that holds them' },
  );
}

function subject(object: LintObject, source: ConfigSource, base: readonly (string | number)[]): LintSubject {
  return {
    object,
    where: (path, atKey) => {
      const key = path.at(-1);
      return atKey && key !== undefined
        ? source.whereKey([...base, ...path.slice(0, -1)], key)
        : source.where([...base, ...path]);
    },
  };
}

interface Found {
  value: unknown;
  path: readonly (string | number)[];
}

/** A document's objects: itself, or the items of a List. */
function flatten(value: unknown, path: readonly (string | number)[]): Found[] {
  if (typeof value !== 'object' || value === null) return [];
  const { kind, items } = value as { kind?: unknown; items?: unknown };
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item: unknown, index) => flatten(item, [...path, 'items', index]));
  }
  return [{ value, path }];
}

/** Anything with a kind; a manifest may lack the rest, which is then empty. */
function asObject(value: unknown): LintObject | undefined {
  const object = value as Partial<LintObject>;
  if (typeof object.kind !== 'string') return undefined;
  const metadata = (object.metadata ?? {}) as Partial<LintObject['metadata']>;
  return {
    ...object,
    apiVersion: object.apiVersion ?? '',
    kind: object.kind,
    metadata: { ...metadata, name: metadata.name ?? '(without a name)' },
    parameters: mapOf(object.parameters),
    data: mapOf(object.data),
    stringData: mapOf(object.stringData),
  };
}

function mapOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

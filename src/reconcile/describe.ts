import type { Change } from './change.ts';

const WORDS = { create: 'create', update: 'update', replace: 'replace', delete: 'delete', none: 'unchanged' } as const;

/** One line for a log: `update ShareType gold: extraSpecs.dedupe "True" -> (none)`. */
export function describeChange(change: Change): string {
  const fields = change.action === 'create' ? '' : change.fields.map(describeField).join(', ');
  const tail = [fields, change.reason].filter((text) => text !== undefined && text !== '').join('; ');
  return `${WORDS[change.action]} ${change.kind} ${change.name}${tail ? `: ${tail}` : ''}`;
}

/** `snapshots.create false -> true`. */
export function describeField(field: { path: string; before?: unknown; after?: unknown }): string {
  return `${field.path} ${show(field.before)} -> ${show(field.after)}`;
}

function show(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value);
}

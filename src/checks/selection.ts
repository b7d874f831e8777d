import { usageError } from '../core/errors.ts';

/** Which checks the user asked for: ids, or patterns such as `B*`; letter case does not matter. */
export interface Selection {
  /** Only these, and what they need. All unless told. */
  only?: readonly string[];
  /** Not these. */
  skip?: readonly string[];
}

interface Selectable {
  id: string;
  needs: readonly string[];
}

/**
 * The checks that are asked for, with what they need, in the order given.
 * @throws CliError `usage` (exit 2) for an id or pattern that fits no check, with the known ids.
 */
export function selectChecks<C extends Selectable>(checks: readonly C[], { only, skip }: Selection): C[] {
  const known = new Map(checks.map((check) => [check.id, check]));
  const chosen = new Set(only === undefined ? known.keys() : only.flatMap((text) => matching('--check', text, known)));
  for (const id of chosen) for (const needed of known.get(id)?.needs ?? []) chosen.add(needed);
  for (const id of (skip ?? []).flatMap((text) => matching('--skip', text, known))) chosen.delete(id);
  return checks.filter(({ id }) => chosen.has(id));
}

function matching(flag: string, text: string, known: ReadonlyMap<string, unknown>): string[] {
  const pattern = new RegExp(`^${text.replaceAll(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
  const ids = [...known.keys()].filter((id) => pattern.test(id));
  if (ids.length === 0) {
    throw usageError(`${flag} ${JSON.stringify(text)} is not a check`, {
      remedy: `the checks are ${[...known.keys()].join(', ')}; patterns such as 'B*' may be used`,
    });
  }
  return ids;
}

import type { Pool } from '../types.ts';

/**
 * Why a pool cannot serve a share type, told before the type exists. This is the scheduler's own comparison
 * (manila/scheduler/utils.py `capabilities_satisfied` and filters/extra_specs_ops.py); Manila offers it only for
 * types that exist (`pools?share_type=`).
 */
export interface Mismatch {
  key: string;
  wanted: string;
  /** What the pool reports; undefined where it reports no such capability. */
  reported: unknown;
}

/** The first extra spec that the pool does not satisfy, or undefined. */
export function mismatch(pool: Pool, extraSpecs: Readonly<Record<string, string>>): Mismatch | undefined {
  for (const [key, wanted] of Object.entries(extraSpecs)) {
    const path = capabilityPath(key);
    if (path === undefined) continue;
    const reported = lookUp(pool.capabilities, path);
    const values: unknown[] = Array.isArray(reported) ? reported : [reported];
    if (reported === undefined || !values.some((value) => matches(value, wanted))) return { key, wanted, reported };
  }
  return undefined;
}

/** Where the scheduler looks for a capability; undefined for extra specs that it does not compare. */
export function capabilityPath(key: string): string[] | undefined {
  const scope = key.split(':');
  if (scope[0] === 'capabilities') scope.shift();
  else if (scope.length > 1) return undefined;
  return scope[0] === 'availability_zones' || scope[0] === 'default_qos_type' ? undefined : scope;
}

/** A capability that is null counts as missing, as it does for the scheduler. */
export function lookUp(capabilities: Record<string, unknown>, path: string[]): unknown {
  let value: unknown = capabilities;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value ?? undefined;
}

type Compare = (value: unknown, word: string) => boolean;

const OPERATORS: Record<string, Compare> = {
  '=': (value, word) => number(value) >= number(word),
  '==': (value, word) => number(value) === number(word),
  '!=': (value, word) => number(value) !== number(word),
  '>=': (value, word) => number(value) >= number(word),
  '<=': (value, word) => number(value) <= number(word),
  '<in>': (value, word) => typeof value === 'string' && value.includes(word),
  '<is>': (value, word) => asBoolean(String(value)) === asBoolean(word),
  's==': (value, word) => value === word,
  's!=': (value, word) => value !== word,
  's<': (value, word) => String(value) < word,
  's<=': (value, word) => String(value) <= word,
  's>': (value, word) => String(value) > word,
  's>=': (value, word) => String(value) >= word,
};

function matches(raw: unknown, wanted: string): boolean {
  const value = typeof raw === 'string' ? raw.toLowerCase() : raw;
  const request = wanted.toLowerCase();
  const [operator = '', ...words] = request.split(/\s+/).filter(Boolean);
  if (operator === '<or>') return words.filter((word) => word !== '<or>').some((word) => word === value);
  const compare = OPERATORS[operator];
  if (compare) return words[0] !== undefined && compare(value, words[0]);
  return typeof value === 'boolean' ? value === asBoolean(request) : value === request;
}

const TRUE_WORDS = new Set(['1', 't', 'true', 'on', 'y', 'yes']);
const FALSE_WORDS = new Set(['0', 'f', 'false', 'off', 'n', 'no']);

/** oslo's `bool_from_string`, with undefined for what is no word of a boolean. `<is> True` counts as one. */
export function asBoolean(text: string): boolean | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/^<is>\s*/, '');
  if (TRUE_WORDS.has(word)) return true;
  return FALSE_WORDS.has(word) ? false : undefined;
}

/** NaN, for what is no number, compares with nothing. */
function number(value: unknown): number {
  return typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : NaN;
}

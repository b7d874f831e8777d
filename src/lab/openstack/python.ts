/** Values as the services' Python sees them: their words for truth, and their own way of writing a value in a text. */

const TRUE_WORDS = new Set(['1', 't', 'true', 'on', 'y', 'yes']);
const FALSE_WORDS = new Set(['0', 'f', 'false', 'off', 'n', 'no']);

/** oslo.utils `bool_from_string` in its strict form: undefined where the text is no word for a boolean. */
export function strictBool(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = pythonText(value).trim().toLowerCase();
  if (TRUE_WORDS.has(word)) return true;
  return FALSE_WORDS.has(word) ? false : undefined;
}

/** What oslo.utils says of a word that is no boolean. */
export function notBoolean(word: string): string {
  const known = [...TRUE_WORDS, ...FALSE_WORDS].sort().map((one) => `'${one}'`);
  return `Unrecognized value '${word}', acceptable values are: ${known.join(', ')}`;
}

/** The lenient form: what is no word for true is false. */
export function looseBool(value: unknown): boolean {
  return strictBool(value) ?? false;
}

/** `str(value)`. */
export function pythonText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  return JSON.stringify(value).replaceAll('"', "'");
}

/** `int(value)`: undefined where Python raises. Booleans are integers, fractions lose their fraction, text must be digits. */
export function pythonInt(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value)) return Number(value);
  return undefined;
}

/**
 * A dictionary written as a Python literal, `{'k': 'v'}`, which is how Manila takes filters in a query. Undefined where
 * it is none.
 */
export function pythonDict(text: string): Record<string, string> | undefined {
  const body = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) return undefined;
  const pairs = [...body.matchAll(/\s*u?(['"])(.*?)\1\s*:\s*(?:u?(['"])(.*?)\3|([A-Za-z0-9_.]+))\s*(?:,|$)/gs)];
  if (
    pairs
      .map(([pair]) => pair)
      .join('')
      .trim() !== body.trim()
  )
    return undefined;
  return Object.fromEntries(pairs.map(([, , key = '', , quoted, bare]) => [key, quoted ?? bare ?? '']));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

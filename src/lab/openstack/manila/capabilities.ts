import { looseBool, pythonText, strictBool } from '../python.ts';

/**
 * Does a pool with these capabilities serve these extra specs? Keys without a scope, or in the scope `capabilities`,
 * are compared; other scopes are hints to drivers. A capability that the pool does not have fits nothing.
 */
export function satisfies(capabilities: Record<string, unknown>, specs: Record<string, string | null>): boolean {
  return Object.entries(specs).every(([key, wanted]) => {
    if (key === 'availability_zones' || key === 'capabilities:availability_zones') return true;
    const scope = key.split(':');
    if (scope.length > 1 && scope[0] !== 'capabilities') return true;
    if (scope[0] === 'capabilities') scope.shift();
    let found: unknown = capabilities;
    for (const part of scope) found = isObject(found) ? found[part] : undefined;
    if (found === undefined || found === null || wanted === null) return false;
    const values: unknown[] = Array.isArray(found) ? found : [found];
    return values.some((value) => fits(value, wanted));
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Operator = (value: unknown, wanted: string) => boolean;
const number = (compare: (a: number, b: number) => boolean): Operator => {
  return (value, wanted) => {
    const [a, b] = [Number(pythonText(value)), Number(wanted)];
    return !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b);
  };
};
const text = (compare: (a: string, b: string) => boolean): Operator => {
  return (value, wanted) => typeof value === 'string' && compare(value, wanted);
};

const OPERATORS: Record<string, Operator> = {
  '=': number((a, b) => a >= b),
  '==': number((a, b) => a === b),
  '!=': number((a, b) => a !== b),
  '>=': number((a, b) => a >= b),
  '<=': number((a, b) => a <= b),
  '<in>': (value, wanted) => pythonText(value).includes(wanted),
  '<is>': (value, wanted) => looseBool(value) === looseBool(wanted),
  's==': text((a, b) => a === b),
  's!=': text((a, b) => a !== b),
  's<': text((a, b) => a < b),
  's<=': text((a, b) => a <= b),
  's>': text((a, b) => a > b),
  's>=': text((a, b) => a >= b),
};

/** One value against one spec: an operator as its first word, or equality. Capital letters do not count. */
function fits(given: unknown, spec: string): boolean {
  const value = typeof given === 'string' ? given.toLowerCase() : given;
  const wanted = spec.toLowerCase();
  const [first = '', ...rest] = wanted.split(/\s+/).filter((word) => word !== '');
  if (first === '<or>') {
    return rest.filter((word) => word !== '<or>').some((word) => word === value);
  }
  const operator = OPERATORS[first];
  if (operator) return rest[0] !== undefined && operator(value, rest[0]);
  if (typeof value === 'boolean') return value === (strictBool(wanted) ?? wanted);
  // A number is no text: `1230` as a spec fits no capacity.
  return value === wanted;
}

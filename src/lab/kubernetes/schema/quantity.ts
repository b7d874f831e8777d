/** Powers of the suffixes of resource.Quantity. */
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?(?:(Ki|Mi|Gi|Ti|Pi|Ei)|([numkMGTPE])|[eE]([+-]?\d+))?$/;
const NANO = 1_000_000_000n;

interface Parsed {
  /** Value in billionths. */
  nanos: bigint;
  form: 'binary' | 'decimal' | 'exponent';
}

function parse(text: string): Parsed | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', binary, decimal, exponent] = match;
  if (whole === '' && fraction === '') return undefined;
  let nanos = BigInt(`${whole}${fraction.padEnd(9, '0').slice(0, 9)}`);
  // A tenth of a billionth is rounded up, as there.
  if (/[1-9]/.test(fraction.slice(9))) nanos += 1n;
  if (binary !== undefined) nanos *= 1024n ** BigInt(BINARY.indexOf(binary));
  const power = exponent === undefined ? 3 * (DECIMAL.indexOf(decimal ?? '') - 3) : Number(exponent);
  nanos = power >= 0 ? nanos * 10n ** BigInt(power) : divideUp(nanos, 10n ** BigInt(-power));
  if (sign === '-') nanos = -nanos;
  const form = binary !== undefined ? 'binary' : exponent !== undefined ? 'exponent' : 'decimal';
  return { nanos, form };
}

function divideUp(value: bigint, by: bigint): bigint {
  return value % by === 0n ? value / by : value / by + 1n;
}

export function isQuantity(text: string): boolean {
  return parse(text) !== undefined;
}

/** Bytes (or whole units) of a quantity, rounded up; NaN where it is none. */
export function quantityValue(text: string | undefined): number {
  const parsed = text === undefined ? undefined : parse(text);
  return parsed ? Number(divideUp(parsed.nanos, NANO)) : NaN;
}

/**
 * The text that the API server writes for a quantity: the largest suffix without a fraction, in the form it was given
 * in. `1024Mi` becomes `1Gi`, `0.5` becomes `500m`.
 */
export function canonicalQuantity(text: string): string {
  const parsed = parse(text);
  if (!parsed) return text;
  if (parsed.nanos === 0n) return '0';
  // Binary suffixes cannot hold fractions; such values are written in decimal, as there.
  if (parsed.form === 'binary' && parsed.nanos % NANO === 0n) return scaled(parsed.nanos / NANO, 1024n, BINARY);
  if (parsed.form === 'exponent') return exponentForm(parsed.nanos);
  return scaled(parsed.nanos, 1000n, DECIMAL);
}

function scaled(value: bigint, base: bigint, suffixes: string[]): string {
  let index = 0;
  let rest = value;
  while (rest % base === 0n && index < suffixes.length - 1) {
    rest /= base;
    index++;
  }
  return `${rest}${suffixes[index] ?? ''}`;
}

function exponentForm(nanos: bigint): string {
  let power = -9;
  let rest = nanos;
  while (rest % 1000n === 0n) {
    rest /= 1000n;
    power += 3;
  }
  return power === 0 ? String(rest) : `${rest}e${power}`;
}

import { durationMs } from '../core/duration.ts';
import { usageError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';

/** Where a fault can be made: a service of the lab, or one of its nodes. */
export type FaultPlace = 'keystone' | 'manila' | 'kubernetes' | 'node';

/** What goes wrong there. `status` is any answer from 400 on, written as its number. */
export type FaultEffect =
  | 'status'
  | 'delay'
  | 'reset'
  | 'token-expiry'
  | 'share-error'
  | 'watch-cut'
  | 'apply-conflict'
  | 'mount-denied'
  | 'mount-hang'
  | 'mount-read-only'
  | 'mount-full'
  | 'not-shared';

const EFFECTS: Record<FaultPlace, readonly FaultEffect[]> = {
  keystone: ['status', 'delay', 'reset', 'token-expiry'],
  manila: ['status', 'delay', 'reset', 'token-expiry', 'share-error'],
  kubernetes: ['status', 'delay', 'reset', 'watch-cut', 'apply-conflict'],
  node: ['mount-denied', 'mount-hang', 'mount-read-only', 'mount-full', 'not-shared'],
};
const OPTIONS = ['times', 'after', 'rate', 'by', 'retry-after', 'message'];

export interface Fault {
  /** As it was written. */
  spec: string;
  place: FaultPlace;
  effect: FaultEffect;
  /** Only requests of this method. */
  method?: string;
  /** Only requests whose path template or path fits: `*` and `{name}` are one part, `**` is any rest. */
  path?: string;
  /** Only this node. */
  node?: string;
  /** HTTP status of `status`. */
  status?: number;
  /** How often it happens; as often as it can where absent. */
  times?: number;
  /** How many matching occasions pass unharmed first. */
  after: number;
  /** Share of the matching occasions that are hit, 0 to 1, drawn from the plan's seed. */
  rate: number;
  /** Milliseconds that `delay` waits. */
  delayMs: number;
  /** Seconds, for the header of the same name. */
  retryAfter?: number;
  /** The sentence of the answer. */
  message?: string;
}

/** Something that a fault can hit. */
export interface FaultOccasion {
  place: FaultPlace;
  method?: string;
  /** Path with its variable parts named, with `#action` where the service has several calls on one path. */
  template?: string;
  /** The path as it was asked for. */
  path?: string;
  node?: string;
}

/**
 * Reads `WHERE=WHAT[,OPTION=VALUE...]`, such as `manila:POST:/v2/shares=503,times=2`, `keystone=delay,by=2s`,
 * `kubernetes:GET:/api/v1/pods=watch-cut` or `node:worker-1=mount-denied`.
 * WHERE is `SERVICE[:METHOD[:PATH]]` or `node[:NAME]`.
 *
 * @throws CliError `usage` (exit 2) that names what is wrong and what is known.
 */
export function parseFault(spec: string): Fault {
  const [, where, effectText, optionText] = /^([^=,]+)=([^=,]+)((?:,.*)?)$/s.exec(spec) ?? [];
  if (where === undefined || effectText === undefined) {
    throw refused(spec, 'is not WHERE=WHAT', 'write for instance manila:POST:/v2/shares=503,times=2');
  }
  const [placeText = '', first, ...rest] = where.split(':');
  const place = placeOf(spec, placeText);
  const fault: Fault = { spec, place, ...effectOf(spec, place, effectText), after: 0, rate: 1, delayMs: 1000 };
  if (first !== undefined && first !== '' && first !== '*') {
    if (place === 'node') fault.node = first;
    else fault.method = first.toUpperCase();
  }
  if (rest.length > 0) fault.path = rest.join(':');
  for (const [name, value] of options(optionText ?? '')) setOption(spec, fault, name, value);
  return fault;
}

/**
 * The faults of one lab. Asking `take` is what makes them happen: each answer counts as one occurrence. With the same
 * seed and the same occasions in the same order, the same occasions are hit.
 */
export class FaultPlan {
  readonly #faults: { fault: Fault; seen: number; hit: number }[] = [];
  #state: number;

  constructor(specs: readonly (string | Fault)[] = [], options: { seed?: number } = {}) {
    this.#state = (options.seed ?? 1) >>> 0;
    for (const spec of specs) this.add(spec);
  }

  add(spec: string | Fault): Fault {
    const fault = typeof spec === 'string' ? parseFault(spec) : spec;
    this.#faults.push({ fault, seen: 0, hit: 0 });
    return fault;
  }

  /** Nothing goes wrong from now on. */
  clear(): void {
    this.#faults.length = 0;
  }

  /** How often each fault has happened, in the order in which they were added. */
  happened(): { spec: string; count: number }[] {
    return this.#faults.map(({ fault, hit }) => ({ spec: fault.spec, count: hit }));
  }

  /** The first fault with one of these effects that hits this occasion now, if there is one. */
  take(occasion: FaultOccasion, effects: readonly FaultEffect[]): Fault | undefined {
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (!effects.includes(fault.effect) || !fits(fault, occasion)) continue;
      if (fault.times !== undefined && entry.hit >= fault.times) continue;
      if (entry.seen++ < fault.after) continue;
      if (fault.rate < 1 && this.#random() >= fault.rate) continue;
      entry.hit++;
      return fault;
    }
    return undefined;
  }

  /** 0 to 1, by mulberry32: small, and the same on every machine. */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let x = this.#state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  }
}

function fits(fault: Fault, occasion: FaultOccasion): boolean {
  if (fault.place !== occasion.place) return false;
  if (fault.method !== undefined && fault.method !== occasion.method) return false;
  if (fault.node !== undefined && fault.node !== occasion.node) return false;
  return fault.path === undefined || pathFits(fault.path, occasion.template ?? '', occasion.path ?? '');
}

function pathFits(pattern: string, template: string, path: string): boolean {
  const [patternPath = '', action] = pattern.split('#');
  const [templatePath = '', templateAction] = template.split('#');
  if (action !== undefined && action !== templateAction) return false;
  const wanted = patternPath.split('/');
  const named = templatePath.split('/');
  const asked = path.split('/');
  for (const [index, part] of wanted.entries()) {
    if (part === '**') return true;
    if (index >= named.length) return false;
    const anyOne = part === '*' || /^\{.*\}$/.test(part);
    if (!anyOne && part !== named[index] && part !== asked[index]) return false;
  }
  return wanted.length === named.length;
}

function placeOf(spec: string, text: string): FaultPlace {
  const places = Object.keys(EFFECTS) as FaultPlace[];
  const place = places.find((known) => known === text);
  if (place) return place;
  throw refused(spec, `names an unknown place ${JSON.stringify(text)}${didYouMean(text, places)}`, list(places));
}

function effectOf(spec: string, place: FaultPlace, text: string): Pick<Fault, 'effect' | 'status'> {
  if (/^[45]\d\d$/.test(text) && EFFECTS[place].includes('status')) return { effect: 'status', status: Number(text) };
  const effect = EFFECTS[place].find((known) => known === text && known !== 'status');
  if (effect) return { effect };
  const known = EFFECTS[place].map((name) => (name === 'status' ? 'a status from 400 to 599' : name));
  throw refused(spec, `: ${place} has no fault ${JSON.stringify(text)}${didYouMean(text, known)}`, list(known));
}

/** `,name=value` pairs; a message may hold commas as long as no `name=` of an option follows them. */
function options(text: string): [string, string][] {
  return text
    .split(/,(?=[a-z-]+=)/)
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [part.replace(/^,/, ''), ''] : [part.slice(0, at).replace(/^,/, ''), part.slice(at + 1)];
    });
}

function setOption(spec: string, fault: Fault, name: string, value: string): void {
  const number = value.trim() === '' ? NaN : Number(value);
  const wanted = (ok: boolean, what: string): void => {
    if (!ok) throw refused(spec, `has ${name}=${value}, which is not ${what}`, `write ${name} as ${what}`);
  };
  switch (name) {
    case 'times':
      wanted(Number.isInteger(number) && number > 0, 'a whole number above 0');
      fault.times = number;
      return;
    case 'after':
      wanted(Number.isInteger(number) && number >= 0, 'a whole number');
      fault.after = number;
      return;
    case 'rate':
      wanted(number >= 0 && number <= 1, 'a number from 0 to 1');
      fault.rate = number;
      return;
    case 'retry-after':
      wanted(Number.isInteger(number) && number >= 0, 'a whole number of seconds');
      fault.retryAfter = number;
      return;
    case 'by': {
      const ms = durationMs(value);
      wanted(ms !== undefined, 'a duration such as 2s or 500ms');
      fault.delayMs = ms ?? 0;
      return;
    }
    case 'message':
      fault.message = value;
      return;
    default:
      throw refused(spec, `has an unknown option ${JSON.stringify(name)}${didYouMean(name, OPTIONS)}`, list(OPTIONS));
  }
}

const list = (names: readonly string[]): string => `known: ${names.join(', ')}`;

function refused(spec: string, what: string, remedy: string): Error {
  return usageError(`fault ${JSON.stringify(spec)}${what.startsWith(':') ? '' : ' '}${what}`, { remedy });
}

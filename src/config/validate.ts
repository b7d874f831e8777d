import type { ErrorObject } from 'ajv';
import { didYouMean, nearest } from '../core/nearest.ts';
import { VERSION } from '../core/version.ts';
import { brokenRules } from './rules.ts';
import { SoundPart } from './sound-part.ts';
import type { ConfigSource } from './source.ts';
import type { ConfigPath } from './types.ts';
import validate from './validator.generated.js';

/** Something that is wrong with the file. */
export interface Fault {
  /** What it concerns; for an unknown section the known one that was probably meant. */
  path: ConfigPath;
  /** `place: sentence` */
  message: string;
}

/** What is wrong with the file, and what is left without it; undefined where nothing can be told of the rest. */
export function examine(data: unknown, source: ConfigSource): { faults: Fault[]; sound: SoundPart | undefined } {
  const newer = newerVersion(data);
  if (newer !== undefined) {
    const message = `${source.where(['version'])}: the file is of version ${newer}, and manila-rwx ${VERSION} knows version ${KNOWN_VERSION}: a newer manila-rwx wrote it`;
    return { faults: [{ path: ['version'], message }], sound: undefined };
  }
  const faults = distinct(errorsIn(data).map((error) => explain(error, source)));
  let sound = new SoundPart(data);
  if (faults.length > 0) {
    if (data === null || typeof data !== 'object' || Array.isArray(data)) return { faults, sound: undefined };
    sound = new SoundPart({ ...structuredClone(data), version: KNOWN_VERSION });
    // What lost a part may lack something then, and goes too.
    for (let left = errorsIn(sound.data); left.length > 0; left = errorsIn(sound.data)) {
      if (!sound.remove(left.map(faultyPath))) return { faults, sound: undefined };
    }
  }
  return { faults: [...faults, ...brokenRules(sound, faults, source)], sound };
}

const KNOWN_VERSION = 1;

/** The version of a file that is newer than this program: what else is strange to it then is no fault of the file. */
function newerVersion(data: unknown): number | undefined {
  const version: unknown = (data as { version?: unknown } | null)?.version;
  return typeof version === 'number' && version > KNOWN_VERSION ? version : undefined;
}

function errorsIn(data: unknown): ErrorObject[] {
  return validate(data) ? [] : causes(validate.errors ?? []);
}

/**
 * `anyOf` and `if` only repeat that one of their parts failed. Of the parts of an `anyOf` at one place, the one that
 * the value was meant for says what is wrong: that a number is too small, not that it is no word besides.
 */
function causes(errors: readonly ErrorObject[]): ErrorObject[] {
  const places = new Set(errors.flatMap(({ keyword, instancePath }) => (keyword === 'anyOf' ? [instancePath] : [])));
  const others = errors.filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'if');
  return others.filter((error) => {
    if (!places.has(error.instancePath)) return true;
    const same = others.filter(({ instancePath }) => instancePath === error.instancePath);
    const nearer = same.some(({ keyword }) => !['type', 'const', 'enum'].includes(keyword));
    const inside = others.some(({ instancePath }) => instancePath.startsWith(`${error.instancePath}/`));
    return !['type', 'const', 'enum'].includes(error.keyword) || (!nearer && !inside);
  });
}

/** Where the part stands that is not sound for this error: what lacks a key is not sound as a whole. */
function faultyPath({ keyword, instancePath, params }: ErrorObject): ConfigPath {
  const path = pathOf(instancePath);
  return keyword === 'additionalProperties' ? [...path, String(params.additionalProperty)] : path;
}

function distinct(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [fault.message, fault])).values()];
}

function explain(error: ErrorObject, source: ConfigSource): Fault {
  const path = faultyPath(error);
  const [section] = path;
  const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
  const meant =
    path.length === 1 && error.keyword === 'additionalProperties' ? nearest(String(section), known) : undefined;
  return { path: meant === undefined ? path : [meant], message: sentence(error, source) };
}

function sentence(error: ErrorObject, source: ConfigSource): string {
  const path = pathOf(error.instancePath);
  const name = path.length === 0 ? 'the file' : dotted(path);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
      const place = source.whereKey(path, key);
      return `${place}: unknown key ${JSON.stringify(key)}${path.length ? ` in ${dotted(path)}` : ''}${didYouMean(key, known)}; known are ${known.join(', ')}`;
    }
    case 'required':
      return `${source.where(path)}: ${name} lacks ${JSON.stringify(String(params.missingProperty))}`;
    case 'const':
      return `${source.where(path)}: ${name} must be ${JSON.stringify(params.allowedValue)}, not ${JSON.stringify(error.data)}`;
    case 'enum':
      return `${source.where(path)}: ${name} must be one of ${(params.allowedValues as unknown[]).join(', ')}, not ${JSON.stringify(error.data)}`;
    case 'type':
      return `${source.where(path)}: ${name} must be ${typeName(params.type)}, not ${JSON.stringify(error.data)}`;
    default:
      return `${source.where(path)}: ${name} ${error.message ?? 'is wrong'}: ${JSON.stringify(error.data)}`;
  }
}

function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function dotted(path: readonly (string | number)[]): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

function typeName(type: unknown): string {
  const article: Record<string, string> = {
    string: 'text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping',
  };
  return (Array.isArray(type) ? type : [type]).map((one) => article[String(one)] ?? String(one)).join(' or ');
}

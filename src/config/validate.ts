import type { ErrorObject } from 'ajv';
import { nameKey } from '../core/database-text.ts';
import { didYouMean } from '../core/nearest.ts';
import { VERSION } from '../core/version.ts';
import type { ConfigSource } from './source.ts';
import { withDefaults } from './defaults.ts';
import type { ConfigFile } from './types.ts';
import validate from './validator.generated.js';

/** What is wrong with the file, each as `place: sentence`; empty where nothing is. */
export function problemsOf(data: unknown, source: ConfigSource): string[] {
  const newer = newerVersion(data);
  if (newer !== undefined) {
    return [
      `${source.where(['version'])}: the file is of version ${newer}, and manila-rwx ${VERSION} knows version ${KNOWN_VERSION}: a newer manila-rwx wrote it`,
    ];
  }
  if (!validate(data)) return [...new Set(causes(validate.errors ?? []).map((error) => explain(error, source)))];
  const file = data as ConfigFile;
  return [...duplicates(file, source), ...wrongTenants(file, source)];
}

const KNOWN_VERSION = 1;

/** The version of a file that is newer than this program: what else is strange to it then is no fault of the file. */
function newerVersion(data: unknown): number | undefined {
  const version: unknown = (data as { version?: unknown } | null)?.version;
  return typeof version === 'number' && version > KNOWN_VERSION ? version : undefined;
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

function explain(error: ErrorObject, source: ConfigSource): string {
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

/** Names that Manila's database takes for the same are the same in the file. */
function duplicates(file: ConfigFile, source: ConfigSource): string[] {
  const problems: string[] = [];
  const seenTypes = new Map<string, number>();
  file.shareTypes?.forEach((type, index) => {
    const first = seenTypes.get(nameKey(type.name));
    if (first === undefined) seenTypes.set(nameKey(type.name), index);
    else {
      const place = source.where(['shareTypes', first, 'name']);
      problems.push(
        `${source.where(['shareTypes', index, 'name'])}: share type ${JSON.stringify(type.name)} is there twice (first at ${place}; Manila does not tell names apart by case, accents or blanks at the end)`,
      );
    }
  });
  const seenQuotas = new Map<string, number>();
  file.quotas?.forEach((quota, index) => {
    const first = seenQuotas.get(quota.project);
    if (first === undefined) seenQuotas.set(quota.project, index);
    else {
      const place = source.where(['quotas', first, 'project']);
      problems.push(
        `${source.where(['quotas', index, 'project'])}: quotas of project ${JSON.stringify(quota.project)} are there twice (first at ${place})`,
      );
    }
  });
  return problems;
}

function wrongTenants(file: ConfigFile, source: ConfigSource): string[] {
  const { tenants = [], credential } = file;
  const { namespace: driversNamespace } = withDefaults(file).cluster;
  const problems: string[] = [];
  const namespaces = new Map<string, string>();
  const users = new Map<string, string>();
  if (credential?.user !== undefined) users.set(credential.user, source.where(['credential', 'user']));
  tenants.forEach(({ namespace, project, cloud, user }, index) => {
    const at = (key: string): string => source.where(['tenants', index, key]);
    const say = (key: string, sentence: string): number => problems.push(`${at(key)}: ${sentence}`);
    const first = namespaces.get(namespace);
    if (first !== undefined) say('namespace', `tenant ${namespace} is there twice (first at ${first})`);
    else namespaces.set(namespace, at('namespace'));
    if (namespace === driversNamespace) {
      say('namespace', `${namespace} is the drivers' own namespace, whose Secrets no tenant may see`);
    }
    if (project === undefined && cloud === undefined)
      say('namespace', `tenant ${namespace} lacks "project" or "cloud"`);
    if (cloud !== undefined && (project ?? user) !== undefined) {
      say('cloud', `tenant ${namespace} names both a cloud, whose entry has its project and user, and one of these`);
    }
    if (user === undefined || user === 'create') return;
    const other = users.get(user);
    if (other !== undefined) say('user', `user ${JSON.stringify(user)} is there twice (first at ${other})`);
    else users.set(user, at('user'));
  });
  return problems;
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

import { createHash } from 'node:crypto';
import type { ShareType } from '../../openstack/types.ts';
import type { Audience } from './class.ts';
import type { Usable } from './usable.ts';

/** Longer names are cut: a class's name is also part of ResourceQuota keys and of labels that other tools write. */
const MAX_LENGTH = 63;

/** What tells share types with the same slug apart: hex digits from the type's id, six unless they are taken, too. */
export function idHash(id: string, digits = 6): string {
  return createHash('sha256').update(id).digest('hex').slice(0, digits);
}

/**
 * A share type's name as part of an RFC 1123 subdomain: lower case, everything else but letters, digits, dots and
 * dashes becomes a dash. Empty where nothing is left.
 */
export function slug(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/-*\.[-.]*/g, '.')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
}

/** Name of the class of a share type; with `digits` one that carries so much of a hash of the type's id. */
export function className(prefix: string, type: { id: string; name: string }, digits = 0): string {
  const part = slug(type.name);
  const name = `${prefix}${part}`;
  if (digits === 0 && part !== '' && name.length <= MAX_LENGTH) return name;
  const hash = idHash(type.id, digits || undefined);
  const tail = part === '' ? hash : `-${hash}`;
  return `${name.slice(0, MAX_LENGTH - tail.length).replace(/[-.]+$/, part === '' ? '$&' : '')}${tail}`;
}

/** A class that there should be. */
export interface Wanted {
  type: ShareType;
  audience: Audience;
  usable: Usable;
}

/**
 * Names of the wanted classes. What has a class of ours keeps its name, also when the type was renamed; the others
 * get their own name unless it is taken, and then one with a hash of the type's id. The order of the types at Manila
 * makes no difference. `existing` are the classes of types that are there, wanted or not: their names are not given
 * away. The class of a type that is gone may be taken over by one that has its name.
 */
export function assignNames(
  wanted: readonly Wanted[],
  existing: readonly { name: string; typeId: string; audience: Audience }[],
  prefix: string,
): Map<Wanted, string> {
  const names = new Map<Wanted, string>();
  const byKey = new Map(wanted.map((one) => [`${one.audience} ${one.type.id}`, one]));
  for (const { name, typeId, audience } of [...existing].sort((a, b) => compare(a.name, b.name))) {
    const one = byKey.get(`${audience} ${typeId}`);
    if (one && !names.has(one)) names.set(one, name);
  }
  const taken = new Set(existing.map(({ name }) => name));
  const sorted = [...wanted].sort((a, b) => compare(a.type.name, b.type.name) || compare(a.type.id, b.type.id));
  for (const one of sorted) {
    if (names.has(one)) continue;
    const own = one.audience === 'tenants' ? `${prefix}tenant-` : prefix;
    let name = className(own, one.type);
    for (let digits = 6; taken.has(name); digits += 2) name = className(own, one.type, digits);
    names.set(one, name);
    taken.add(name);
  }
  return names;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Does a pattern of include or exclude, with `*` as wildcard, match the whole name? */
export function matchesPattern(pattern: string, name: string): boolean {
  const source = pattern.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${source.join('[^]*')}$`).test(name);
}

import { createHash } from 'node:crypto';

/** Longer names are cut: a class's name is also part of ResourceQuota keys and of labels that other tools write. */
const MAX_LENGTH = 63;

/** Six hex digits that tell share types with the same slug apart, from the type's id. */
export function idHash(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 6);
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

/** Name of the class of a share type; with `distinct` the name that no other type can have. */
export function className(prefix: string, type: { id: string; name: string }, distinct = false): string {
  const part = slug(type.name);
  const name = `${prefix}${part}`;
  if (!distinct && part !== '' && name.length <= MAX_LENGTH) return name;
  const tail = part === '' ? idHash(type.id) : `-${idHash(type.id)}`;
  return `${name.slice(0, MAX_LENGTH - tail.length).replace(/[-.]+$/, part === '' ? '$&' : '')}${tail}`;
}

/** Does a pattern of include or exclude, with `*` as wildcard, match the whole name? */
export function matchesPattern(pattern: string, name: string): boolean {
  const source = pattern.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${source.join('[^]*')}$`).test(name);
}

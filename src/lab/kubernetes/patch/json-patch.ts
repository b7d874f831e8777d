import { type Json, type JsonObject, clone, equal, isObject } from '../json.ts';

interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: Json;
}

/** A JSON patch that does not fit the document (RFC 6902). */
export class JsonPatchError extends Error {}

/** The document after the operations; the one that is given stays as it is. */
export function applyJsonPatch(document: JsonObject, operations: readonly Operation[]): Json {
  return operations.reduce<Json>((current, operation) => applyOne(current, operation), clone(document));
}

function applyOne(document: Json, { op, path, from, value }: Operation): Json {
  const target = pointer(path);
  switch (op) {
    case 'add':
      return put(document, target, clone(value ?? null), true);
    case 'replace':
      find(document, target);
      return put(document, target, clone(value ?? null), false);
    case 'remove':
      return remove(document, target);
    case 'test':
      if (!equal(find(document, target), value ?? null)) throw new JsonPatchError(`testing value ${path} failed`);
      return document;
    case 'copy':
      return put(document, target, clone(find(document, pointer(from ?? ''))), true);
    case 'move': {
      const moved = clone(find(document, pointer(from ?? '')));
      return put(remove(document, pointer(from ?? '')), target, moved, true);
    }
    default:
      throw new JsonPatchError(`Unexpected kind: ${op}`);
  }
}

function pointer(path: string): string[] {
  if (path === '') return [];
  if (!path.startsWith('/')) throw new JsonPatchError(`invalid path ${path}`);
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function find(document: Json, path: readonly string[]): Json {
  let current = document;
  for (const part of path) {
    const next = Array.isArray(current) ? current[Number(part)] : isObject(current) ? current[part] : undefined;
    if (next === undefined) throw new JsonPatchError(`doc is missing path: /${path.join('/')}: missing value`);
    current = next;
  }
  return current;
}

function put(document: Json, path: readonly string[], value: Json, inserts: boolean): Json {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = find(document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) {
      throw new JsonPatchError(`Unable to access invalid index: ${last}`);
    }
    parent.splice(index, inserts ? 0 : 1, value);
  } else if (isObject(parent)) {
    parent[last] = value;
  } else {
    throw new JsonPatchError(`doc is missing path: /${path.join('/')}: missing value`);
  }
  return document;
}

function remove(document: Json, path: readonly string[]): Json {
  find(document, path);
  const last = path.at(-1) ?? '';
  const parent = find(document, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isObject(parent)) parent[last] = undefined;
  return document;
}

/** RFC 7386: members of the patch replace, null removes. */
export function applyMergePatch(document: Json, patch: Json): Json {
  if (!isObject(patch)) return clone(patch);
  const out: JsonObject = isObject(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) out[key] = undefined;
    else out[key] = applyMergePatch(out[key] ?? null, value);
  }
  return clone(out);
}

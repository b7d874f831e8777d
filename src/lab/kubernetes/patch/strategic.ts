import { type Json, type JsonObject, clone, equal, isObject } from '../json.ts';
import { type SchemaNode, type Schemas, childSchema } from '../schema/node.ts';

/** A strategic merge patch that does not fit the document. */
export class StrategicPatchError extends Error {}

const SET_ORDER = '$setElementOrder/';
const DELETE_PRIMITIVES = '$deleteFromPrimitiveList/';

/**
 * The document after a strategic merge patch, by the merge keys of its schema: what `kubectl apply` without
 * `--server-side` sends for built-in kinds. Knows `$patch`, `$setElementOrder`, `$deleteFromPrimitiveList` and
 * `$retainKeys`.
 */
export function applyStrategicPatch(schemas: Schemas, root: SchemaNode, document: JsonObject, patch: JsonObject): Json {
  return new Strategic(schemas).object(root, document, patch);
}

class Strategic {
  readonly #schemas: Schemas;

  constructor(schemas: Schemas) {
    this.#schemas = schemas;
  }

  object(type: SchemaNode | undefined, document: Json | undefined, patch: JsonObject): JsonObject {
    const directive = patch.$patch;
    if (directive === 'replace') return withoutDirectives(patch);
    if (directive === 'delete') return {};
    if (directive !== undefined && directive !== 'merge') {
      throw new StrategicPatchError(`Unknown patch type found: ${JSON.stringify(directive)}`);
    }
    let out: JsonObject = isObject(document) ? { ...document } : {};
    const retain = patch.$retainKeys;
    if (Array.isArray(retain)) out = Object.fromEntries(Object.entries(out).filter(([key]) => retain.includes(key)));
    for (const [key, value] of Object.entries(patch)) {
      if (value === undefined || key === '$patch' || key === '$retainKeys') continue;
      if (key.startsWith(SET_ORDER)) continue;
      if (key.startsWith(DELETE_PRIMITIVES)) removeItems(out, key.slice(DELETE_PRIMITIVES.length), value);
      else out[key] = this.#member(type && childSchema(type, key), out[key], value, patch[`${SET_ORDER}${key}`]);
    }
    this.#reorder(type, out, patch);
    return out;
  }

  /** Lists that the patch gives an order, and nothing else. */
  #reorder(type: SchemaNode | undefined, out: JsonObject, patch: JsonObject): void {
    for (const [key, order] of Object.entries(patch)) {
      const name = key.slice(SET_ORDER.length);
      if (!key.startsWith(SET_ORDER) || patch[name] !== undefined) continue;
      const list = out[name];
      const { key: mergeKey } = this.#mergeOf(type && childSchema(type, name));
      if (Array.isArray(list) && Array.isArray(order)) out[name] = inOrder(list, order, list, mergeKey);
    }
  }

  #member(type: SchemaNode | undefined, current: Json | undefined, value: Json, order: Json | undefined) {
    if (value === null) return undefined;
    if (isObject(value)) {
      const inner = type && this.#schemas.resolve(type).node;
      const strategy = type?.['x-kubernetes-patch-strategy'] ?? '';
      if (strategy === 'replace') return withoutDirectives(value);
      return this.object(inner, current, value);
    }
    if (!Array.isArray(value)) return value;
    const { merges, key } = this.#mergeOf(type);
    if (!merges) return clone(value);
    const list = Array.isArray(current) ? current : [];
    const merged = key === undefined ? unionOf(list, value) : this.#list(type, list, value, key);
    // Without an order of its own, the patch is the order.
    return inOrder(merged, Array.isArray(order) ? order : value, list, key);
  }

  #list(type: SchemaNode | undefined, current: Json[], patch: Json[], key: string): Json[] {
    const items = patch.filter(isObject);
    if (items.some((item) => item.$patch === 'replace')) {
      return items.filter((item) => item.$patch !== 'replace').map(withoutDirectives);
    }
    const itemType = type && this.#schemas.resolve(this.#schemas.resolve(type).node.items ?? {}).node;
    let out = [...current];
    for (const item of items) {
      const id = item[key];
      if (id === undefined) {
        throw new StrategicPatchError(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
      }
      const matches = (other: Json): boolean => isObject(other) && equal(other[key], id);
      if (item.$patch === 'delete') {
        out = out.filter((other) => !matches(other));
        continue;
      }
      const index = out.findIndex(matches);
      if (index < 0) out.push(this.object(itemType, {}, item));
      else out[index] = this.object(itemType, out[index], item);
    }
    return out;
  }

  #mergeOf(type: SchemaNode | undefined): { merges: boolean; key: string | undefined } {
    const strategy = type?.['x-kubernetes-patch-strategy'] ?? '';
    return { merges: strategy.split(',').includes('merge'), key: type?.['x-kubernetes-patch-merge-key'] };
  }
}

function removeItems(out: JsonObject, name: string, gone: Json): void {
  const current = out[name];
  if (!Array.isArray(current) || !Array.isArray(gone)) return;
  out[name] = current.filter((item) => !gone.some((one) => equal(one, item)));
}

function unionOf(current: Json[], patch: Json[]): Json[] {
  return [...current, ...patch.filter((item) => !current.some((other) => equal(other, item)))];
}

/**
 * The items that `order` names, in that order, among the others: one of the others comes first only where it did so in
 * the list before (`before`). After mergeSortedSlice of apimachinery's strategicpatch.
 */
function inOrder(list: Json[], order: Json[], before: readonly Json[], key: string | undefined): Json[] {
  const idOf = (item: Json): Json | undefined => (key !== undefined && isObject(item) ? item[key] : item);
  const place = (items: readonly Json[], item: Json): number =>
    items.findIndex((other) => equal(idOf(other), idOf(item)));
  const named = list.filter((item) => place(order, item) >= 0).sort((a, b) => place(order, a) - place(order, b));
  const others = list.filter((item) => place(order, item) < 0);
  const out: Json[] = [];
  while (named.length > 0 || others.length > 0) {
    const [left, right] = [others[0], named[0]];
    const [l, r] = [left === undefined ? -1 : place(before, left), right === undefined ? -1 : place(before, right)];
    const takesOther = right === undefined || (left !== undefined && l >= 0 && r >= 0 && l < r);
    const next = takesOther ? others.shift() : named.shift();
    if (next !== undefined) out.push(next);
  }
  return out;
}

function withoutDirectives(patch: JsonObject): JsonObject {
  const kept = Object.entries(patch).filter(([key]) => !key.startsWith('$'));
  return clone(Object.fromEntries(kept));
}

import { type Json, type JsonObject, isObject } from '../json.ts';
import { QUANTITY, RAW_EXTENSION, type SchemaNode, type Schemas } from '../schema/node.ts';
import { fieldElement, keyElement, valueElement } from './fieldset.ts';

/** What structured-merge-diff knows of a type: how its values are compared and merged. */
export interface Atom {
  scalar?: 'numeric' | 'string' | 'boolean' | 'untyped';
  list?: ListAtom;
  map?: MapAtom;
}

export interface ListAtom {
  /** Items are told apart by their keys, or by their values where there are no keys. Otherwise the list is one leaf. */
  associative: boolean;
  keys: string[];
  items: AtomRef;
}

export interface MapAtom {
  /** One leaf, whatever is in it. */
  atomic: boolean;
  fields: ReadonlyMap<string, AtomRef>;
  /** Type of members that `fields` does not name; without it they are not allowed. */
  others?: AtomRef;
}

/** A type that is looked at only when a value of it is met: schemas refer to themselves. */
export interface AtomRef {
  readonly atom: Atom;
  /** The default of a key field. */
  readonly default?: Json;
}

const UNTYPED: AtomRef = {
  get atom(): Atom {
    return {
      scalar: 'untyped',
      list: { associative: false, keys: [], items: UNTYPED },
      map: { atomic: true, fields: new Map(), others: UNTYPED },
    };
  },
};

/** Types of values for which there is no schema: maps are merged, lists are leaves. */
export const DEDUCED: AtomRef = {
  get atom(): Atom {
    return {
      scalar: 'untyped',
      list: { associative: false, keys: [], items: UNTYPED },
      map: { atomic: false, fields: new Map(), others: DEDUCED },
    };
  },
};

/** Translates OpenAPI schemas as kube-openapi's schemaconv does. */
export class Atoms {
  readonly #schemas: Schemas;
  readonly #cache = new WeakMap<SchemaNode, AtomRef>();

  constructor(schemas: Schemas) {
    this.#schemas = schemas;
  }

  of(node: SchemaNode): AtomRef {
    let ref = this.#cache.get(node);
    if (!ref) this.#cache.set(node, (ref = this.#lazy(node)));
    return ref;
  }

  #lazy(node: SchemaNode): AtomRef {
    const make = (): Atom => this.#atom(node);
    let made: Atom | undefined;
    return {
      ...(node.default !== undefined && { default: node.default }),
      get atom(): Atom {
        return (made ??= make());
      },
    };
  }

  #atom(outer: SchemaNode): Atom {
    const { node, name } = this.#schemas.resolve(outer);
    if (name === QUANTITY) return { scalar: 'untyped' };
    if (name === RAW_EXTENSION) return UNTYPED.atom;
    if (node['x-kubernetes-int-or-string']) return { scalar: 'untyped' };
    switch (node.type) {
      case 'object':
        return { map: this.#map(node, outer) };
      case 'array':
        return { list: this.#list(node, outer) };
      case 'integer':
      case 'number':
        return { scalar: 'numeric' };
      case 'boolean':
        return { scalar: 'boolean' };
      case 'string':
        return { scalar: node.format === undefined || node.format === 'byte' ? 'string' : 'untyped' };
      default:
        return { scalar: 'untyped', list: this.#list(node, outer), map: this.#map(node, outer) };
    }
  }

  #map(node: SchemaNode, outer: SchemaNode): MapAtom {
    const fields = new Map(Object.entries(node.properties ?? {}).map(([key, property]) => [key, this.of(property)]));
    const others = this.#others(node);
    // The type of a map may be set where it is used, beside the reference.
    const kind = outer['x-kubernetes-map-type'] ?? node['x-kubernetes-map-type'];
    return { atomic: kind === 'atomic', fields, ...(others && { others }) };
  }

  #others(node: SchemaNode): AtomRef | undefined {
    const element = node.additionalProperties;
    if (isObject(element)) return this.of(element);
    if (element === true || node['x-kubernetes-preserve-unknown-fields']) return DEDUCED;
    if (element === false) return undefined;
    return Object.keys(node.properties ?? {}).length === 0 ? DEDUCED : undefined;
  }

  #list(node: SchemaNode, outer: SchemaNode): ListAtom {
    const items = node.items ? this.of(node.items) : UNTYPED;
    const kind = outer['x-kubernetes-list-type'] ?? node['x-kubernetes-list-type'];
    if (kind !== undefined) {
      const keys = kind === 'map' ? (node['x-kubernetes-list-map-keys'] ?? []) : [];
      return { associative: kind !== 'atomic', keys, items };
    }
    const strategy = node['x-kubernetes-patch-strategy'] ?? '';
    if (!strategy.startsWith('merge')) return { associative: false, keys: [], items };
    const key = node['x-kubernetes-patch-merge-key'];
    return { associative: true, keys: key === undefined ? [] : [key], items };
  }
}

/** The one form of an atom that fits a value, where the type allows several. */
export function deduce(atom: Atom, value: Json | undefined): Atom {
  if (value === undefined || value === null) return atom;
  if (Array.isArray(value)) return atom.list ? { list: atom.list } : atom;
  if (isObject(value)) return atom.map ? { map: atom.map } : atom;
  return atom.scalar ? { scalar: atom.scalar } : atom;
}

/** Type of a member of a map; undefined where the map may not have it. */
export function memberType(map: MapAtom, key: string): AtomRef | undefined {
  return map.fields.get(key) ?? map.others;
}

/** What identifies an item of an associative list. A string is what is wrong with the item instead. */
export function itemElement(list: ListAtom, item: Json): { element: string } | { fault: string } {
  if (list.keys.length === 0) {
    if (isObject(item)) return { fault: "associative list without keys has an element that's a map type" };
    if (Array.isArray(item)) return { fault: 'not supported: associative list with lists as elements' };
    if (item === null) return { fault: "associative list without keys has an element that's an explicit null" };
    return { element: valueElement(item) };
  }
  if (item === null) return { fault: 'associative list with keys may not have a null element' };
  if (!isObject(item)) return { fault: 'associative list with keys may not have non-map elements' };
  const keys: JsonObject = {};
  for (const key of list.keys) {
    const value = item[key] ?? list.items.atom.map?.fields.get(key)?.default;
    if (value !== undefined) keys[key] = value;
  }
  if (Object.keys(keys).length > 0) return { element: keyElement(keys) };
  const names = list.keys.map((key) => JSON.stringify(key)).join(' ');
  return {
    fault: `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
  };
}

export { fieldElement };

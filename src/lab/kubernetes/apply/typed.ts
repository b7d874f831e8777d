import { type Json, type JsonObject, equal, isObject } from '../json.ts';
import {
  type Atom,
  type AtomRef,
  type ListAtom,
  type MapAtom,
  deduce,
  fieldElement,
  itemElement,
  memberType,
} from './atom.ts';
import { FieldSet, showElement, showPath } from './fieldset.ts';

/** Does the value fit its type? Returns what is wrong, as `.spec.foo: field not declared in schema`. */
export function validateTyped(type: AtomRef, value: Json, allowDuplicates: boolean): string[] {
  const faults: string[] = [];
  validate(type, value, [], allowDuplicates, faults);
  return faults;
}

function validate(type: AtomRef, value: Json, path: string[], duplicates: boolean, faults: string[]): void {
  const atom = deduce(type.atom, value);
  const say = (text: string): void => void faults.push(`${showPath(path)}: ${text}`);
  if (value === null) return;
  if (atom.map) {
    if (!isObject(value)) {
      say(`expected map, got ${shown(value)}`);
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      const inner = memberType(atom.map, key);
      const below = [...path, fieldElement(key)];
      if (!inner) faults.push(`${showPath(below)}: field not declared in schema`);
      else if (member !== undefined) validate(inner, member, below, duplicates, faults);
    }
  } else if (atom.scalar) {
    const fault = scalarFault(atom.scalar, value);
    if (fault) say(fault);
  } else if (atom.list) {
    if (!Array.isArray(value)) {
      say(`expected list, got ${shown(value)}`);
      return;
    }
    validateItems(atom.list, value, path, duplicates, faults);
  }
}

function validateItems(list: ListAtom, items: Json[], path: string[], duplicates: boolean, faults: string[]): void {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    let element = `i:${index}`;
    if (list.associative) {
      const found = itemElement(list, item);
      if ('fault' in found) return void faults.push(`${showPath(path)}: element ${index}: ${found.fault}`);
      element = found.element;
      if (seen.has(element) && !duplicates) {
        faults.push(`${showPath(path)}: duplicate entries for key ${showElement(element)}`);
      }
      seen.add(element);
    }
    validate(list.items, item, [...path, element], duplicates, faults);
  }
}

function scalarFault(scalar: NonNullable<Atom['scalar']>, value: Json): string | undefined {
  switch (scalar) {
    case 'numeric':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'string':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${shown(value)}}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${shown(value)}}`;
    case 'untyped':
      return typeof value === 'object' ? `expected any scalar, got ${shown(value)}` : undefined;
  }
}

function goType(value: Json): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The fields that a configuration names, which is what its applier comes to own. */
export function toFieldSet(type: AtomRef, value: Json): FieldSet {
  const set = new FieldSet();
  collect(type, value, [], set);
  return set;
}

function collect(type: AtomRef, value: Json, path: string[], set: FieldSet): void {
  const atom = deduce(type.atom, value);
  if (atom.map) {
    if (atom.map.atomic) set.insert(path);
    else if (isObject(value)) collectMembers(atom.map, value, path, set);
  } else if (atom.scalar) {
    set.insert(path);
  } else if (atom.list) {
    if (!atom.list.associative) set.insert(path);
    else if (Array.isArray(value)) collectItems(atom.list, value, path, set);
  }
}

function collectMembers(map: MapAtom, value: JsonObject, path: string[], set: FieldSet): void {
  for (const [key, member] of Object.entries(value)) {
    const inner = memberType(map, key);
    if (!inner || member === undefined) continue;
    const below = [...path, fieldElement(key)];
    collect(inner, member, below, set);
    const isEmptyMap = isObject(member) && Object.keys(member).length === 0;
    if (member === null || isEmptyMap || !map.fields.has(key)) set.insert(below);
  }
}

function collectItems(list: ListAtom, items: Json[], path: string[], set: FieldSet): void {
  for (const [element, [item, ...more]] of byElement(list, items)) {
    const below = [...path, element];
    if (more.length === 0 && item !== undefined) collect(list.items, item, below, set);
    set.insert(below);
  }
}

/** Items by what identifies them; several where a list has duplicates. */
export function byElement(list: ListAtom, items: readonly Json[]): Map<string, Json[]> {
  const found = new Map<string, Json[]>();
  for (const item of items) {
    const key = itemElement(list, item);
    if ('fault' in key) continue;
    const same = found.get(key.element);
    if (same) same.push(item);
    else found.set(key.element, [item]);
  }
  return found;
}

export interface Comparison {
  added: FieldSet;
  modified: FieldSet;
  removed: FieldSet;
}

/** Which fields differ between two values of a type. */
export function compare(type: AtomRef, before: Json | undefined, after: Json | undefined): Comparison {
  const result = { added: new FieldSet(), modified: new FieldSet(), removed: new FieldSet() };
  new Comparer(result).compare(type, before, after, []);
  return result;
}

class Comparer {
  readonly #out: Comparison;

  constructor(out: Comparison) {
    this.#out = out;
  }

  compare(type: AtomRef, before: Json | undefined, after: Json | undefined, path: string[]): void {
    const left = deduce(type.atom, before);
    const right = deduce(type.atom, after);
    const leaf = this.#atom(after === undefined ? left : right, before, after, path);
    if (leaf) return;
    if (before === undefined) this.#out.added.insert(path);
    else if (after === undefined) this.#out.removed.insert(path);
  }

  /** Returns whether the value was one leaf. */
  #atom(atom: Atom, before: Json | undefined, after: Json | undefined, path: string[]): boolean {
    if (atom.map) {
      const left = isObject(before) ? before : {};
      const right = isObject(after) ? after : {};
      if (atom.map.atomic || (isEmpty(left) && isEmpty(right))) return this.#leaf(before, after, path);
      for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
        const inner = memberType(atom.map, key);
        if (!inner || (left[key] === undefined && right[key] === undefined)) continue;
        this.compare(inner, left[key], right[key], [...path, fieldElement(key)]);
      }
      return false;
    }
    if (atom.scalar) return this.#leaf(before, after, path);
    const list = atom.list;
    const left = Array.isArray(before) ? before : [];
    const right = Array.isArray(after) ? after : [];
    if (!list?.associative || (left.length === 0 && right.length === 0)) return this.#leaf(before, after, path);
    this.#items(list, byElement(list, left), byElement(list, right), path);
    return false;
  }

  #items(list: ListAtom, left: Map<string, Json[]>, right: Map<string, Json[]>, path: string[]): void {
    for (const element of new Set([...left.keys(), ...right.keys()])) {
      const before = left.get(element) ?? [];
      const after = right.get(element) ?? [];
      const below = [...path, element];
      if (before.length <= 1 && after.length <= 1) this.compare(list.items, before[0], after[0], below);
      else if (before.length >= 2 && after.length >= 2) {
        if (!equal(before, after)) this.#out.modified.insert(below);
      } else if (before.length >= 2) {
        if (after[0] !== undefined) this.compare(list.items, undefined, after[0], below);
        this.#out.removed.insert(below);
      } else {
        if (before[0] !== undefined) this.compare(list.items, before[0], undefined, below);
        this.#out.added.insert(below);
      }
    }
  }

  #leaf(before: Json | undefined, after: Json | undefined, path: string[]): true {
    if (before === undefined) this.#out.added.insert(path);
    else if (after === undefined) this.#out.removed.insert(path);
    else if (!equal(before, after)) this.#out.modified.insert(path);
    return true;
  }
}

function isEmpty(value: JsonObject): boolean {
  return Object.values(value).every((member) => member === undefined);
}

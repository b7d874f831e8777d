import { type Json, type JsonObject, isObject } from '../json.ts';
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
import { FieldSet } from './fieldset.ts';
import { byElement } from './typed.ts';

/** `live` with everything in it that `config` names. */
export function merge(type: AtomRef, live: Json | undefined, config: Json | undefined): Json | undefined {
  const left = deduce(type.atom, live);
  const right = deduce(type.atom, config);
  return mergeAtom(config === undefined ? left : right, live, config);
}

function mergeAtom(atom: Atom, live: Json | undefined, config: Json | undefined): Json | undefined {
  const leaf = config === undefined ? live : config;
  if (atom.map) {
    const left = isObject(live) ? live : {};
    const right = isObject(config) ? config : {};
    const bothEmpty = Object.keys(left).length === 0 && Object.keys(right).length === 0;
    return atom.map.atomic || bothEmpty ? leaf : mergeMembers(atom.map, left, right);
  }
  if (atom.scalar || !atom.list?.associative) return leaf;
  const left = Array.isArray(live) ? live : [];
  const right = Array.isArray(config) ? config : [];
  if (left.length === 0 && right.length === 0) return leaf;
  const items = mergeItems(atom.list, left, right);
  return items.length > 0 ? items : undefined;
}

function mergeMembers(map: MapAtom, live: JsonObject, config: JsonObject): JsonObject | undefined {
  const out: JsonObject = {};
  for (const key of new Set([...Object.keys(live), ...Object.keys(config)])) {
    const inner = memberType(map, key);
    const value = inner ? merge(inner, live[key], config[key]) : undefined;
    if (value !== undefined) out[key] = value;
  }
  return Object.keys(out).length > 0 ? out : undefined;
}

/** Items of both, in an order that keeps that of the configuration and, as far as it can, that of the live list. */
function mergeItems(list: ListAtom, live: Json[], config: Json[]): Json[] {
  const left = live.map((item) => elementOf(list, item));
  const right = config.map((item) => elementOf(list, item));
  const liveBy = byElement(list, live);
  const configBy = byElement(list, config);
  const shared = right.filter((element) => liveBy.has(element));
  const merged = new Set<string>();
  const out: Json[] = [];
  const take = (element: string): void => {
    merged.add(element);
    const mine = liveBy.get(element);
    // Duplicates in the live list are replaced, not merged.
    const value = merge(list.items, mine?.length === 1 ? mine[0] : undefined, configBy.get(element)?.[0]);
    if (value !== undefined) out.push(value);
    if (shared[0] === element) shared.shift();
  };
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    const mine = left[l];
    const theirs = right[r];
    if (mine !== undefined && theirs !== undefined) {
      if (mine === theirs) {
        take(mine);
        l++;
        r++;
        continue;
      }
      if (configBy.has(mine) && shared[0] !== undefined && shared[0] !== mine) {
        l++;
        continue;
      }
    }
    if (mine !== undefined) {
      if (!configBy.has(mine)) {
        const item = live[l];
        if (item !== undefined) out.push(item);
        l++;
        continue;
      }
      if (merged.has(mine)) l++;
    }
    if (theirs !== undefined) {
      take(theirs);
      r++;
    }
  }
  return out;
}

function elementOf(list: ListAtom, item: Json): string {
  const found = itemElement(list, item);
  return 'element' in found ? found.element : '';
}

/** The value without the fields of a set. Atomic maps and lists below it are taken away as wholes, by their parents. */
export function removeFields(type: AtomRef, value: Json, fields: FieldSet): Json | undefined {
  const atom = deduce(type.atom, value);
  if (atom.map) {
    if (!isObject(value) || Object.keys(value).length === 0 || atom.map.atomic) return undefined;
    const out: JsonObject = {};
    for (const [key, member] of Object.entries(value)) {
      const element = fieldElement(key);
      if (fields.has(element) || member === undefined) continue;
      const below = fields.below(element);
      const inner = memberType(atom.map, key);
      const kept = below.empty || !inner ? member : removeFields(inner, member, below);
      out[key] = kept ?? null;
    }
    return Object.keys(out).length > 0 ? out : undefined;
  }
  if (atom.scalar) return value;
  if (!Array.isArray(value) || value.length === 0 || !atom.list?.associative) return undefined;
  const list = atom.list;
  const kept = value.flatMap((item) => {
    const element = elementOf(list, item);
    if (fields.has(element)) return [];
    const below = fields.below(element);
    return [below.empty ? item : (removeFields(list.items, item, below) ?? null)];
  });
  return kept.length > 0 ? kept : undefined;
}

/** The set with every struct field added that has members below it. */
export function withNamedParents(type: AtomRef | undefined, set: FieldSet): FieldSet {
  const out = new FieldSet();
  for (const element of set.members) out.members.add(element);
  for (const [element, child] of set.children) {
    const name = element.startsWith('f:') ? element.slice(2) : undefined;
    const map = type?.atom.map;
    if (name !== undefined && map?.fields.has(name)) out.members.add(element);
    out.children.set(element, withNamedParents(childType(type, element), child));
  }
  return out;
}

function childType(type: AtomRef | undefined, element: string): AtomRef | undefined {
  if (!type) return undefined;
  if (element.startsWith('f:')) return type.atom.map && memberType(type.atom.map, element.slice(2));
  return type.atom.list?.items;
}

import { type Json, type JsonObject, canonical, isObject } from '../json.ts';

/**
 * A set of fields as structured-merge-diff has it: a tree of path elements, each written as in managed fields
 * (`f:spec`, `k:{"name":"c"}`, `v:"x"`, `i:0`). Being a child does not make an element a member.
 */
export class FieldSet {
  readonly members = new Set<string>();
  readonly children = new Map<string, FieldSet>();

  /** Adds the field at a path; its parents are not added. */
  insert(path: readonly string[]): void {
    const last = path.at(-1);
    if (last === undefined) return;
    const parent = path.slice(0, -1).reduce<FieldSet>((set, element) => set.descend(element), this);
    parent.members.add(last);
  }

  has(element: string): boolean {
    return this.members.has(element);
  }

  /** The subtree below an element, empty where there is none. */
  below(element: string): FieldSet {
    return this.children.get(element) ?? EMPTY;
  }

  get empty(): boolean {
    return this.members.size === 0 && [...this.children.values()].every((child) => child.empty);
  }

  union(other: FieldSet): FieldSet {
    const out = new FieldSet();
    for (const element of [...this.members, ...other.members]) out.members.add(element);
    for (const [element, child] of this.children) out.#keep(element, child.union(other.below(element)));
    for (const [element, child] of other.children) if (!this.children.has(element)) out.#keep(element, child);
    return out;
  }

  intersection(other: FieldSet): FieldSet {
    const out = new FieldSet();
    for (const element of this.members) if (other.members.has(element)) out.members.add(element);
    for (const [element, child] of this.children) {
      const theirs = other.children.get(element);
      if (theirs) out.#keep(element, child.intersection(theirs));
    }
    return out;
  }

  /** Members that the other set does not have. A parent does not take its children away. */
  difference(other: FieldSet): FieldSet {
    const out = new FieldSet();
    for (const element of this.members) if (!other.members.has(element)) out.members.add(element);
    for (const [element, child] of this.children) {
      const theirs = other.children.get(element);
      out.#keep(element, theirs ? child.difference(theirs) : child);
    }
    return out;
  }

  /** As {@link difference}, but a parent in the other set takes its children along. */
  recursiveDifference(other: FieldSet): FieldSet {
    const out = new FieldSet();
    for (const element of this.members) if (!other.members.has(element)) out.members.add(element);
    for (const [element, child] of this.children) {
      if (other.members.has(element)) continue;
      const theirs = other.children.get(element);
      out.#keep(element, theirs ? child.recursiveDifference(theirs) : child);
    }
    return out;
  }

  /** Paths of all members, parents first, in the order in which they are written. */
  *paths(prefix: readonly string[] = []): Generator<string[]> {
    for (const element of sorted([...this.members, ...this.children.keys()])) {
      if (this.members.has(element)) yield [...prefix, element];
      const child = this.children.get(element);
      if (child) yield* child.paths([...prefix, element]);
    }
  }

  /** `fieldsV1` of a managed-fields entry. */
  toJson(): JsonObject {
    const out: JsonObject = {};
    for (const element of sorted([...this.members, ...this.children.keys()])) {
      const child = this.children.get(element);
      const inner = child && !child.empty ? child.toJson() : {};
      const isParentAndMember = this.members.has(element) && Object.keys(inner).length > 0;
      out[element] = isParentAndMember ? { '.': {}, ...inner } : inner;
    }
    return out;
  }

  static fromJson(json: JsonObject): FieldSet {
    const set = new FieldSet();
    for (const [element, value] of Object.entries(json)) {
      if (element === '.' || !isObject(value)) continue;
      const names = Object.keys(value);
      if (names.length === 0 || names.includes('.')) set.members.add(element);
      if (names.some((name) => name !== '.')) set.children.set(element, FieldSet.fromJson(value));
    }
    return set;
  }

  descend(element: string): FieldSet {
    let child = this.children.get(element);
    if (!child) this.children.set(element, (child = new FieldSet()));
    return child;
  }

  #keep(element: string, child: FieldSet): void {
    if (!child.empty) this.children.set(element, child);
  }
}

const EMPTY = new FieldSet();

export const fieldElement = (name: string): string => `f:${name}`;
export const keyElement = (keys: JsonObject): string => `k:${canonical(keys)}`;
export const valueElement = (value: Json): string => `v:${JSON.stringify(value)}`;

/** A path as messages show it: `.spec.template.spec.containers[name="c"].image`. */
export function showPath(path: readonly string[]): string {
  return path.map(showElement).join('');
}

export function showElement(element: string): string {
  const text = element.slice(2);
  switch (element[0]) {
    case 'k': {
      const keys = Object.entries(JSON.parse(text) as JsonObject);
      return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
    }
    case 'v':
      return `[=${text}]`;
    case 'i':
      return `[${text}]`;
    default:
      return `.${text}`;
  }
}

/** Fields before keys, keys before values, values before indexes; each by its text. */
function sorted(elements: readonly string[]): string[] {
  const rank = (element: string): number => 'fkvi'.indexOf(element[0] ?? 'f');
  return [...new Set(elements)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

import type { Json, JsonObject } from '../json.ts';
import type { AtomRef } from './atom.ts';
import { FieldSet } from './fieldset.ts';
import { merge, removeFields, withNamedParents } from './merge.ts';
import { compare, toFieldSet } from './typed.ts';

/** The fields of one manager. */
export interface Owned {
  fields: FieldSet;
  applied: boolean;
}

/** Managers by their identifier. */
export type Managers = Map<string, Owned>;

/** Fields that others hold and an apply would change. */
export interface Conflict {
  manager: string;
  paths: string[][];
}

export class ApplyConflict extends Error {
  readonly conflicts: Conflict[];

  constructor(conflicts: Conflict[]) {
    super('apply conflict');
    this.conflicts = conflicts;
  }
}

/**
 * Who owns what after a write that is no apply: the writer owns what it added or changed, others lose what was changed
 * or removed. `ignored` are fields that this endpoint does not write. After merge.Updater of structured-merge-diff.
 */
export function updateOwners(
  type: AtomRef,
  live: Json | undefined,
  written: Json,
  managers: Managers,
  writer: string,
  ignored: FieldSet,
): Managers {
  const { after, comparison } = settle(type, live, written, managers, writer, ignored, true);
  const mine = after.get(writer)?.fields ?? new FieldSet();
  const fields = mine
    .difference(comparison.removed)
    .union(comparison.modified)
    .union(comparison.added)
    .recursiveDifference(ignored);
  after.delete(writer);
  if (!fields.empty) after.set(writer, { fields, applied: false });
  return after;
}

/**
 * The object and its owners after an apply of `config`.
 * @throws ApplyConflict where another manager holds a field that would change, unless `force`.
 */
export function applyConfig(
  type: AtomRef,
  live: JsonObject,
  config: JsonObject,
  managers: Managers,
  applier: string,
  force: boolean,
  ignored: FieldSet,
): { object: Json | undefined; managers: Managers } {
  const merged = merge(type, live, config);
  const before = managers.get(applier);
  const fields = toFieldSet(type, config).recursiveDifference(ignored);
  const claimed = new Map(managers).set(applier, { fields, applied: true });
  const object = before && !before.fields.empty ? prune(type, merged, claimed, before.fields) : merged;
  return { object, managers: settle(type, live, object ?? null, claimed, applier, ignored, force).after };
}

/** Takes what changed away from all managers but the writer; without `force` that is a conflict. */
function settle(
  type: AtomRef,
  live: Json | undefined,
  written: Json,
  managers: Managers,
  writer: string,
  ignored: FieldSet,
  force: boolean,
) {
  const all = compare(type, live, written);
  const comparison = {
    added: all.added.recursiveDifference(ignored),
    modified: all.modified.recursiveDifference(ignored),
    removed: all.removed.recursiveDifference(ignored),
  };
  const changed = comparison.modified.union(comparison.added);
  const conflicts: Conflict[] = [];
  const after: Managers = new Map();
  for (const [manager, owned] of managers) {
    if (manager === writer) {
      after.set(manager, owned);
      continue;
    }
    const taken = owned.fields.intersection(changed);
    if (!taken.empty) conflicts.push({ manager, paths: [...taken.paths()] });
    const fields = owned.fields.difference(taken).difference(comparison.removed);
    if (!fields.empty) after.set(manager, { fields, applied: owned.applied });
  }
  if (!force && conflicts.length > 0) throw new ApplyConflict(conflicts);
  const own = after.get(writer);
  if (own?.fields.empty) after.delete(writer);
  return { after, comparison };
}

/** Removes what the applier named the last time and does not name now, unless somebody else holds it. */
function prune(type: AtomRef, merged: Json | undefined, managers: Managers, last: FieldSet): Json | undefined {
  if (merged === undefined) return undefined;
  const named = (set: FieldSet): FieldSet => withNamedParents(type, set);
  const fieldsOf = (value: Json | undefined): FieldSet =>
    value === undefined ? new FieldSet() : named(toFieldSet(type, value));
  const removed = removeFields(type, merged, named(last));
  let held = new FieldSet();
  for (const { fields } of managers.values()) held = held.union(fields);
  const keep = fieldsOf(removed).union(named(held));
  const pruned = removeFields(type, merged, fieldsOf(merged).difference(keep));
  // What nobody named the last time was not the applier's to remove.
  return removeFields(type, merged, fieldsOf(merged).difference(fieldsOf(pruned)).intersection(named(last)));
}

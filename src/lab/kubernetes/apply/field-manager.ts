import { type Json, type JsonObject, clone, equal, without } from '../json.ts';
import { type KubeObject, type ManagedFieldsEntry, asJson, asObject, timestamp } from '../objects.ts';
import { badRequest, internal } from '../status.ts';
import type { AtomRef } from './atom.ts';
import type { FieldSet } from './fieldset.ts';
import {
  type Managed,
  UNMANAGED,
  capUpdaters,
  conflictError,
  decodeManaged,
  encodeManaged,
  isReset,
  managerId,
} from './managers.ts';
import { validateTyped } from './typed.ts';
import { ApplyConflict, applyConfig, updateOwners } from './updater.ts';

/** How the owners of one kind's fields are kept, for the object itself or for one subresource of it. */
export interface FieldManagerOptions {
  type: AtomRef;
  apiVersion: string;
  kind: string;
  subresource?: string | undefined;
  /** Fields that a write to this endpoint does not change, and therefore does not own. */
  ignored: FieldSet;
  /** What a new object is compared with: an object of this kind with nothing set. */
  empty: JsonObject;
}

const SELF = 'current-operation';

/** Keeps `metadata.managedFields`, as the chain of managers in apimachinery's pkg/util/managedfields does. */
export class FieldManager {
  readonly #options: FieldManagerOptions;

  constructor(options: FieldManagerOptions) {
    this.#options = options;
  }

  /** `written` with its owners after a create, update or patch by `manager`. */
  update(live: KubeObject | undefined, written: KubeObject, manager: string): KubeObject {
    const given = written.metadata.managedFields;
    // Clients may reset the owners, or edit them; a client that knows nothing of them keeps them.
    const usesLive = this.#options.subresource !== undefined || (given?.length ?? 0) === 0;
    const isForgotten = isReset(given) && this.#options.subresource === undefined && live !== undefined;
    const managed = decodeManaged(isForgotten ? [] : usesLive ? live?.metadata.managedFields : given);
    if (live && managed.managers.size === 0) return withManaged(written, []);
    const id = this.#id(manager, 'Update');
    this.#track(managed, id, live ? bare(live) : this.#options.empty, bare(written));
    capUpdaters(managed);
    return withManaged(written, encodeManaged(managed, this.#options.apiVersion));
  }

  /**
   * `live` (undefined where there is nothing yet) with `config` applied.
   * @throws ApiError 409 that names managers and fields, or 500 where `config` does not fit the kind.
   */
  apply(live: KubeObject | undefined, config: JsonObject, manager: string, force: boolean): KubeObject {
    const { type, apiVersion, kind, ignored } = this.#options;
    const meta = asObject(config).metadata;
    if (meta.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
    const faults = validateTyped(type, config, false);
    if (faults.length > 0) {
      const list =
        faults.length === 1 ? (faults[0] ?? '') : `errors:\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
      const what = `${meta.namespace ?? ''}/${meta.name}; ${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
      throw internal(`failed to create typed patch object (${what}): ${list}`);
    }
    const base = live ? bare(live) : this.#options.empty;
    const managed = decodeManaged(live?.metadata.managedFields);
    if (live && managed.managers.size === 0) {
      this.#track(managed, this.#id('before-first-apply', 'Update'), this.#options.empty, base);
    }
    const id = this.#id(manager, 'Apply');
    try {
      const applied = applyConfig(type, base, config, managed.managers, id, force, ignored);
      managed.managers = applied.managers;
      strip(managed, id);
      if (!equal(applied.object, base)) managed.times.set(id, timestamp());
      const object = asObject(applied.object as JsonObject);
      return withManaged(object, encodeManaged(managed, apiVersion));
    } catch (error) {
      if (error instanceof ApplyConflict) throw conflictError(error.conflicts);
      throw error;
    }
  }

  #track(managed: Managed, id: string, before: Json, after: Json): void {
    const { type, ignored } = this.#options;
    managed.managers = updateOwners(type, before, after, managed.managers, SELF, ignored);
    strip(managed, SELF);
    const mine = managed.managers.get(SELF);
    if (!mine) return;
    managed.managers.delete(SELF);
    const previous = managed.managers.get(id);
    managed.managers.set(id, previous ? { ...mine, fields: mine.fields.union(previous.fields) } : mine);
    managed.times.set(id, timestamp());
  }

  #id(manager: string, operation: 'Apply' | 'Update'): string {
    const { apiVersion, subresource } = this.#options;
    return managerId({ manager: manager || 'unknown', operation, apiVersion, ...(subresource && { subresource }) });
  }
}

function strip(managed: Managed, id: string): void {
  const owned = managed.managers.get(id);
  if (!owned) return;
  const fields = owned.fields.difference(UNMANAGED);
  if (fields.empty) managed.managers.delete(id);
  else managed.managers.set(id, { ...owned, fields });
}

/** The object without its managed fields. */
function bare(object: KubeObject): JsonObject {
  return { ...asJson(object), metadata: without(object.metadata, 'managedFields') as unknown as JsonObject };
}

function withManaged(object: KubeObject, entries: ManagedFieldsEntry[]): KubeObject {
  const metadata = without(object.metadata, 'managedFields');
  return { ...object, metadata: { ...metadata, ...(entries.length > 0 && { managedFields: entries }) } };
}

/** Are both objects the same but for the times in their managed fields? Such a write is not kept. */
export function equalButForTimes(a: KubeObject, b: KubeObject): boolean {
  return equal(withoutTimes(a), withoutTimes(b));
}

function withoutTimes(object: KubeObject): JsonObject {
  const copy = clone(object);
  for (const entry of copy.metadata.managedFields ?? []) delete entry.time;
  return asJson(copy);
}

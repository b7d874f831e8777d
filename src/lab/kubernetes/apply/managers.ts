import { isObject, type JsonObject } from '../json.ts';
import { type ManagedFieldsEntry, timestamp } from '../objects.ts';
import { ApiError, type Cause } from '../status.ts';
import { FieldSet, showPath } from './fieldset.ts';
import type { Conflict, Managers } from './updater.ts';

/** How many managers may be kept that wrote without apply; older ones are merged into one. */
const MAX_UPDATERS = 10;

/** Managed fields in memory: owners, and when each wrote last. */
export interface Managed {
  managers: Managers;
  times: Map<string, string>;
}

/** What tells managers apart, as in apimachinery: an applier is the same whatever version it writes. */
export function managerId(entry: Omit<ManagedFieldsEntry, 'time' | 'fieldsV1' | 'fieldsType'>): string {
  const { manager, operation, apiVersion, subresource } = entry;
  return JSON.stringify({
    manager,
    operation,
    ...(operation === 'Update' && { apiVersion }),
    ...(subresource && { subresource }),
  });
}

export function decodeManaged(entries: readonly ManagedFieldsEntry[] | undefined): Managed {
  const managed: Managed = { managers: new Map(), times: new Map() };
  for (const entry of entries ?? []) {
    const id = managerId(entry);
    const fields = FieldSet.fromJson(isObject(entry.fieldsV1) ? entry.fieldsV1 : {});
    managed.managers.set(id, { fields, applied: entry.operation === 'Apply' });
    if (entry.time !== undefined) managed.times.set(id, entry.time);
  }
  return managed;
}

/** Entries in the order in which the server writes them: appliers first, then by time and name. */
export function encodeManaged({ managers, times }: Managed, apiVersion: string): ManagedFieldsEntry[] {
  const entries = [...managers].map(([id, { fields }]): ManagedFieldsEntry => {
    const { manager, operation, subresource, ...rest } = JSON.parse(id) as ManagedFieldsEntry;
    const time = times.get(id);
    return {
      ...(manager && { manager }),
      ...(operation && { operation }),
      apiVersion: rest.apiVersion ?? apiVersion,
      ...(time && { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: fields.toJson(),
      ...(subresource && { subresource }),
    };
  });
  const key = (entry: ManagedFieldsEntry): string =>
    [entry.operation, entry.time ?? '', entry.manager, entry.apiVersion, entry.subresource ?? ''].join('\0');
  return entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Merges the oldest updaters into `ancient-changes`, so that their number stays bounded. */
export function capUpdaters({ managers, times }: Managed): void {
  const updaters = [...managers.keys()]
    .filter((id) => managers.get(id)?.applied === false)
    .sort((a, b) => ((times.get(a) ?? '') + a < (times.get(b) ?? '') + b ? -1 : 1));
  let excess = updaters.length - MAX_UPDATERS;
  const firstOf = new Map<string, string>();
  for (const id of updaters) {
    if (excess <= 0) return;
    const apiVersion = (JSON.parse(id) as ManagedFieldsEntry).apiVersion ?? '';
    const owned = managers.get(id);
    const first = firstOf.get(apiVersion);
    if (first === undefined || !owned) {
      firstOf.set(apiVersion, id);
      continue;
    }
    const bucket = managerId({ manager: 'ancient-changes', operation: 'Update', apiVersion });
    const before = managers.get(bucket) ?? managers.get(first);
    if (!managers.has(bucket)) managers.delete(first);
    managers.set(bucket, { fields: owned.fields.union(before?.fields ?? new FieldSet()), applied: false });
    times.set(bucket, times.get(id) ?? timestamp());
    managers.delete(id);
    excess--;
  }
}

/** The 409 of an apply that would change what others hold. */
export function conflictError(conflicts: readonly Conflict[]): ApiError {
  const byManager = [...conflicts].sort((a, b) => (a.manager < b.manager ? -1 : 1));
  const causes = byManager.flatMap(({ manager, paths }) =>
    paths.map((path): Cause => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${showManager(manager)}`,
      field: showPath(path),
    })),
  );
  const [only] = causes;
  const message =
    causes.length === 1 && only
      ? `Apply failed with 1 conflict: ${only.message}: ${only.field}`
      : `Apply failed with ${causes.length} conflicts: ${byManager
          .map(({ manager, paths }) =>
            [`conflicts with ${showManager(manager)}:`, ...paths.map((path) => `- ${showPath(path)}`)].join('\n'),
          )
          .join('\n')}`;
  return new ApiError(409, 'Conflict', message, { causes });
}

/** `"kubectl"`, and for one that wrote without apply `"kubectl-edit" using apps/v1`. */
function showManager(id: string): string {
  const { manager = '', operation, apiVersion = '', subresource } = JSON.parse(id) as ManagedFieldsEntry;
  const name = `${JSON.stringify(manager)}${subresource ? ` with subresource ${JSON.stringify(subresource)}` : ''}`;
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}

/** Fields that are nobody's: identity and bookkeeping. */
export const UNMANAGED = ((): FieldSet => {
  const set = new FieldSet();
  for (const path of [
    ['f:apiVersion'],
    ['f:kind'],
    ['f:metadata'],
    ...[
      'name',
      'namespace',
      'creationTimestamp',
      'selfLink',
      'uid',
      'clusterName',
      'generation',
      'managedFields',
      'resourceVersion',
    ].map((name) => ['f:metadata', `f:${name}`]),
  ]) {
    set.insert(path);
  }
  return set;
})();

/** Does the list ask to forget all owners (`managedFields: [{}]` or an empty list)? */
export function isReset(entries: unknown): boolean {
  if (!Array.isArray(entries)) return false;
  const [first] = entries as JsonObject[];
  return first === undefined || (entries.length === 1 && Object.keys(first).length === 0);
}

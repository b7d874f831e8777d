import type { KubeObject } from './types.ts';

/**
 * Paths that a manager owns, as `metadata.managedFields[].fieldsV1` has them: `f:name` for a field, `k:{...}` for the
 * item of a list with these keys, `v:...` for a member of a set, `.` for the node itself. A node without children is
 * owned whole. https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export interface OwnedFields {
  [step: string]: OwnedFields;
}

/** What this manager has applied, all versions together; undefined where it never applied this object. */
export function appliedBy(manager: string, live: KubeObject): OwnedFields | undefined {
  return merge(entries(live, (entry) => entry.manager === manager && entry.operation === 'Apply'));
}

/** What others hold: other managers, and this one's updates outside of apply. */
export function heldByOthers(manager: string, live: KubeObject): OwnedFields {
  return merge(entries(live, (entry) => entry.manager !== manager || entry.operation !== 'Apply')) ?? {};
}

/** The step of a `k:` or `v:` node, decoded: the keys of an item, or the value of a member. */
export function stepValue(step: string): unknown {
  return JSON.parse(step.slice(2)) as unknown;
}

/** Is this item of a list the one that `k:` keys name? Keys that the item leaves out have the server's defaults. */
export function matchesKeys(item: unknown, keys: Record<string, unknown>): boolean {
  if (typeof item !== 'object' || item === null) return false;
  const fields = item as Record<string, unknown>;
  return Object.entries(keys).every(([key, value]) => fields[key] === undefined || fields[key] === value);
}

/** Does a node own its whole value, so that the value is compared as one? */
export function isWhole(node: OwnedFields | undefined): boolean {
  return node !== undefined && Object.keys(node).length === 0;
}

/**
 * The part of a live object that a manager applied, as the manifest that it could apply again. Sets come out whole.
 * (client-go calls this Extract.)
 */
export function extractApplied(manager: string, live: KubeObject): KubeObject {
  const node = appliedBy(manager, live) ?? {};
  const { apiVersion, kind, metadata } = live;
  const fields = extract(live, node) as Partial<KubeObject>;
  const name = { name: metadata.name, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) };
  return { ...fields, apiVersion, kind, metadata: { ...fields.metadata, ...name } };
}

function extract(value: unknown, node: OwnedFields): unknown {
  if (isWhole(node) || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const keyed = Object.entries(node).filter(([step]) => step.startsWith('k:'));
    if (keyed.length === 0) return value;
    return keyed.flatMap(([step, child]) => {
      const item: unknown = value.find((one) => matchesKeys(one, stepValue(step) as Record<string, unknown>));
      return item === undefined ? [] : [extract(item, child)];
    });
  }
  const out: Record<string, unknown> = {};
  for (const [step, child] of Object.entries(node)) {
    const inner = (value as Record<string, unknown>)[step.slice(2)];
    if (step.startsWith('f:') && inner !== undefined) out[step.slice(2)] = extract(inner, child);
  }
  return out;
}

type Entry = NonNullable<KubeObject['metadata']['managedFields']>[number];

function entries(live: KubeObject, wanted: (entry: Entry) => boolean): OwnedFields[] {
  return (live.metadata.managedFields ?? [])
    .filter((entry) => entry.subresource === undefined && wanted(entry))
    .map((entry) => (entry.fieldsV1 ?? {}) as OwnedFields);
}

function merge(trees: OwnedFields[]): OwnedFields | undefined {
  if (trees.length < 2) return trees[0];
  const out: OwnedFields = {};
  for (const tree of trees) {
    for (const [step, node] of Object.entries(tree)) out[step] = merge([out[step] ?? node, node]) ?? {};
  }
  return out;
}

import { REDACTED } from '../core/redaction.ts';
import { appliedBy, heldByOthers, isWhole, matchesKeys, type OwnedFields, stepValue } from './owned-fields.ts';
import { equalScalars, fieldPath, isEmpty, itemPath, keysOf, SERVER_DEFAULTS } from './schema.ts';
import type { KubeObject } from './types.ts';

type Fields = Record<string, unknown>;

/** One field that differs: `spec.template.spec.containers[name=driver].image`. */
export interface FieldDifference {
  path: string;
  /** Absent where the live object has no such field. */
  before?: unknown;
  /** Absent where the field goes away. */
  after?: unknown;
}

/**
 * What applying `desired` would change in `live`, found without asking the server: fields that differ, and fields
 * that this manager applied once and no longer wants. Fields that the server or others have added are left out. Where
 * the lists and maps end that are compared whole, the server has said in managedFields; for objects that were never
 * applied by this manager, the names of the fields say it.
 *
 * Values of Secrets are never in the answer, only that they changed.
 */
export function drift(manager: string, desired: KubeObject, live: KubeObject): FieldDifference[] {
  const owned = appliedBy(manager, live);
  const comparison = new Comparison(desired.kind === 'CustomResourceDefinition');
  comparison.fields(keptPart(desired), live, '', owned);
  if (owned) new Removals(comparison.changes).fields(keptPart(desired), live, '', owned, heldByOthers(manager, live));
  return desired.kind === 'Secret' ? comparison.changes.map(redactSecret) : comparison.changes;
}

/** The parts of a manifest that are kept: no status, and of the metadata no more than what may be set. */
function keptPart({ apiVersion: _apiVersion, kind: _kind, status: _status, metadata, ...rest }: KubeObject): Fields {
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  return { ...rest, metadata: { labels, annotations, finalizers, ownerReferences } };
}

/** Walks the desired fields beside the live ones. */
class Comparison {
  readonly changes: FieldDifference[] = [];
  /** CRDs hold schemas, in which the server fills in more than can be listed here. */
  readonly #lenient: boolean;

  constructor(lenient: boolean) {
    this.#lenient = lenient;
  }

  fields(desired: Fields, live: Fields, path: string, owned: OwnedFields | undefined, whole = false): void {
    for (const [name, value] of Object.entries(desired)) {
      this.#value(name, value, live[name], fieldPath(path, name), owned?.[`f:${name}`], whole);
    }
    if (!whole || this.#lenient) return;
    for (const [name, value] of Object.entries(live)) {
      if (desired[name] === undefined && !isEmpty(value) && SERVER_DEFAULTS[name] !== value) {
        this.changes.push({ path: fieldPath(path, name), before: value });
      }
    }
  }

  #value(
    name: string,
    desired: unknown,
    live: unknown,
    path: string,
    owned: OwnedFields | undefined,
    inWhole: boolean,
  ) {
    if (desired === undefined || desired === null || (live === undefined && isEmpty(desired))) return;
    if (Array.isArray(desired) && Array.isArray(live)) {
      this.#list(name, desired, live, path, owned, inWhole);
    } else if (isMap(desired) && isMap(live)) {
      this.fields(desired, live, path, owned, inWhole || isWhole(owned));
    } else if (!equalScalars(path, desired, live)) {
      this.changes.push({ path, ...(live === undefined ? {} : { before: live }), after: desired });
    }
  }

  #list(
    name: string,
    desired: unknown[],
    live: unknown[],
    path: string,
    owned: OwnedFields | undefined,
    inWhole: boolean,
  ) {
    const keys = inWhole || isWhole(owned) ? undefined : keysOf(name, desired, owned);
    if (keys === 'set') {
      const missing = desired.filter((one) => !live.includes(one));
      if (missing.length > 0) this.changes.push({ path, before: live, after: [...live, ...missing] });
      return;
    }
    if (keys === undefined) {
      this.#atomicList(name, desired, live, path);
      return;
    }
    for (const item of desired as Fields[]) {
      const wanted = Object.fromEntries(keys.map((key) => [key, item[key] ?? SERVER_DEFAULTS[key]]));
      const found = live.find(
        (one) => isMap(one) && keys.every((key) => (one[key] ?? SERVER_DEFAULTS[key]) === wanted[key]),
      );
      const at = itemPath(path, keys, item);
      const step = Object.keys(owned ?? {}).find(
        (one) => one.startsWith('k:') && matchesKeys(item, stepValue(one) as Fields),
      );
      if (isMap(found)) this.fields(item, found, at, step === undefined ? undefined : owned?.[step]);
      else this.changes.push({ path: at, after: item });
    }
  }

  #atomicList(name: string, desired: unknown[], live: unknown[], path: string): void {
    if (desired.length !== live.length) {
      this.changes.push({ path, before: live, after: desired });
      return;
    }
    desired.forEach((item, index) => {
      const at = `${path}[${index}]`;
      if (isMap(item) && isMap(live[index])) this.fields(item, live[index], at, undefined, true);
      else this.#value(name, item, live[index], at, undefined, true);
    });
  }
}

/** Walks what this manager owns, and finds what is no longer desired. */
class Removals {
  readonly #changes: FieldDifference[];

  constructor(changes: FieldDifference[]) {
    this.#changes = changes;
  }

  fields(desired: unknown, live: unknown, path: string, owned: OwnedFields, others: OwnedFields): void {
    for (const [step, node] of Object.entries(owned)) {
      if (step.startsWith('f:')) this.#field(step.slice(2), desired, live, path, node, others[step]);
      else if (step.startsWith('k:')) this.#item(step, desired, live, path, node, others[step] ?? {});
      else if (step.startsWith('v:')) this.#member(stepValue(step), desired, live, path, others[step] !== undefined);
    }
  }

  #field(name: string, desired: unknown, live: unknown, path: string, node: OwnedFields, others?: OwnedFields): void {
    const before = isMap(live) ? live[name] : undefined;
    if (before === undefined) return;
    const after = isMap(desired) ? desired[name] : undefined;
    const at = fieldPath(path, name);
    if (!isWhole(node)) this.fields(after ?? undefined, before, at, node, others ?? {});
    // What another manager holds as well stays when this one lets go: there is nothing to do.
    else if ((after === undefined || after === null) && !others) this.#changes.push({ path: at, before });
  }

  #item(step: string, desired: unknown, live: unknown, path: string, node: OwnedFields, others: OwnedFields): void {
    const keys = stepValue(step) as Fields;
    const before: unknown = Array.isArray(live) ? live.find((one) => matchesKeys(one, keys)) : undefined;
    if (before === undefined) return;
    const after: unknown = Array.isArray(desired) ? desired.find((one) => matchesKeys(one, keys)) : undefined;
    const at = itemPath(path, Object.keys(keys), keys);
    if (after !== undefined) this.fields(after, before, at, node, others);
    else if (!others['.']) this.#changes.push({ path: at, before });
  }

  #member(value: unknown, desired: unknown, live: unknown, path: string, alsoOthers: boolean): void {
    if (alsoOthers || !Array.isArray(live) || !live.includes(value)) return;
    if (!Array.isArray(desired) || !desired.includes(value)) {
      this.#changes.push({ path: itemPath(path, [], value), before: value });
    }
  }
}

function redactSecret(change: FieldDifference): FieldDifference {
  if (!/^(data|stringData)\b/.test(change.path)) return change;
  return {
    path: change.path,
    ...(change.before === undefined ? {} : { before: REDACTED }),
    ...(change.after === undefined ? {} : { after: REDACTED }),
  };
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { isDeepStrictEqual } from 'node:util';
import { couldNotRun } from '../../core/errors.ts';
import { KubeApiError } from '../../kube/errors.ts';
import type { KubeClient, KubeObject } from '../../kube/types.ts';
import type { Change, FieldChange, Planned } from '../../reconcile/change.ts';
import { refOf } from '../kube-objects.ts';
import { DEPRECATED_ANNOTATION, SNAPSHOT_CLASS } from './class.ts';
import { EDITABLE } from './user-edits.ts';

/**
 * What is done to one class. Everything is written for the class as it was read: the server refuses it where the
 * class has changed since, and then it is planned again from what is there now. So neither a person's edit nor
 * another sync is ever overwritten unseen.
 */
export type ClassOp = (
  | { do: 'nothing' }
  | { do: 'create'; object: KubeObject }
  | { do: 'patch'; live: KubeObject; patch: object }
  | { do: 'replace'; live: KubeObject; object: KubeObject }
  | { do: 'delete'; live: KubeObject }
) & {
  /** The plan for the class as it is now; undefined where it is somebody else's by now. */
  again?: ((live: KubeObject | undefined) => Planned<ClassOp> | undefined) | undefined;
};

/** Fields that the API server refuses to change in a StorageClass (Kubernetes 1.35). */
const IMMUTABLE = ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'];
const SNAPSHOT_FIELDS = ['driver', 'deletionPolicy', 'parameters'];
/** Annotations of live objects that a new one of the name does not inherit. */
const NOT_CARRIED = [DEPRECATED_ANNOTATION, 'kubectl.kubernetes.io/last-applied-configuration'];
/** So often a change is planned anew when the class moved under it. */
const ATTEMPTS = 6;

/** What becomes of one class. `live` is ours, or to be adopted. Pure. */
export function planClass(desired: KubeObject, live: KubeObject | undefined): Planned<ClassOp> {
  const base = { kind: desired.kind, name: desired.metadata.name, destructive: false };
  if (!live) return { change: { ...base, action: 'create', fields: [] }, op: { do: 'create', object: desired } };
  const { fields, patch } = difference(desired, live);
  if (fields.length === 0) return { change: { ...base, action: 'none', fields }, op: { do: 'nothing' } };
  const fixed = fields.find(({ path }) => IMMUTABLE.includes(path.split('.')[0] ?? ''));
  if (!fixed || desired.kind === SNAPSHOT_CLASS.kind) return planPatch(live, fields, patch);
  const reason = `${fixed.path} cannot be changed in place; volumes that exist are not touched and keep what they were made with`;
  return {
    change: { ...base, action: 'replace', fields, destructive: true, reason },
    op: { do: 'replace', live, object: withCarriedOver(desired, live) },
  };
}

/** An update in place, of a class as it was read. */
export function planPatch(live: KubeObject, fields: FieldChange[], patch: object): Planned<ClassOp> {
  const change: Change = { kind: live.kind, name: live.metadata.name, destructive: false, action: 'update', fields };
  return { change, op: { do: 'patch', live, patch } };
}

/** Fields that differ, and the merge patch that mends those which can be mended in place. */
function difference(desired: KubeObject, live: KubeObject): { fields: FieldChange[]; patch: object } {
  const fields: FieldChange[] = [];
  const compare = (path: string, before: unknown, after: unknown): boolean => {
    const same = isDeepStrictEqual(normal(before), normal(after));
    if (!same)
      fields.push({ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) });
    return !same;
  };
  const compareMap = (path: string, before: Fields, after: Fields, keys: readonly string[]): Fields =>
    Object.fromEntries(
      keys.flatMap((key) =>
        compare(`${path}[${key}]`, before[key], after[key]) ? [[key, after[key] ?? null] as const] : [],
      ),
    );
  const { labels = {}, annotations = {} } = desired.metadata;
  const now = live.metadata;
  const metadata = {
    labels: compareMap('metadata.labels', now.labels ?? {}, labels, Object.keys(labels)),
    annotations: compareMap('metadata.annotations', now.annotations ?? {}, annotations, [
      ...Object.keys(annotations),
      ...(annotations[DEPRECATED_ANNOTATION] === undefined ? [DEPRECATED_ANNOTATION] : []),
    ]),
  };
  const patch: Fields = { metadata };
  for (const name of desired.kind === SNAPSHOT_CLASS.kind ? SNAPSHOT_FIELDS : [...IMMUTABLE, ...EDITABLE]) {
    if (name === 'parameters') {
      const [before, after] = [live.parameters ?? {}, desired.parameters ?? {}] as [Fields, Fields];
      const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
      patch.parameters = Object.fromEntries(
        keys.flatMap((key) =>
          compare(`parameters.${key}`, before[key], after[key]) ? [[key, after[key] ?? null] as const] : [],
        ),
      );
    } else if (compare(name, live[name], desired[name])) patch[name] = desired[name] ?? null;
  }
  return { fields, patch };
}

type Fields = Record<string, unknown>;

/** The server leaves empty lists out. */
function normal(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}

/** A class that replaces another keeps what people have written on that one. */
function withCarriedOver(desired: KubeObject, { metadata }: KubeObject): KubeObject {
  const others = (all: Record<string, string> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(all).filter(([key]) => !NOT_CARRIED.includes(key)));
  return {
    ...desired,
    metadata: {
      ...desired.metadata,
      labels: { ...others(metadata.labels), ...desired.metadata.labels },
      annotations: { ...others(metadata.annotations), ...desired.metadata.annotations },
    },
  };
}

/**
 * Does what was planned; where the class has moved since it was read, what is to be done now.
 * @returns what was done in the end.
 * @throws CliError `moved` (exit 3) where that would replace or delete what was not shown.
 */
export async function performClass(
  kube: KubeClient,
  planned: Planned<ClassOp>,
  options: { dryRun: boolean; signal: AbortSignal },
): Promise<Change> {
  let now = planned;
  for (let attempt = 1; ; attempt++) {
    try {
      await once(kube, now.op, options);
      return now.change;
    } catch (error) {
      if (!hasMoved(error) || now.op.again === undefined || attempt === ATTEMPTS) throw error;
      const { kind, name } = planned.change;
      const { apiVersion } = targetOf(now.op) ?? {};
      if (apiVersion === undefined) throw error;
      const { again } = now.op;
      const next = again(await kube.get({ apiVersion, kind, name }, options));
      if (!next || (next.change.destructive && !planned.change.destructive)) {
        const what = next ? `would now have to be ${next.change.action}d` : 'is somebody else’s now';
        throw couldNotRun('moved', `${kind} ${name} was changed while this ran, and ${what}; it was left as it is`, {
          remedy: 'run it again to see the changes as they are now',
        });
      }
      now = { ...next, op: { ...next.op, again } };
    }
  }
}

function targetOf(op: ClassOp): KubeObject | undefined {
  if (op.do === 'nothing') return undefined;
  return op.do === 'create' ? op.object : op.live;
}

async function once(kube: KubeClient, op: ClassOp, options: { dryRun: boolean; signal: AbortSignal }): Promise<void> {
  switch (op.do) {
    case 'nothing':
      return;
    case 'create':
      await kube.create(op.object, options);
      return;
    case 'patch':
      await kube.mergePatch(refOf(op.live), atVersion(op.patch, op.live), options);
      return;
    case 'delete':
    case 'replace': {
      const { uid, resourceVersion } = op.live.metadata;
      await kube.delete(refOf(op.live), { ...options, uid, resourceVersion });
      // While the old one exists the server cannot try the new one.
      if (op.do === 'replace' && !options.dryRun) await kube.create(op.object, options);
    }
  }
}

/** The server compares the version with that of the object, and refuses with 409 where it is another. */
function atVersion(patch: object, { metadata: { uid, resourceVersion } }: KubeObject): object {
  const { metadata } = patch as { metadata?: object };
  return { ...patch, metadata: { ...metadata, uid, resourceVersion } };
}

/** Gone, made by somebody else, or another version than the one that was read. */
function hasMoved(error: unknown): boolean {
  return error instanceof KubeApiError && [404, 409].includes(error.status);
}

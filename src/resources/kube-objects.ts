import type { Context } from '../core/context.ts';
import { mapLimit } from '../core/concurrency.ts';
import { couldNotRun } from '../core/errors.ts';
import { FIELD_MANAGER } from '../kube/client.ts';
import { drift } from '../kube/drift.ts';
import { describeObject, isNotFound } from '../kube/errors.ts';
import type { KubeClient, KubeObject, ObjectRef } from '../kube/types.ts';
import type { Change, Planned } from '../reconcile/change.ts';
import type { Resource } from '../reconcile/reconcile.ts';
import { isOurs, MANAGED_BY, ownerOf, PRODUCT } from './ownership.ts';

/** What is done to one object. */
export type ObjectOp =
  | { do: 'nothing' }
  | { do: 'apply'; object: KubeObject; uid?: string | undefined }
  | { do: 'replace'; object: KubeObject; live: KubeObject }
  | { do: 'delete'; live: KubeObject };

/** An object that is kept, and the object of that name that the cluster has. */
interface Observed {
  desired: KubeObject;
  live: KubeObject | undefined;
}

/** This many objects of one kind and namespace are read by one list instead of one by one. */
const LIST_FROM = 10;
/** Reads under way at once. */
const CONCURRENCY = 8;
/** How long the API server may take to serve a new kind; it takes milliseconds. */
const ESTABLISHED_TIMEOUT_MS = 30_000;
/** How long a replaced object may take to go; a workload goes when its pods have gone. */
const GONE_TIMEOUT_MS = 120_000;

/**
 * Keeps objects as manifests say, by server-side apply. Planning only reads: what apply would change is found by
 * comparing (see `src/kube/drift.ts`), so a second run makes no write. Fields of ours that somebody else has changed
 * are taken back.
 *
 * @throws CliError `not-ours` (exit 3) on planning, where an object of that name exists without the label
 *   `app.kubernetes.io/managed-by: manila-rwx`. A Namespace that has what is wanted is used as it is.
 */
export function kubeObjects(
  ctx: Context,
  kube: KubeClient,
  title: string,
  manifests: readonly KubeObject[],
): Resource<Observed[], ObjectOp> {
  const desired = manifests.map(prepared);
  return {
    title,
    serverDryRun: true,
    observe: (signal) => observe(kube, desired, signal),
    plan: (observed) => {
      refuseForeign(observed);
      return observed.map(({ desired: object, live }) => planObject(object, live));
    },
    perform: (planned, options) => performObject(ctx, kube, planned.op, options),
    stages: byStage,
  };
}

/**
 * Deletes objects, in the reverse of the order in which they are made. What is not there is left out; what is not ours
 * is kept and listed.
 */
export function kubeObjectRemoval(
  ctx: Context,
  kube: KubeClient,
  title: string,
  refs: readonly ObjectRef[],
): Resource<KubeObject[], ObjectOp> {
  return {
    title,
    serverDryRun: true,
    observe: async (signal) => {
      const found = await mapLimit(refs, CONCURRENCY, (ref) => kube.get(ref, { signal }));
      return found.filter((live) => live !== undefined);
    },
    plan: (live) => live.map(planRemoval),
    perform: (planned, options) => performObject(ctx, kube, planned.op, options),
    stages: (planned) => byStage(planned).reverse(),
  };
}

/** A manifest with our label, and in the form in which the server keeps it. */
export function prepared(manifest: KubeObject): KubeObject {
  const { metadata, data, stringData } = manifest;
  const object: KubeObject = {
    ...without(manifest, ['status', 'stringData']),
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    metadata: {
      ...without(metadata, ['creationTimestamp']),
      name: metadata.name,
      labels: { ...metadata.labels, [MANAGED_BY]: PRODUCT },
    },
  };
  if (stringData === undefined) return object;
  // The server records `stringData` as owned but never returns it: as `data` it can be compared.
  const encoded = Object.entries(stringData as Record<string, string>).map(
    ([key, value]) => [key, Buffer.from(value).toString('base64')] as const,
  );
  return { ...object, data: { ...(data as object | undefined), ...Object.fromEntries(encoded) } };
}

function without(fields: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** What becomes of one object. Pure. The caller has made sure that a live object is ours. */
export function planObject(desired: KubeObject, live: KubeObject | undefined): Planned<ObjectOp> {
  const base = { kind: desired.kind, name: nameOf(desired), destructive: false };
  if (!live) return { change: { ...base, action: 'create', fields: [] }, op: { do: 'apply', object: desired } };
  if (!isOurs(live)) {
    const reason = 'exists and has what is needed; not managed by manila-rwx';
    return { change: { ...base, action: 'none', fields: [], reason }, op: { do: 'nothing' } };
  }
  const fields = drift(FIELD_MANAGER, desired, live);
  if (fields.length === 0) return { change: { ...base, action: 'none', fields }, op: { do: 'nothing' } };
  const fixed = fields.find(({ path }) => isImmutable(desired.kind, path));
  if (!fixed) {
    return {
      change: { ...base, action: 'update', fields },
      op: { do: 'apply', object: desired, uid: live.metadata.uid },
    };
  }
  const reason = `${fixed.path} cannot be changed in place${REPLACE_NOTES[desired.kind] ?? ''}`;
  return {
    change: { ...base, action: 'replace', fields, destructive: true, reason },
    op: { do: 'replace', object: desired, live },
  };
}

export function planRemoval(live: KubeObject): Planned<ObjectOp> {
  const base: Omit<Change, 'action' | 'destructive'> = { kind: live.kind, name: nameOf(live), fields: [] };
  if (!isOurs(live)) {
    const reason = `kept: ${ownerOf(live)}`;
    return { change: { ...base, action: 'none', destructive: false, reason }, op: { do: 'nothing' } };
  }
  return { change: { ...base, action: 'delete', destructive: true }, op: { do: 'delete', live } };
}

/** Does what was planned. Repeating it after an interruption does what is left. */
export async function performObject(
  ctx: Context,
  kube: KubeClient,
  op: ObjectOp,
  options: { dryRun: boolean; signal: AbortSignal },
): Promise<void> {
  switch (op.do) {
    case 'nothing':
      return;
    case 'apply':
      await kube.apply(withUid(op.object, op.uid), { ...options, force: true }).catch((error: unknown) => {
        // A namespace that is only tried does not exist for what lies in it.
        if (!(options.dryRun && isNotFound(error))) throw error;
        ctx.io.detail(`${describeObject(op.object)} cannot be tried before its namespace is there`);
      });
      if (op.object.kind === 'CustomResourceDefinition' && !options.dryRun) {
        await waitUntilEstablished(ctx, kube, op.object, options.signal);
      }
      return;
    case 'delete':
      await kube.delete(refOf(op.live), { ...options, uid: op.live.metadata.uid });
      return;
    case 'replace':
      await kube.delete(refOf(op.live), {
        ...options,
        uid: op.live.metadata.uid,
        // Pods of the old one would hold what the new ones need: sockets, ports, host paths.
        propagationPolicy: 'Foreground',
      });
      // While the old one exists the server cannot try the new one.
      if (options.dryRun) return;
      await waitUntilGone(ctx, kube, op.live, options.signal);
      await kube.apply(op.object, { ...options, force: true });
      await carryOver(kube, op, options.signal);
  }
}

async function observe(kube: KubeClient, desired: readonly KubeObject[], signal: AbortSignal): Promise<Observed[]> {
  const groups = new Map<string, KubeObject[]>();
  for (const object of desired) {
    const group = `${object.apiVersion} ${object.kind} ${object.metadata.namespace ?? ''}`;
    groups.set(group, [...(groups.get(group) ?? []), object]);
  }
  const live = new Map<string, KubeObject>();
  await mapLimit([...groups.values()], CONCURRENCY, async (group) => {
    for (const found of await readGroup(kube, group, signal)) live.set(keyOf(found), found);
  });
  return desired.map((object) => ({ desired: object, live: live.get(keyOf(object)) }));
}

/** The live objects of one kind and namespace: a few one by one (which needs no right to list), many by a list. */
async function readGroup(kube: KubeClient, group: KubeObject[], signal: AbortSignal): Promise<KubeObject[]> {
  const [first] = group;
  if (!first) return [];
  if (group.length >= LIST_FROM) {
    const { apiVersion, kind, metadata } = first;
    return (await kube.list({ apiVersion, kind, namespace: metadata.namespace }, { signal })).items;
  }
  const found = await Promise.all(group.map((object) => kube.get(refOf(object), { signal })));
  return found.filter((object) => object !== undefined);
}

/** All foreign objects in one error, so that they can be cleared away in one go. */
function refuseForeign(observed: Observed[]): void {
  const foreign = observed.flatMap(({ desired, live }) =>
    live && !isOurs(live) && !servesAsIs(desired, live) ? [live] : [],
  );
  if (foreign.length === 0) return;
  const list = foreign.map((live) => `${describeObject(live)} (${ownerOf(live)})`).join(', ');
  const namespaces = foreign.every(({ kind }) => kind === 'Namespace');
  throw couldNotRun(
    'not-ours',
    `${list} ${foreign.length === 1 ? 'exists and is' : 'exist and are'} not managed by manila-rwx; nothing was changed`,
    {
      remedy: namespaces
        ? `hand it over: ${foreign.map(({ metadata }) => `kubectl label namespace ${metadata.name} ${MANAGED_BY}=${PRODUCT} --overwrite`).join('; ')}`
        : 'remove what holds these names, or choose other names, then run it again',
    },
  );
}

/** A namespace is only a place: somebody else's is good enough if it has the labels that are needed. */
function servesAsIs(desired: KubeObject, live: KubeObject): boolean {
  if (desired.kind !== 'Namespace') return false;
  return Object.entries(desired.metadata.labels ?? {}).every(
    ([key, value]) => key.startsWith('app.kubernetes.io/') || live.metadata.labels?.[key] === value,
  );
}

async function waitUntilGone(ctx: Context, kube: KubeClient, live: KubeObject, signal: AbortSignal): Promise<void> {
  const deadline = ctx.clock.now() + GONE_TIMEOUT_MS;
  for (;;) {
    const now = await kube.get(refOf(live), { signal });
    if (!now || now.metadata.uid !== live.metadata.uid) return;
    if (ctx.clock.now() > deadline) {
      const holders = (now.metadata.finalizers ?? []).join(', ') || 'nothing that it names';
      throw couldNotRun('not-gone', `${describeObject(live)} was deleted but is still there, held by ${holders}`, {
        remedy: 'see what holds it, then run it again',
      });
    }
    await ctx.clock.sleep(500, signal);
  }
}

/** Objects of a new kind can be made once the API server serves it. */
async function waitUntilEstablished(ctx: Context, kube: KubeClient, definition: KubeObject, signal: AbortSignal) {
  interface Conditions {
    /** Null for a moment after the object was made. */
    conditions?: { type: string; status: string; message?: string }[] | null;
  }
  const deadline = ctx.clock.now() + ESTABLISHED_TIMEOUT_MS;
  for (;;) {
    const live = await kube.get(refOf(definition), { signal });
    const conditions = ((live?.status ?? {}) as Conditions).conditions ?? [];
    if (conditions.some(({ type, status }) => type === 'Established' && status === 'True')) return;
    if (ctx.clock.now() > deadline) {
      const why = conditions.find(({ status, message }) => status === 'False' && message)?.message;
      throw couldNotRun('not-established', `${describeObject(definition)} is not served${why ? `: ${why}` : ''}`, {
        remedy: `see its conditions: kubectl describe crd ${definition.metadata.name}`,
      });
    }
    await ctx.clock.sleep(100, signal);
  }
}

/** What users may have added to a StorageClass outlives its replacement, and stays theirs: it is not applied. */
async function carryOver(kube: KubeClient, op: { object: KubeObject; live: KubeObject }, signal: AbortSignal) {
  if (op.object.kind !== 'StorageClass') return;
  const others = (own: Record<string, string> = {}, live: Record<string, string> = {}): Record<string, string> =>
    Object.fromEntries(
      Object.entries(live).filter(
        ([key]) => !(key in own) && key !== 'kubectl.kubernetes.io/last-applied-configuration',
      ),
    );
  const labels = others(op.object.metadata.labels, op.live.metadata.labels);
  const annotations = others(op.object.metadata.annotations, op.live.metadata.annotations);
  const fields = Object.fromEntries(
    ['mountOptions', 'allowedTopologies', 'allowVolumeExpansion']
      .filter((field) => op.object[field] === undefined && op.live[field] !== undefined)
      .map((field) => [field, op.live[field]]),
  );
  if (Object.keys({ ...labels, ...annotations, ...fields }).length === 0) return;
  await kube.mergePatch(refOf(op.object), { ...fields, metadata: { labels, annotations } }, { signal });
}

/** Fields that the API server refuses to change, by kind; tried on Kubernetes 1.35. */
const IMMUTABLE: Readonly<Record<string, RegExp>> = {
  CSIDriver: /^spec\.(attachRequired|volumeLifecycleModes)\b/,
  ClusterRoleBinding: /^roleRef\b/,
  DaemonSet: /^spec\.selector\b/,
  Deployment: /^spec\.selector\b/,
  RoleBinding: /^roleRef\b/,
  Secret: /^type$/,
  StorageClass: /^(parameters|provisioner|reclaimPolicy|volumeBindingMode)\b/,
};

const REPLACE_NOTES: Readonly<Record<string, string>> = {
  DaemonSet: '; its pods are stopped and made anew',
  Deployment: '; its pods are stopped and made anew',
  StorageClass: '; volumes that exist keep what they were made with',
};

function isImmutable(kind: string, path: string): boolean {
  return IMMUTABLE[kind]?.test(path) ?? false;
}

/** What must be there before the next: namespaces, types, identities, data, registrations, then what runs. */
const STAGES: readonly (readonly string[])[] = [
  ['Namespace'],
  ['CustomResourceDefinition'],
  ['ServiceAccount', 'PriorityClass', 'ClusterRole', 'Role', 'ClusterRoleBinding', 'RoleBinding'],
  ['Secret', 'ConfigMap'],
  ['CSIDriver', 'StorageClass', 'VolumeSnapshotClass'],
];

function byStage(planned: Planned<ObjectOp>[]): Planned<ObjectOp>[][] {
  const stageOf = ({ change }: Planned<ObjectOp>): number => {
    const stage = STAGES.findIndex((kinds) => kinds.includes(change.kind));
    return stage < 0 ? STAGES.length : stage;
  };
  return [...STAGES.keys(), STAGES.length]
    .map((stage) => planned.filter((one) => stageOf(one) === stage))
    .filter((stage) => stage.length > 0);
}

/** With the id of the object that was planned for: the server refuses if it is another one by now. */
function withUid(object: KubeObject, uid: string | undefined): KubeObject {
  return uid === undefined ? object : { ...object, metadata: { ...object.metadata, uid } };
}

export function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace };
}

function keyOf(object: KubeObject): string {
  return `${object.apiVersion} ${object.kind} ${nameOf(object)}`;
}

function nameOf({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

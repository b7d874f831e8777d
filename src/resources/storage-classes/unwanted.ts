import type { KubeObject } from '../../kube/types.ts';
import type { Planned } from '../../reconcile/change.ts';
import {
  audienceOf,
  DEFAULT_ANNOTATION,
  DEFAULT_SNAPSHOT_ANNOTATION,
  DEPRECATED_ANNOTATION,
  isDefault,
  SNAPSHOT_CLASS,
  typeIdOf,
  typeNameOf,
} from './class.ts';
import { type ClassOp, planPatch } from './class-change.ts';
import type { Wanted } from './names.ts';
import type { ClassRules, ClassWorld, TypeWithoutClass } from './plan.ts';

/** A class of ours that no share type wants any more. */
export interface Unwanted {
  storageClass: string;
  kind: string;
  /** Is the share type gone, or is it there but should have no class? */
  gone: boolean;
  reason: string;
}

interface Around {
  world: ClassWorld;
  rules: ClassRules;
  names: ReadonlyMap<Wanted, string>;
  without: readonly TypeWithoutClass[];
}

/**
 * A class that no type wants is marked and kept: volumes that exist are expanded by it. It is not the default any
 * longer. With `prune` it is deleted if nothing was made with it. Undefined where it cannot be told from here.
 */
export function planUnwanted(
  live: KubeObject,
  around: Around,
): { unwanted: Unwanted; planned: Planned<ClassOp> } | undefined {
  const { world, rules } = around;
  const why = whyUnwanted(live, around);
  if (!why) return undefined;
  const { kind } = live;
  const { name, annotations } = live.metadata;
  const unwanted = { storageClass: name, kind, ...why };
  const inUse = world.used.has(name);
  if (rules.prune && !inUse) {
    const change = { kind, name, action: 'delete', fields: [], destructive: true, reason: why.reason } as const;
    return { unwanted, planned: { change: { ...change, fields: [] }, op: { do: 'delete', live } } };
  }
  const mark = kind === SNAPSHOT_CLASS.kind ? DEFAULT_SNAPSHOT_ANNOTATION : DEFAULT_ANNOTATION;
  const marks = { [DEPRECATED_ANNOTATION]: why.reason, ...(isDefault(live) ? { [mark]: 'false' } : {}) };
  const fields = Object.entries(marks).flatMap(([key, after]) => {
    const before = annotations?.[key];
    return before === after
      ? []
      : [{ path: `metadata.annotations[${key}]`, ...(before === undefined ? {} : { before }), after }];
  });
  const reason = `${rules.prune ? 'kept: volumes use it' : 'kept'}; ${why.reason}`;
  if (fields.length === 0) {
    return {
      unwanted,
      planned: { change: { kind, name, action: 'none', fields, destructive: false, reason }, op: { do: 'nothing' } },
    };
  }
  const { change, op } = planPatch(live, fields, { metadata: { annotations: marks } });
  return { unwanted, planned: { change: { ...change, reason }, op } };
}

function whyUnwanted(
  live: KubeObject,
  { world, rules, names, without }: Around,
): { gone: boolean; reason: string } | undefined {
  const [id, type, audience] = [typeIdOf(live), typeNameOf(live), audienceOf(live)];
  const known = world.types.some((one) => one.id === id);
  if (!known && !world.seesAll) {
    // What tenants' projects may use does not show to another project's login.
    if (audience === 'tenants') return undefined;
    return {
      gone: true,
      reason: `share type ${type} (${id}) is gone, or project ${world.project} may not use it any more`,
    };
  }
  if (!known) return { gone: true, reason: `share type ${type} (${id}) is gone` };
  if (audience === 'tenants' && rules.tenants.length === 0) {
    return { gone: false, reason: `the file names no tenants, and this class of share type ${type} is for them` };
  }
  const mine = [...names].find(([wanted]) => wanted.type.id === id && wanted.audience === audience);
  if (mine) {
    const [{ usable }, name] = mine;
    if (live.kind !== SNAPSHOT_CLASS.kind) return { gone: false, reason: `share type ${type} has class ${name}` };
    return {
      gone: false,
      reason: usable.snapshots ? `share type ${type} has class ${name}` : `share type ${type} has no snapshots`,
    };
  }
  const why = without.find(({ shareTypeId }) => shareTypeId === id)?.reason ?? 'it is not wanted';
  return { gone: false, reason: `share type ${type} should have no class: ${why}` };
}

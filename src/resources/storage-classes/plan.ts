import type { StorageClassesSpec } from '../../config/types.ts';
import { NFS_DRIVER_NAME } from '../../drivers/names.ts';
import { FIELD_MANAGER } from '../../kube/client.ts';
import { extractApplied } from '../../kube/owned-fields.ts';
import type { ShareType } from '../../openstack/types.ts';
import type { Planned } from '../../reconcile/change.ts';
import { type ObjectOp, planObject, planRemoval, prepared } from '../kube-objects.ts';
import { isOurs, ownerOf } from '../ownership.ts';
import {
  classManifest,
  clientsOf,
  DEFAULT_ANNOTATION,
  DEPRECATED_ANNOTATION,
  isDefault,
  type StorageClass,
  TYPE_ID_LABEL,
  typeNameOf,
} from './class.ts';
import { className } from './names.ts';
import { type UsableRules, whyNoClass } from './usable.ts';

export type ClassRules = Required<Pick<StorageClassesSpec, 'prefix' | 'include' | 'exclude' | 'overrides'>> & {
  /** Share type whose class is the cluster's default. */
  default?: string | undefined;
  /** Who may mount; undefined where neither a flag, nor the file, nor Neutron says it. */
  shareClients?: readonly string[] | undefined;
  /** Namespace of the drivers' Secret. */
  namespace: string;
  /** Delete classes that no share type wants, if no volume uses them. */
  prune: boolean;
};

/** The world, as far as classes depend on it. */
export interface ClassWorld extends Pick<UsableRules, 'pools' | 'visible' | 'project'> {
  types: readonly ShareType[];
  /** Every StorageClass of the cluster. */
  classes: readonly StorageClass[];
  /** Names of classes that persistent volumes name; empty unless pruning. */
  used: ReadonlySet<string>;
}

/** A share type for which there is no class. */
export interface TypeWithoutClass {
  /** Name of the share type. */
  shareType: string;
  /** Id of the share type. */
  shareTypeId: string;
  /** Why, as the end of a sentence. */
  reason: string;
}

/** A name that a class needs and that somebody else's class has. */
export interface NameTaken {
  /** Name of the StorageClass. */
  storageClass: string;
  /** Name of the share type that needs it. */
  shareType: string;
  /** Id of the share type. */
  shareTypeId: string;
  /** Whose it is, as far as it shows. */
  owner: string;
}

interface Unwanted {
  storageClass: string;
  /** Is the share type gone, or is it there but should have no class? */
  gone: boolean;
  reason: string;
}

export interface ClassPlan {
  planned: Planned<ObjectOp>[];
  withoutClass: TypeWithoutClass[];
  notOurs: NameTaken[];
  /** Classes of ours that no share type wants any more. */
  unwanted: Unwanted[];
  warnings: string[];
  /** Share types whose new classes need share clients that nothing says. */
  clientsMissing: ShareType[];
}

/** What becomes of every class. Pure. */
export function planClasses(world: ClassWorld, rules: ClassRules): ClassPlan {
  const plan: ClassPlan = {
    planned: [],
    withoutClass: [],
    notOurs: [],
    unwanted: [],
    warnings: [],
    clientsMissing: [],
  };
  const ours = world.classes.filter((one) => isOurs(one) && one.provisioner === NFS_DRIVER_NAME);
  const wanted = wantedTypes(world, rules, plan);
  const names = assignNames(wanted, ours, rules.prefix);
  const byName = new Map(world.classes.map((one) => [one.metadata.name, one]));
  const foreignDefault = foreignDefaults(world, rules, names, plan);
  for (const type of wanted) {
    const name = names.get(type.id) ?? '';
    const live = byName.get(name);
    if (live && !ours.includes(live)) {
      plan.notOurs.push({ storageClass: name, shareType: type.name, shareTypeId: type.id, owner: ownerOf(live) });
      continue;
    }
    const override = rules.overrides[type.name] ?? {};
    const shareClients = override.shareClients ?? rules.shareClients ?? clientsOfOthers(live, ours);
    if (!shareClients) {
      plan.clientsMissing.push(type);
      continue;
    }
    const mark = defaultMark(type, live, rules.default, foreignDefault);
    const settings = { name, namespace: rules.namespace, shareClients, override, live, isDefault: mark };
    plan.planned.push(planObject(classManifest(type, settings), live));
  }
  const kept = new Set(names.values());
  for (const live of ours.filter(({ metadata }) => !kept.has(metadata.name))) {
    const unwanted = whyUnwanted(live, world, plan, names);
    plan.unwanted.push(unwanted);
    plan.planned.push(planUnwanted(live, unwanted.reason, world.used, rules.prune));
  }
  return plan;
}

function wantedTypes(world: ClassWorld, rules: ClassRules, plan: ClassPlan): ShareType[] {
  const sorted = [...world.types].sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
  return sorted.filter((type) => {
    const reason = whyNoClass(type, { ...rules, ...world });
    if (reason !== undefined) plan.withoutClass.push({ shareType: type.name, shareTypeId: type.id, reason });
    return reason === undefined;
  });
}

/**
 * Names by type id. A type that has a class of ours keeps its name, also when it was renamed; a new one gets its own
 * name unless another type has it. The class of a type that is gone may be taken over by one that has its name.
 */
function assignNames(types: readonly ShareType[], ours: readonly StorageClass[], prefix: string): Map<string, string> {
  const names = new Map<string, string>();
  const ids = new Set(types.map(({ id }) => id));
  const sorted = [...ours].sort((a, b) => compare(a.metadata.name, b.metadata.name));
  for (const { metadata } of sorted) {
    const id = metadata.labels?.[TYPE_ID_LABEL] ?? '';
    if (ids.has(id) && !names.has(id)) names.set(id, metadata.name);
  }
  const taken = new Set(names.values());
  for (const type of types) {
    if (names.has(type.id)) continue;
    const plain = className(prefix, type);
    const name = taken.has(plain) ? className(prefix, type, true) : plain;
    names.set(type.id, name);
    taken.add(name);
  }
  return names;
}

/** Existing classes keep their clients; new ones take those that the classes of this program agree on. */
function clientsOfOthers(live: StorageClass | undefined, ours: readonly StorageClass[]): readonly string[] | undefined {
  const own = live && clientsOf(live);
  if (own) return own;
  const all = new Set(ours.map((one) => clientsOf(one)?.join(',')));
  const [only] = all;
  return all.size === 1 ? only?.split(',') : undefined;
}

/** Somebody else's default class is not taken away; what to do about it is said. */
function foreignDefaults(world: ClassWorld, rules: ClassRules, names: Map<string, string>, plan: ClassPlan): boolean {
  if (rules.default === undefined) return false;
  const type = world.types.find(({ name }) => name === rules.default);
  const own = type && names.get(type.id);
  const others = world.classes.filter((one) => isDefault(one) && !isOurs(one)).map(({ metadata }) => metadata.name);
  if (own === undefined || others.length === 0) return false;
  plan.warnings.push(
    `StorageClass ${others.join(', ')} is the cluster's default already and not managed by manila-rwx, so ${own} is not made the default; ` +
      `to hand it over: kubectl annotate storageclass ${others.join(' ')} ${DEFAULT_ANNOTATION}- ; then run this again`,
  );
  return true;
}

function defaultMark(
  type: ShareType,
  live: StorageClass | undefined,
  wanted: string | undefined,
  foreignDefault: boolean,
): 'true' | 'false' | undefined {
  // Without a wish in the file the mark is the users' own.
  if (wanted === undefined) return undefined;
  if (type.name === wanted) return !foreignDefault || (live && isDefault(live)) ? 'true' : undefined;
  return live?.metadata.annotations?.[DEFAULT_ANNOTATION] === undefined ? undefined : 'false';
}

function whyUnwanted(live: StorageClass, world: ClassWorld, plan: ClassPlan, names: Map<string, string>): Unwanted {
  const id = live.metadata.labels?.[TYPE_ID_LABEL] ?? '';
  const [storageClass, type] = [live.metadata.name, typeNameOf(live)];
  if (!world.types.some((one) => one.id === id)) {
    return { storageClass, gone: true, reason: `share type ${type} (${id}) is gone` };
  }
  const other = names.get(id);
  if (other !== undefined) return { storageClass, gone: false, reason: `share type ${type} has class ${other}` };
  const why = plan.withoutClass.find(({ shareTypeId }) => shareTypeId === id)?.reason ?? 'it is not wanted';
  return { storageClass, gone: false, reason: `share type ${type} should have no class: ${why}` };
}

/** A class that no type wants is marked and kept: volumes that exist are expanded by it. Or deleted, if asked. */
function planUnwanted(
  live: StorageClass,
  reason: string,
  used: ReadonlySet<string>,
  prune: boolean,
): Planned<ObjectOp> {
  if (prune && !used.has(live.metadata.name)) {
    const { change, op } = planRemoval(live);
    return { change: { ...change, reason }, op };
  }
  const marked = extractApplied(FIELD_MANAGER, live);
  marked.metadata.annotations = { ...marked.metadata.annotations, [DEPRECATED_ANNOTATION]: reason };
  const { change, op } = planObject(prepared(marked), live);
  const why = prune ? 'kept: volumes use it' : 'kept';
  return { change: { ...change, reason: `${why}; ${reason}` }, op };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import type { StorageClassesSpec, StorageClassOverride, Tenant } from '../../config/types.ts';
import { driverNamed } from '../../drivers/protocols.ts';
import type { KubeObject } from '../../kube/types.ts';
import type { ShareType } from '../../openstack/types.ts';
import type { Planned } from '../../reconcile/change.ts';
import { ownerOf } from '../ownership.ts';
import {
  agreedClients,
  audienceOf,
  classManifest,
  clientsOf,
  isDefault,
  isOwnClass,
  type SnapshotClass,
  snapshotClassManifest,
  type StorageClass,
  typeIdOf,
} from './class.ts';
import { type ClassOp, planClass } from './class-change.ts';
import type { CloudWorld } from './cloud-world.ts';
import { defaultMark, planForeignDefaults } from './default-class.ts';
import { assignNames, type Wanted } from './names.ts';
import type { ClusterWorld } from './observe.ts';
import { type Node, nodeAddresses } from './share-clients.ts';
import { planUnwanted, type Unwanted } from './unwanted.ts';
import type { UsableRules } from './usable.ts';
import { wantedClasses } from './wanted.ts';

export type ClassRules = Required<Pick<StorageClassesSpec, 'prefix' | 'overrides' | 'userEdits'>> &
  UsableRules & {
    /** Share type whose class is the cluster's default. */
    default?: string | undefined;
    /** Who may mount; undefined where neither a flag, nor the file, nor Neutron says it. */
    shareClients?: readonly string[] | 'nodes' | undefined;
    /** Namespace of the drivers' Secrets. */
    namespace: string;
    /** Do the drivers make volumes in the zone of the pod? */
    topology: boolean;
    /** Are there to be VolumeSnapshotClasses? */
    snapshots: boolean;
    /** Are there classes for everybody? Not where the file has tenants and no credential besides theirs. */
    forAll: boolean;
    tenants: readonly Tenant[];
    /** Delete classes that no share type wants, if no volume uses them. */
    prune: boolean;
    /** Take over somebody else's classes that have a name which is needed. */
    adopt: boolean;
    /** Take the mark of the default class from somebody else's. */
    takeDefault: boolean;
  };

/** The world, as far as classes depend on it. */
export type ClassWorld = Omit<ClusterWorld, 'secretExists'> & CloudWorld;

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
  /** Name of the StorageClass or VolumeSnapshotClass. */
  storageClass: string;
  /** StorageClass or VolumeSnapshotClass. */
  kind: string;
  /** Name of the share type that needs it. */
  shareType: string;
  /** Id of the share type. */
  shareTypeId: string;
  /** Whose it is, as far as it shows. */
  owner: string;
}

export interface ClassPlan {
  planned: Planned<ClassOp>[];
  withoutClass: TypeWithoutClass[];
  notOurs: NameTaken[];
  /** Classes of ours that no share type wants any more. */
  unwanted: Unwanted[];
  warnings: string[];
  /** What is only said: nothing is wrong. */
  notes: string[];
  /** Share types whose new classes need share clients that nothing says. */
  clientsMissing: ShareType[];
}

/** What becomes of every class. Pure. */
export function planClasses(world: ClassWorld, rules: ClassRules): ClassPlan {
  const { wanted, without } = wantedClasses(world, rules);
  const ours = world.classes.filter(isOwnClass);
  const known = new Set(world.types.map(({ id }) => id));
  const existing = ours.map((one) => ({ name: one.metadata.name, typeId: typeIdOf(one), audience: audienceOf(one) }));
  const names = assignNames(
    wanted,
    existing.filter(({ typeId }) => known.has(typeId) || !world.seesAll),
    rules.prefix,
  );
  const plan: ClassPlan = {
    planned: [],
    withoutClass: without,
    notOurs: [],
    unwanted: [],
    warnings: [],
    notes: [],
    clientsMissing: [],
  };
  const planner = new Planner(world, rules, plan, ours);
  planner.foreignDefaults = planForeignDefaults(world, rules, wanted, names, plan);
  for (const one of wanted) planner.plan(one, names.get(one) ?? '');
  planner.planUnwanted(names);
  if (planner.snapshotsWithoutCrds > 0) {
    plan.notes.push(
      'the cluster has no VolumeSnapshot CRDs, so no VolumeSnapshotClass is made (drivers.snapshots: install brings them)',
    );
  }
  return plan;
}

class Planner {
  /** Has somebody else the default class, and keeps it? */
  foreignDefaults = false;
  snapshotsWithoutCrds = 0;
  readonly #world: ClassWorld;
  readonly #rules: ClassRules;
  readonly #plan: ClassPlan;
  readonly #ours: readonly StorageClass[];
  readonly #byName: Map<string, StorageClass>;
  readonly #snapshotsByName: Map<string, SnapshotClass>;
  readonly #snapshotNames = new Set<string>();

  constructor(world: ClassWorld, rules: ClassRules, plan: ClassPlan, ours: readonly StorageClass[]) {
    this.#world = world;
    this.#rules = rules;
    this.#plan = plan;
    this.#ours = ours;
    this.#byName = new Map(world.classes.map((one) => [one.metadata.name, one]));
    this.#snapshotsByName = new Map((world.snapshotClasses ?? []).map((one) => [one.metadata.name, one]));
  }

  plan(wanted: Wanted, name: string): void {
    const { type, usable, audience } = wanted;
    const live = this.#byName.get(name);
    if (!this.#mayUse(live, wanted)) return;
    const { overrides, topology, namespace, userEdits } = this.#rules;
    const override = overrides[type.name] ?? {};
    const shareClients = usable.protocol === 'NFS' ? this.#clientsOf(override, live) : [];
    if (!shareClients) {
      this.#plan.clientsMissing.push(type);
      return;
    }
    const common = { name, namespace, audience, protocol: usable.protocol, override };
    const manifest = (now: StorageClass | undefined): StorageClass =>
      classManifest(type, {
        ...common,
        topology,
        zones: usable.zones,
        shareNetworkId: usable.shareNetworkId,
        shareClients,
        userEdits: override.userEdits ?? userEdits,
        isDefault: defaultMark(wanted, now, this.#rules, this.foreignDefaults),
        live: now,
      });
    this.#add((now) => planClass(manifest(now as StorageClass | undefined), now), live);
    if (usable.snapshots && this.#rules.snapshots) this.#planSnapshots(wanted, common);
  }

  /** The class of a type's snapshots has the name of its StorageClass. */
  #planSnapshots(wanted: Wanted, common: Omit<Parameters<typeof snapshotClassManifest>[1], 'isDefault'>): void {
    if (this.#world.snapshotClasses === undefined) {
      this.snapshotsWithoutCrds++;
      return;
    }
    const live = this.#snapshotsByName.get(common.name);
    this.#snapshotNames.add(common.name);
    if (!this.#mayUse(live, wanted)) return;
    const taken = this.#world.snapshotClasses.some(
      (one) => isDefault(one) && !isOwnClass(one) && driverNamed(one.driver)?.protocol === wanted.usable.protocol,
    );
    const manifest = (now: KubeObject | undefined): SnapshotClass =>
      snapshotClassManifest(wanted.type, {
        ...common,
        isDefault: defaultMark(wanted, now, this.#rules, taken && !this.#rules.takeDefault),
      });
    this.#add((now) => planClass(manifest(now), now), live);
  }

  planUnwanted(names: ReadonlyMap<Wanted, string>): void {
    const kept = new Set(names.values());
    const context = { world: this.#world, rules: this.#rules, names, without: this.#plan.withoutClass };
    const spare = [
      ...this.#ours.filter(({ metadata }) => !kept.has(metadata.name)),
      ...(this.#world.snapshotClasses ?? []).filter(
        (one) => isOwnClass(one) && !this.#snapshotNames.has(one.metadata.name),
      ),
    ];
    for (const live of spare) {
      const found = planUnwanted(live, context);
      if (!found) continue;
      this.#plan.unwanted.push(found.unwanted);
      this.#add((now) => (now ? planUnwanted(now, context)?.planned : GONE(live)), live);
    }
  }

  #add(make: (live: KubeObject | undefined) => Planned<ClassOp> | undefined, live: KubeObject | undefined): void {
    const planned = make(live);
    if (!planned) return;
    const again = (now: KubeObject | undefined): Planned<ClassOp> | undefined =>
      now && !isOwnClass(now) && !this.#rules.adopt ? undefined : make(now);
    this.#plan.planned.push({ ...planned, op: { ...planned.op, again } });
  }

  /** Names that somebody else has are left alone, unless they are to be taken over. */
  #mayUse(live: KubeObject | undefined, { type }: Wanted): boolean {
    if (!live || isOwnClass(live) || this.#rules.adopt) return true;
    this.#plan.notOurs.push({
      storageClass: live.metadata.name,
      kind: live.kind,
      shareType: type.name,
      shareTypeId: type.id,
      owner: ownerOf(live),
    });
    return false;
  }

  /** Existing classes keep their clients; new ones take those that the classes of this program agree on. */
  #clientsOf(override: StorageClassOverride, live: StorageClass | undefined): readonly string[] | undefined {
    if (override.shareClients) return override.shareClients;
    const { shareClients } = this.#rules;
    if (shareClients) return shareClients === 'nodes' ? nodeClients(this.#world.nodes) : shareClients;
    return (live && clientsOf(live)) ?? agreedClients(this.#ours);
  }
}

const GONE = (live: KubeObject): Planned<ClassOp> => ({
  change: { kind: live.kind, name: live.metadata.name, action: 'none', fields: [], destructive: false },
  op: { do: 'nothing' },
});

/** The nodes' own addresses, in a fixed order, so that the same nodes give the same class. */
export function nodeClients(nodes: readonly Node[]): string[] {
  return [...new Set(nodeAddresses(nodes).map(({ address }) => address))].sort();
}

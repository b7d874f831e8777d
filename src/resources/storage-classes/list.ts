import type { LoadedConfig } from '../../config/types.ts';
import type { Context } from '../../core/context.ts';
import { driverNamed } from '../../drivers/protocols.ts';
import type { KubeClient } from '../../kube/types.ts';
import { isOurs, ownerOf } from '../ownership.ts';
import {
  audienceOf,
  clientsOf,
  isDefault,
  STORAGE_CLASS,
  type StorageClass,
  TYPE_ID_LABEL,
  TYPE_NAME_ANNOTATION,
  typeNameOf,
} from './class.ts';
import { type Clouds, observeClasses } from './observe.ts';
import type { ClassPlan, TypeWithoutClass } from './plan.ts';
import { classRules } from './rules.ts';
import { planObserved, readingOf } from './sync.ts';
import { editedFields } from './user-edits.ts';

/** How a class stands to its share type. */
export type ClassState =
  /** As `storageclass sync` would make it. */
  | 'in-step'
  /** In step, but for fields that people have changed and that are left to them. */
  | 'edited'
  /** `storageclass sync` would change it. */
  | 'drifted'
  /** Its share type does not exist any more. */
  | 'type-gone'
  /** Its share type should have no class. */
  | 'unwanted'
  /** Somebody else's. */
  | 'not-ours';

export interface ListedClass {
  /** Name of the StorageClass. */
  name: string;
  /** Name of the share type, as the class has it. */
  shareType: string;
  /** Id of the share type; absent where the class does not carry it. */
  shareTypeId?: string;
  /** Protocol of the volumes: NFS or CEPHFS. */
  protocol: string;
  /** Is it for the namespaces of tenants, each with shares of its own project? */
  forTenants: boolean;
  /** Name of the VolumeSnapshotClass that goes with it; absent where there is none. */
  snapshotClass?: string;
  /** Delete or Retain. */
  reclaimPolicy: string;
  /** Immediate or WaitForFirstConsumer. */
  volumeBindingMode: string;
  /** May volumes be made larger? */
  allowVolumeExpansion: boolean;
  /** Is it the cluster's default class? */
  default: boolean;
  /** Addresses and CIDRs that may mount the shares. */
  shareClients: string[];
  /** How it stands to its share type. */
  state: ClassState;
  /** What is behind the state, where it is not in step. */
  reason?: string;
}

export interface StorageClassList {
  /** Classes whose provisioner is one of Manila's drivers. */
  classes: ListedClass[];
  /** Share types that have no class, each with the reason. */
  withoutClass: TypeWithoutClass[];
}

/** The driver's classes beside the share types. Reads only. */
export async function listStorageClasses(
  ctx: Context,
  kube: KubeClient,
  clouds: Clouds,
  loaded: LoadedConfig,
): Promise<StorageClassList> {
  const rules = classRules(ctx, loaded, { prune: false });
  const observed = await observeClasses(ctx, kube, clouds, readingOf(rules), ctx.signal);
  const plan = planObserved(observed, rules);
  const snapshots = new Set((observed.snapshotClasses ?? []).filter(isOurs).map(({ metadata }) => metadata.name));
  const own = observed.classes.filter(({ provisioner }) => driverNamed(provisioner) !== undefined);
  return {
    classes: own.map((one) => listed(one, plan, snapshots)).sort(byName),
    withoutClass: withoutAny(plan),
  };
}

function listed(live: StorageClass, plan: ClassPlan, snapshots: ReadonlySet<string>): ListedClass {
  const id = live.metadata.labels?.[TYPE_ID_LABEL];
  const { name } = live.metadata;
  return {
    name,
    shareType: typeNameOf(live),
    ...(id === undefined ? {} : { shareTypeId: id }),
    protocol: driverNamed(live.provisioner)?.protocol ?? '',
    forTenants: audienceOf(live) === 'tenants',
    ...(snapshots.has(name) ? { snapshotClass: name } : {}),
    reclaimPolicy: live.reclaimPolicy ?? 'Delete',
    volumeBindingMode: live.volumeBindingMode ?? 'Immediate',
    allowVolumeExpansion: live.allowVolumeExpansion === true,
    default: isDefault(live),
    shareClients: clientsOf(live) ?? ['0.0.0.0/0'],
    ...stateOf(live, plan),
  };
}

function stateOf(live: StorageClass, plan: ClassPlan): Pick<ListedClass, 'state' | 'reason'> {
  const { name } = live.metadata;
  if (!isOurs(live)) return { state: 'not-ours', reason: ownerOf(live) };
  const unwanted = plan.unwanted.find(({ storageClass, kind }) => storageClass === name && kind === live.kind);
  if (unwanted) return { state: unwanted.gone ? 'type-gone' : 'unwanted', reason: unwanted.reason };
  const change = plan.planned.find((one) => one.change.kind === live.kind && one.change.name === name)?.change;
  if (change === undefined || change.action === 'none') {
    const edited = editedFields(live);
    return edited.length === 0
      ? { state: 'in-step' }
      : { state: 'edited', reason: `${edited.join(', ')} was changed by hand` };
  }
  return { state: 'drifted', reason: `differs in ${change.fields.map(({ path }) => path).join(', ')}` };
}

/** Also the types that could have a class and have none yet. */
function withoutAny({ withoutClass, planned, clientsMissing, notOurs }: ClassPlan): TypeWithoutClass[] {
  const reason = '`manila-rwx storageclass sync` would make one';
  const next = planned.flatMap(({ change, op }) => {
    if (change.action !== 'create' || op.do !== 'create' || change.kind !== STORAGE_CLASS.kind) return [];
    const { labels, annotations } = op.object.metadata;
    return [
      { shareType: annotations?.[TYPE_NAME_ANNOTATION] ?? '', shareTypeId: labels?.[TYPE_ID_LABEL] ?? '', reason },
    ];
  });
  return [
    ...next,
    ...clientsMissing.map(({ name, id }) => ({
      shareType: name,
      shareTypeId: id,
      reason: `${reason}, given --share-clients`,
    })),
    ...notOurs.map(({ shareType, shareTypeId, storageClass, kind, owner }) => ({
      shareType,
      shareTypeId,
      reason: `${kind} ${storageClass} has the name it needs and is not managed by manila-rwx: ${owner}`,
    })),
    ...withoutClass,
  ];
}

function byName(a: ListedClass, b: ListedClass): number {
  return a.name.localeCompare(b.name, 'en');
}

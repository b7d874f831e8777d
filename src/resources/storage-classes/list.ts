import type { LoadedConfig } from '../../config/types.ts';
import type { Context } from '../../core/context.ts';
import { NFS_DRIVER_NAME } from '../../drivers/names.ts';
import type { KubeClient } from '../../kube/types.ts';
import { isOurs, ownerOf } from '../ownership.ts';
import { clientsOf, isDefault, type StorageClass, TYPE_ID_LABEL, TYPE_NAME_ANNOTATION, typeNameOf } from './class.ts';
import { type Clouds, observeClasses } from './observe.ts';
import { type ClassPlan, planClasses, type TypeWithoutClass } from './plan.ts';
import { classRules } from './sync.ts';

/** How a class stands to its share type. */
export type ClassState =
  /** As `storageclass sync` would make it. */
  | 'in-step'
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
  /** Classes whose provisioner is Manila's NFS driver. */
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
  const observed = await observeClasses(ctx, kube, clouds, rules, ctx.signal);
  const plan = planClasses(observed, { ...rules, shareClients: rules.shareClients ?? observed.neutronClients });
  const own = observed.classes.filter(({ provisioner }) => provisioner === NFS_DRIVER_NAME);
  return { classes: own.map((one) => listed(one, plan)).sort(byName), withoutClass: withoutAny(plan) };
}

function listed(live: StorageClass, plan: ClassPlan): ListedClass {
  const id = live.metadata.labels?.[TYPE_ID_LABEL];
  return {
    name: live.metadata.name,
    shareType: typeNameOf(live),
    ...(id === undefined ? {} : { shareTypeId: id }),
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
  const unwanted = plan.unwanted.find(({ storageClass }) => storageClass === name);
  if (unwanted) return { state: unwanted.gone ? 'type-gone' : 'unwanted', reason: unwanted.reason };
  const change = plan.planned.find((one) => one.change.name === name)?.change;
  if (change === undefined || change.action === 'none') return { state: 'in-step' };
  return { state: 'drifted', reason: `differs in ${change.fields.map(({ path }) => path).join(', ')}` };
}

/** Also the types that could have a class and have none yet. */
function withoutAny({ withoutClass, planned, clientsMissing, notOurs }: ClassPlan): TypeWithoutClass[] {
  const reason = '`manila-rwx storageclass sync` would make one';
  const next = planned.flatMap(({ change, op }) => {
    if (change.action !== 'create' || op.do !== 'apply') return [];
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
    ...notOurs.map(({ shareType, shareTypeId, storageClass, owner }) => ({
      shareType,
      shareTypeId,
      reason: `StorageClass ${storageClass} has the name it needs and is not managed by manila-rwx: ${owner}`,
    })),
    ...withoutClass,
  ];
}

function byName(a: ListedClass, b: ListedClass): number {
  return a.name.localeCompare(b.name, 'en');
}

import type { KubeObject } from '../../kube/types.ts';
import { DEFAULT_ANNOTATION, DEFAULT_SNAPSHOT_ANNOTATION, isDefault, isOwnClass, SNAPSHOT_CLASS } from './class.ts';
import { planPatch } from './class-change.ts';
import type { Wanted } from './names.ts';
import type { ClassPlan, ClassRules, ClassWorld } from './plan.ts';

/**
 * Somebody else's default class is not taken away without being asked.
 * @returns whether one stays, so that ours is not made the default beside it.
 */
export function planForeignDefaults(
  world: ClassWorld,
  rules: ClassRules,
  wanted: readonly Wanted[],
  names: ReadonlyMap<Wanted, string>,
  plan: ClassPlan,
): boolean {
  const chosen = wanted.find((one) => isChosen(one, rules));
  if (!chosen) return false;
  const taken = new Set(names.values());
  const others = world.classes.filter(
    (one) => isDefault(one) && !isOwnClass(one) && !(rules.adopt && taken.has(one.metadata.name)),
  );
  if (others.length === 0) return false;
  if (!rules.takeDefault) {
    const list = others.map(({ metadata }) => metadata.name).join(', ');
    plan.warnings.push(
      `StorageClass ${list} is the cluster's default already and not managed by manila-rwx, so ${names.get(chosen) ?? ''} is not made the default; to hand it over, run this with --take-default`,
    );
    return true;
  }
  for (const live of others) plan.planned.push(takenFrom(live));
  return false;
}

function takenFrom(live: KubeObject): ClassPlan['planned'][number] {
  const fields = [{ path: `metadata.annotations[${DEFAULT_ANNOTATION}]`, before: 'true', after: 'false' }];
  const { change, op } = planPatch(live, fields, { metadata: { annotations: { [DEFAULT_ANNOTATION]: 'false' } } });
  const again = (now: KubeObject | undefined): ClassPlan['planned'][number] | undefined =>
    now && isDefault(now) ? takenFrom(now) : undefined;
  return {
    change: { ...change, destructive: true, reason: 'not managed by manila-rwx; --take-default takes the mark only' },
    op: { ...op, again },
  };
}

/** Is it the class of the share type that the file names as the default? */
function isChosen({ type, audience }: Wanted, rules: ClassRules): boolean {
  return type.name === rules.default && audience === (rules.forAll ? 'all' : 'tenants');
}

/** What the annotation of the default class is to be; undefined leaves it as it is. */
export function defaultMark(
  wanted: Wanted,
  live: KubeObject | undefined,
  rules: ClassRules,
  foreignDefault: boolean,
): 'true' | 'false' | undefined {
  // Without a wish in the file the mark is the users' own.
  if (rules.default === undefined) return undefined;
  if (isChosen(wanted, rules)) return !foreignDefault || (live && isDefault(live)) ? 'true' : undefined;
  const key = live?.kind === SNAPSHOT_CLASS.kind ? DEFAULT_SNAPSHOT_ANNOTATION : DEFAULT_ANNOTATION;
  return live?.metadata.annotations?.[key] === undefined ? undefined : 'false';
}

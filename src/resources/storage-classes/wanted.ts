import type { ShareType } from '../../openstack/types.ts';
import { matchesPattern, type Wanted } from './names.ts';
import type { ClassRules, ClassWorld, TypeWithoutClass } from './plan.ts';
import { byCapabilities, classify, handlesServers } from './usable.ts';

/** Which share types get a class, for everybody and for tenants, and why the others get none. */
export function wantedClasses(world: ClassWorld, rules: ClassRules): { wanted: Wanted[]; without: TypeWithoutClass[] } {
  const types = [...world.types].sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
  const wanted: Wanted[] = [];
  const without: TypeWithoutClass[] = [];
  for (const type of types) {
    const verdicts = [
      ...(rules.forAll ? [['all', classify(type, rules, world, rules.overrides[type.name])] as const] : []),
      ...forTenants(type, world, rules).map((verdict) => ['tenants', verdict] as const),
    ];
    const reasons = new Set<string>();
    for (const [audience, { usable, reason }] of verdicts) {
      if (usable) wanted.push({ type, audience, usable });
      else reasons.add(reason);
    }
    for (const reason of reasons) without.push({ shareType: type.name, shareTypeId: type.id, reason });
  }
  return { wanted, without };
}

/** The verdict on a class for tenants; none where no tenant names the type. */
function forTenants(type: ShareType, world: ClassWorld, rules: ClassRules): ReturnType<typeof classify>[] {
  const naming = world.tenants.filter(({ patterns }) => patterns.some((pattern) => matchesPattern(pattern, type.name)));
  if (naming.length === 0) return [];
  if (!naming.some(({ visible }) => visible.has(type.id))) {
    const projects = [...new Set(naming.map(({ project }) => project))];
    const who = projects.length === 1 ? `project ${projects[0] ?? ''} has no` : `none of ${projects.join(', ')} has`;
    return [{ reason: `it is private, and ${who} access to it` }];
  }
  if (handlesServers(type)) {
    return [
      {
        reason:
          'its back end makes share servers (driver_handles_share_servers), and a share network belongs to one project, so that tenants cannot share a class',
      },
    ];
  }
  return [byCapabilities(type, rules, world, rules.overrides[type.name])];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

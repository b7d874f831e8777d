import { mapLimit } from '../core/concurrency.ts';
import { couldNotRun } from '../core/errors.ts';
import { knownResource } from '../kube/kinds.ts';
import type { KubeClient } from '../kube/types.ts';
import type { Planned } from '../reconcile/change.ts';
import type { ObjectOp } from './kube-objects.ts';

/** One thing that may be allowed or not, as RBAC names it. */
export interface Access {
  verb: string;
  group: string;
  resource: string;
  namespace?: string;
}

/**
 * Asks the API server whether this user may make all of these changes, and do what else is named, before the first
 * change is made.
 * @throws CliError `no-rights` (exit 3) that lists everything that is missing.
 */
export async function refuseWithoutRights(
  kube: KubeClient,
  todo: readonly Planned<ObjectOp>[],
  more: readonly Access[],
  signal: AbortSignal,
): Promise<void> {
  const all = { verb: '*', group: '*', resource: '*' };
  if (todo.length + more.length === 0 || (await kube.can(all, { signal }))) return;
  const wanted = new Map(
    [...more, ...todo.flatMap(({ op }) => accessesOf(op))].map((one) => [JSON.stringify(one), one]),
  );
  const answers = await mapLimit([...wanted.values()], 8, async (one) =>
    (await kube.can(one, { signal })) ? [] : [one],
  );
  const missing = answers.flat();
  if (missing.length > 0) {
    throw couldNotRun('no-rights', `context ${kube.context} may not ${describe(missing)}; nothing was changed`, {
      remedy: 'run it as a user with the role cluster-admin, or have these rights given',
    });
  }
  // A role may only be made by who has all rights in it; that shows in a trial only.
  for (const { op } of todo) {
    if (op.do === 'apply' && op.object.kind === 'ClusterRole') {
      await kube.apply(op.object, { dryRun: true, force: true, signal });
    }
  }
}

function accessesOf(op: ObjectOp): Access[] {
  if (op.do === 'nothing') return [];
  const { apiVersion, kind, metadata } = op.do === 'delete' ? op.live : op.object;
  const known = knownResource(apiVersion, kind);
  if (!known) return [];
  const { namespace } = metadata;
  const base = { group: known.group, resource: known.resource, ...(namespace === undefined ? {} : { namespace }) };
  const verbs = {
    apply: op.do === 'apply' && op.uid ? ['patch'] : ['create', 'patch'],
    replace: ['delete', 'create', 'patch'],
    delete: ['delete'],
  };
  return verbs[op.do].map((verb) => ({ verb, ...base }));
}

/** `create and patch namespaces, csidrivers.storage.k8s.io; create and patch secrets in namespace manila-csi`. */
function describe(missing: readonly Access[]): string {
  const verbs = new Map<string, string[]>();
  const resources = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, key: string, value: string): void => {
    map.set(key, [...(map.get(key) ?? []), value]);
  };
  for (const { verb, group, resource, namespace } of missing) {
    const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
    add(verbs, `${resource}${group === '' ? '' : `.${group}`}|${where}`, verb);
  }
  for (const [key, allowed] of verbs) {
    const [resource = '', where = ''] = key.split('|');
    add(resources, `${allowed.join(' and ')}|${where}`, resource);
  }
  return [...resources]
    .map(([key, names]) => {
      const [verb = '', where = ''] = key.split('|');
      return `${verb} ${names.join(', ')}${where}`;
    })
    .join('; ');
}

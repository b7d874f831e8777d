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
    [...more, ...todo.flatMap(({ op }) => accessesOf(op))].map((access) => [describe(access), access]),
  );
  const answers = await mapLimit([...wanted], 8, async ([text, access]) =>
    (await kube.can(access, { signal })) ? [] : [text],
  );
  const missing = answers.flat();
  if (missing.length > 0) {
    throw couldNotRun('no-rights', `context ${kube.context} may not ${missing.join(', ')}; nothing was changed`, {
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

function describe({ verb, group, resource, namespace }: Access): string {
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  return `${verb} ${resource}${group === '' ? '' : `.${group}`}${where}`;
}

import { CliError, configError } from '../core/errors.ts';
import { mapLimit } from '../core/concurrency.ts';
import { ExitCode } from '../core/exit-codes.ts';
import { OpenStackError } from '../openstack/errors.ts';
import type { Manila } from '../openstack/manila.ts';
import type { ShareType } from '../openstack/types.ts';
import type { Change } from '../reconcile/change.ts';
import type { Resource } from '../reconcile/reconcile.ts';
import { isOursType } from './share-type-mark.ts';

/** The deletion of a type, as it is shown. */
export function removalOf(type: ShareType, reason?: string): Change {
  const why = [reason, type.isDefault ? 'it is the default share type of the cloud' : undefined];
  const text = why.filter((part) => part !== undefined).join('; ');
  return {
    kind: 'ShareType',
    name: type.name,
    action: 'delete',
    fields: [],
    destructive: true,
    ...(text !== '' && { reason: text }),
  };
}

/** Why a type cannot be deleted: shares are of it. */
export function inUse({ name, id }: ShareType, shares: number): CliError {
  return new CliError({
    code: 'type-in-use',
    exitCode: ExitCode.Found,
    message: `share type ${JSON.stringify(name)} is used by ${shares} share${shares === 1 ? '' : 's'}, so it cannot be deleted`,
    remedy: `openstack share list --all-projects --share-type ${id} shows them`,
  });
}

/** Deletes a type that may be gone already. @throws CliError `type-in-use` (exit 1), also for share group types. */
export async function deleteType(manila: Manila, { id, name }: Pick<ShareType, 'id' | 'name'>): Promise<void> {
  try {
    await manila.deleteShareType(id);
  } catch (error) {
    if (!(error instanceof OpenStackError) || error.status !== 400) throw error;
    throw new CliError({
      code: 'type-in-use',
      exitCode: ExitCode.Found,
      message: `share type ${JSON.stringify(name)} is still in use, by shares or by share group types`,
      remedy: `openstack share list --all-projects --share-type ${id}; openstack share group type list`,
      requestId: error.requestId,
      cause: error,
    });
  }
}

/** Types that are to go, by name or id: `sharetype delete`. */
export function shareTypeRemoval(
  manila: Manila,
  types: readonly ShareType[],
  { adopt }: { adopt: boolean },
): Resource<number[], ShareType> {
  return {
    title: 'share types',
    observe: () => mapLimit(types, 8, ({ id }) => manila.countShares({ allProjects: true, shareTypeId: id })),
    plan: (shares, findings) =>
      types.map((type, i) => {
        const used = shares[i] ?? 0;
        if (used > 0) findings.refuse(inUse(type, used));
        if (!adopt && !isOursType(type.extraSpecs)) {
          findings.refuse(
            configError('not-ours', `share type ${JSON.stringify(type.name)} was not made by manila-rwx`, {
              remedy: 'delete it all the same with --adopt',
            }),
          );
        }
        return { change: removalOf(type), op: type };
      }),
    perform: ({ op }) => deleteType(manila, op),
  };
}

import type { Context } from '../../../core/context.ts';
import { CliError } from '../../../core/errors.ts';
import { ExitCode } from '../../../core/exit-codes.ts';
import { type CommandResult, result } from '../../../core/result.ts';
import { describeUsers, secretUsers } from '../../../drivers/secret-users.ts';
import { reconcile } from '../../../reconcile/reconcile.ts';
import { inSequence } from '../../../reconcile/sequence.ts';
import { secretNameOf, titleOf } from '../../../resources/credential-holder.ts';
import { credentialRemoval } from '../../../resources/credential-removal.ts';
import { kubeObjectRemoval } from '../../../resources/kube-objects.ts';
import { withTarget } from './target.ts';

export interface DeleteOptions {
  tenant?: string;
}

/** Revokes a credential and deletes its Secret. Exit 1 while volumes or snapshots need it. */
export async function run(ctx: Context, options: DeleteOptions): Promise<CommandResult<'change-set'>> {
  return withTarget(ctx, options, async ({ kube, session, loaded, namespace, clusterId, tenant, spec }) => {
    const name = secretNameOf({ tenant });
    const users = (await secretUsers(kube, namespace)).get(name) ?? [];
    if (users.length > 0) {
      throw new CliError({
        code: 'in-use',
        exitCode: ExitCode.Found,
        message: `${titleOf({ tenant })} is needed by ${describeUsers(users)}; nothing was removed`,
        remedy: 'delete the snapshots, then the claims, and wait until their volumes are gone: kubectl get pv',
      });
    }
    // Of a tenant that the file has no more, the Secret alone tells whose the credential is.
    const gone = { user: 'create', project: undefined, cloud: undefined };
    const { user, project, cloud } = spec ?? (tenant === undefined ? loaded.config.credential : gone);
    const removals = [
      // First at Keystone: the Secret tells what is there, so a run that is stopped can be finished by it.
      credentialRemoval(ctx, kube, session, { namespace, clusterId, tenant, user, project, cloud }),
      kubeObjectRemoval(ctx, kube, 'its Secret', [{ apiVersion: 'v1', kind: 'Secret', name, namespace }]),
    ];
    return result('change-set', await reconcile(ctx, inSequence(titleOf({ tenant }), removals)));
  });
}

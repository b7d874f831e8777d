import type { Context } from '../../core/context.ts';
import type { CliError } from '../../core/errors.ts';
import { usageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { Manila } from '../../openstack/manila.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import { shareTypeRemoval } from '../../resources/share-type-removal.ts';
import { withCloud } from '../with-cloud.ts';

export interface ShareTypeDeleteOptions {
  adopt?: boolean;
}

/**
 * Deletes share types by name or id.
 * @throws CliError `usage` (exit 2) where there is no such type; `type-in-use` (exit 1); `not-ours` (exit 2).
 */
export async function run(
  ctx: Context,
  options: ShareTypeDeleteOptions,
  names: string[],
): Promise<CommandResult<'change-set'>> {
  return withCloud(ctx, async (session) => {
    const manila = await Manila.connect(session, ctx);
    const all = await manila.listShareTypes();
    const types = names.map((name) => {
      const found = all.find((one) => one.name === name) ?? all.find((one) => one.id === name);
      if (found) return found;
      throw unknown(
        name,
        all.map((one) => one.name),
      );
    });
    const resource = shareTypeRemoval(manila, [...new Set(types)], { adopt: options.adopt === true });
    return result('change-set', await reconcile(ctx, resource));
  });
}

function unknown(name: string, known: string[]): CliError {
  return usageError(`Manila has no share type ${JSON.stringify(name)}${didYouMean(name, known)}; nothing was deleted`, {
    remedy: 'manila-rwx sharetype list shows them',
  });
}

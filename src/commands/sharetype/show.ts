import type { Context } from '../../core/context.ts';
import { usageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { OpenStackError } from '../../openstack/errors.ts';
import { Manila } from '../../openstack/manila.ts';
import { shareTypeEntry } from '../../openstack/share-type-report.ts';
import { withCloud } from '../with-cloud.ts';

/** @throws CliError `usage` (exit 2) where there is no such type. */
export async function run(ctx: Context, _options: object, name: string): Promise<CommandResult<'share-type'>> {
  return withCloud(ctx, async (session) => {
    const manila = await Manila.connect(session, ctx);
    const types = await manila.listShareTypes();
    const type = types.find((one) => one.name === name) ?? types.find((one) => one.id === name);
    if (!type) {
      const names = types.map((one) => one.name);
      throw usageError(
        `Manila has no share type ${JSON.stringify(name)}, or does not show it to this user${didYouMean(name, names)}`,
        {
          remedy: 'manila-rwx sharetype list shows them',
        },
      );
    }
    const [projects, pools] = await Promise.all([
      type.isPublic ? undefined : ifAllowed(manila.listTypeAccess(type.id)),
      ifAllowed(manila.listPools(type.id)),
    ]);
    return result('share-type', {
      ...shareTypeEntry(type),
      ...(projects && { projects }),
      ...(pools && { pools: pools.map((pool) => pool.name).sort() }),
    });
  });
}

/** undefined where only administrators may look. */
async function ifAllowed<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof OpenStackError && error.status === 403) return undefined;
    throw error;
  }
}

import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { Manila } from '../../openstack/manila.ts';
import { byName, shareTypeEntry } from '../../openstack/share-type-report.ts';
import { withCloud } from '../with-cloud.ts';

export async function run(ctx: Context): Promise<CommandResult<'share-type-list'>> {
  return withCloud(ctx, async (session) => {
    const manila = await Manila.connect(session, ctx);
    const types = await manila.listShareTypes();
    return result('share-type-list', { shareTypes: types.map(shareTypeEntry).sort(byName) });
  });
}

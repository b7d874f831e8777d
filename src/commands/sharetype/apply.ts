import { requireConfig } from '../../config/load.ts';
import type { Context } from '../../core/context.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { Keystone } from '../../openstack/identity-admin.ts';
import { Manila } from '../../openstack/manila.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import { ShareTypesResource } from '../../resources/share-types.ts';
import { withCloud } from '../with-cloud.ts';

export interface ShareTypeApplyOptions {
  adopt?: boolean;
  prune?: boolean;
  force?: boolean;
}

/** Exit 1 where the cloud is too old for a part of what the file says. */
export async function run(ctx: Context, options: ShareTypeApplyOptions): Promise<CommandResult<'change-set'>> {
  return withCloud(
    ctx,
    async (session, loaded) => {
      const manila = await Manila.connect(session, ctx);
      const keystone = new Keystone(session);
      const done = await reconcile(ctx, new ShareTypesResource(ctx, { manila, keystone, loaded, ...options }));
      return result('change-set', done, done.leftOut ? ExitCode.Found : ExitCode.Done);
    },
    requireConfig,
  );
}

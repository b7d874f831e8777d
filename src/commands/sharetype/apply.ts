import { requireConfig } from '../../config/load.ts';
import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { Keystone } from '../../openstack/identity-admin.ts';
import { Manila } from '../../openstack/manila.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import { ShareTypesResource } from '../../resources/share-types.ts';
import { withCloud } from '../with-cloud.ts';

export interface ShareTypeApplyOptions {
  adopt?: boolean;
}

export async function run(ctx: Context, options: ShareTypeApplyOptions): Promise<CommandResult<'change-set'>> {
  return withCloud(
    ctx,
    async (session, loaded) => {
      const manila = await Manila.connect(session, ctx);
      const keystone = new Keystone(session);
      const resource = new ShareTypesResource(ctx, { manila, keystone, loaded, adopt: options.adopt ?? false });
      return result('change-set', await reconcile(ctx, resource));
    },
    requireConfig,
  );
}

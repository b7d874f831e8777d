import { requireConfig } from '../../config/load.ts';
import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { Keystone } from '../../openstack/identity-admin.ts';
import { Manila } from '../../openstack/manila.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import { QuotasResource } from '../../resources/quotas.ts';
import { withCloud } from '../with-cloud.ts';

export async function run(ctx: Context): Promise<CommandResult<'change-set'>> {
  return withCloud(
    ctx,
    async (session, loaded) => {
      const manila = await Manila.connect(session, ctx);
      const resource = new QuotasResource({ manila, keystone: new Keystone(session), loaded });
      return result('change-set', await reconcile(ctx, resource));
    },
    requireConfig,
  );
}

import { requireConfig } from '../../config/load.ts';
import type { Context } from '../../core/context.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { Keystone } from '../../openstack/identity-admin.ts';
import { Manila } from '../../openstack/manila.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import { QuotasResource } from '../../resources/quotas.ts';
import { withCloud } from '../with-cloud.ts';

export interface QuotaApplyOptions {
  force?: boolean;
}

/** Exit 1 where the cloud is too old for some of the limits. */
export async function run(ctx: Context, { force }: QuotaApplyOptions): Promise<CommandResult<'change-set'>> {
  return withCloud(
    ctx,
    async (session, loaded) => {
      const manila = await Manila.connect(session, ctx);
      const resource = new QuotasResource(ctx, { manila, keystone: new Keystone(session), loaded, force });
      const done = await reconcile(ctx, resource);
      return result('change-set', done, done.leftOut ? ExitCode.Found : ExitCode.Done);
    },
    requireConfig,
  );
}

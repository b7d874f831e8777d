import type { Context } from '../../core/context.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { reconcileParts } from '../../reconcile/reconcile.ts';
import { withSections } from '../../sections/open.ts';

export interface TenantApplyOptions {
  prune?: boolean;
}

/** The section `tenants` of the file alone. */
export async function run(ctx: Context, { prune }: TenantApplyOptions): Promise<CommandResult<'apply'>> {
  return withSections(ctx, { only: 'tenants', prune: prune === true }, async ({ path, parts, report }) => {
    const done = await reconcileParts(ctx, path, parts);
    return result('apply', report(done), done.leftOut ? ExitCode.Found : ExitCode.Done);
  });
}

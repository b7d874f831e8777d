import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { planParts } from '../../reconcile/reconcile.ts';
import { type FileOptions, withSections } from '../../sections/open.ts';

/** Shows what `apply` would do. Reads only. */
export async function run(ctx: Context, options: FileOptions): Promise<CommandResult<'plan'>> {
  return withSections(ctx, options, async ({ parts, report }) => result('plan', report(await planParts(ctx, parts))));
}

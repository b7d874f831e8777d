import type { Context } from '../../core/context.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { reconcileParts } from '../../reconcile/reconcile.ts';
import { type FileOptions, withSections } from '../../sections/open.ts';

export interface ApplyOptions extends FileOptions {
  /** False with `--no-wait`. */
  wait: boolean;
}

/** Makes everything as the file says. Exit 1 where this cloud is too old for a part of it. */
export async function run(ctx: Context, options: ApplyOptions): Promise<CommandResult<'apply'>> {
  return withSections(ctx, options, async ({ path, parts, report }) => {
    const done = await reconcileParts(ctx, path, parts);
    if (options.wait && ctx.global.dryRun === 'none') {
      for (const { name, afterwards } of parts) {
        await afterwards?.(done.changes.some(({ section, action }) => section === name && action !== 'none'));
      }
    }
    return result('apply', report(done), done.leftOut ? ExitCode.Found : ExitCode.Done);
  });
}

import type { Context } from '../../core/context.ts';
import { CliError } from '../../core/errors.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { planParts } from '../../reconcile/reconcile.ts';
import { type FileOptions, withSections } from '../../sections/open.ts';

/** Refusals that are not about the file: the world went where `apply` cannot take it back from. */
const DRIFT = new Set(['share-type-immutable', 'share-type-case', 'not-ours', 'no-back-end', 'quota-conflict']);

/** As `plan`; exit 1 where anything differs, so that a pipeline can stand guard. */
export async function run(ctx: Context, options: FileOptions): Promise<CommandResult<'plan'>> {
  try {
    return await withSections(ctx, options, async ({ parts, report }) => {
      const plan = report(await planParts(ctx, parts));
      const same = plan.summary.none === plan.changes.length && plan.leftOut === undefined;
      return result('plan', plan, same ? ExitCode.Done : ExitCode.Found);
    });
  } catch (error) {
    throw isDrift(error) ? asFound(error) : error;
  }
}

function isDrift(error: unknown): error is CliError {
  if (!(error instanceof CliError)) return false;
  const all = error.errors.length > 0 ? error.errors : [error];
  return all.every(({ code }) => DRIFT.has(code));
}

function asFound(error: CliError): CliError {
  const { code, message, remedy, errors } = error;
  return new CliError({ code, message, remedy, errors, exitCode: ExitCode.Found, cause: error });
}

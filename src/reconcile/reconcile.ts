import { isDeepStrictEqual } from 'node:util';
import { mapLimit } from '../core/concurrency.ts';
import type { Context } from '../core/context.ts';
import { CliError, couldNotRun, messageOf, usageError } from '../core/errors.ts';
import { ExitCode } from '../core/exit-codes.ts';
import { result } from '../core/result.ts';
import { type Change, type ChangeSet, type Planned, summarize } from './change.ts';
import { describeChange } from './describe.ts';

/**
 * One kind of thing that is kept as a file says. `plan` is pure; each `perform` is safe to repeat, so that a run
 * that was stopped anywhere is finished by the next one.
 */
export interface Resource<Observed, Op> {
  /** Named in questions and errors: `share types`. */
  title: string;
  /** Reads the world. No writes. */
  observe(signal: AbortSignal): Promise<Observed>;
  /** What must change, in the order in which it may be shown. Things that are right are listed with action `none`. */
  plan(observed: Observed): Planned<Op>[];
  /** Makes one change. With `dryRun` the server is asked to check it and to keep nothing. */
  perform(planned: Planned<Op>, options: { dryRun: boolean; signal: AbortSignal }): Promise<void>;
  /**
   * Splits the changes into stages that run one after the other; within a stage they run side by side.
   * Without it, all are one stage.
   */
  stages?(planned: Planned<Op>[]): Planned<Op>[][];
  /** Does `perform` know a server-side dry run? Otherwise `--dry-run=server` is refused. */
  serverDryRun?: boolean;
}

/** At most this many writes are under way at once; more does not make Manila or the API server faster. */
const CONCURRENCY = 8;

/**
 * Observes, plans, asks where something would be lost, and does it.
 *
 * @returns what was changed (or would be, with `--dry-run`).
 * @throws CliError `not-confirmed` (exit 2) if it may not ask and `--yes` was not given; `moved` (exit 3) if the
 *   world changed between showing and doing; `apply-failed` (exit 3) with the changes made so far.
 */
export async function reconcile<Observed, Op>(ctx: Context, resource: Resource<Observed, Op>): Promise<ChangeSet> {
  const { dryRun } = ctx.global;
  if (dryRun === 'server' && !resource.serverDryRun) {
    throw usageError(
      `${resource.title} know no --dry-run=server: their service cannot try a change without making it`,
      {
        remedy: 'use --dry-run=client',
      },
    );
  }
  let planned = resource.plan(await resource.observe(ctx.signal));
  if (dryRun === 'none' && (await confirmDestructive(ctx, resource.title, planned))) {
    planned = await recheck(ctx, resource, planned);
  }
  if (dryRun !== 'client') await perform(ctx, resource, planned);
  const changes = planned.map(({ change }) => change);
  return { dryRun, changes, summary: summarize(changes) };
}

/** Shows what would be lost and asks. Returns whether it asked (time has passed, so the world may have moved). */
async function confirmDestructive(ctx: Context, title: string, planned: Planned<unknown>[]): Promise<boolean> {
  const destructive = planned.filter(({ change }) => change.destructive && change.action !== 'none');
  if (destructive.length === 0 || ctx.global.yes) return false;
  const list = destructive.map(({ change }) => `  ${describeChange(change)}`).join('\n');
  if (!ctx.io.interactive) {
    throw new CliError({
      code: 'not-confirmed',
      exitCode: ExitCode.Usage,
      message: `some changes to ${title} replace or delete things:\n${list}`,
      remedy: 'look at them with --dry-run, then run it again with --yes',
    });
  }
  ctx.io.note(`These changes to ${title} replace or delete things:\n${list}`);
  if (!(await ctx.io.confirm('Go on?', ctx.signal))) {
    throw new CliError({ code: 'not-confirmed', exitCode: ExitCode.Usage, message: 'stopped; nothing was changed' });
  }
  return true;
}

/** Reads the world again after a question was answered, and refuses if the plan is no longer what was shown. */
async function recheck<Observed, Op>(ctx: Context, resource: Resource<Observed, Op>, shown: Planned<Op>[]) {
  const now = resource.plan(await resource.observe(ctx.signal));
  const changesOf = (planned: Planned<Op>[]): Change[] => planned.map(({ change }) => change);
  if (!isDeepStrictEqual(changesOf(now), changesOf(shown))) {
    throw couldNotRun('moved', `${resource.title} changed while you were asked; nothing was done`, {
      remedy: 'run it again to see the changes as they are now',
    });
  }
  return now;
}

async function perform<Observed, Op>(ctx: Context, resource: Resource<Observed, Op>, planned: Planned<Op>[]) {
  const todo = planned.filter(({ change }) => change.action !== 'none');
  const dryRun = ctx.global.dryRun === 'server';
  const made: Change[] = [];
  for (const stage of resource.stages?.(todo) ?? [todo]) {
    try {
      await mapLimit(stage, CONCURRENCY, async (one) => {
        ctx.signal.throwIfAborted();
        await resource.perform(one, { dryRun, signal: ctx.signal });
        made.push(one.change);
        ctx.io.detail(describeChange(one.change));
      });
    } catch (error) {
      if (ctx.signal.aborted) throw error;
      throw withWhatWasMade(error, ctx, made);
    }
  }
}

/** The same error, carrying the changes that were made before it, so that nothing half done goes unseen. */
function withWhatWasMade(error: unknown, ctx: Context, made: Change[]): unknown {
  if (!(error instanceof CliError)) return error;
  const done: ChangeSet = { dryRun: ctx.global.dryRun, changes: made, summary: summarize(made) };
  const note =
    made.length > 0 && done.dryRun === 'none'
      ? ` (${made.length} of the changes were made before; running it again makes the rest)`
      : '';
  return new CliError({
    code: error.code,
    exitCode: error.exitCode,
    message: `${messageOf(error)}${note}`,
    remedy: error.remedy,
    requestId: error.requestId,
    cause: error,
    result: made.length > 0 ? result('change-set', done) : undefined,
  });
}

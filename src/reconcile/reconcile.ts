import { isDeepStrictEqual } from 'node:util';
import { mapLimit } from '../core/concurrency.ts';
import type { Context } from '../core/context.ts';
import { CliError, couldNotRun, messageOf, usageError } from '../core/errors.ts';
import { ExitCode } from '../core/exit-codes.ts';
import { result } from '../core/result.ts';
import { type Change, type ChangeSet, type Planned, summarize } from './change.ts';
import { describeChange } from './describe.ts';
import { Findings, type LeftOut } from './findings.ts';

/**
 * One kind of thing that is kept as a file says. `plan` is pure; each `perform` is safe to repeat, so that a run
 * that was stopped anywhere is finished by the next one.
 */
export interface Resource<Observed, Op> {
  /** Named in questions and errors: `share types`. */
  title: string;
  /** Reads the world. No writes. What stands in the way is thrown, or told to `findings` where there is more to see. */
  observe(signal: AbortSignal, findings: Findings): Promise<Observed>;
  /** What must change, in the order in which it may be shown. Things that are right are listed with action `none`. */
  plan(observed: Observed, findings: Findings): Planned<Op>[];
  /** Makes one change. With `dryRun` the server is asked to check it and to keep nothing. */
  perform(planned: Planned<Op>, options: { dryRun: boolean; signal: AbortSignal }): Promise<void>;
  /**
   * Splits the changes into stages that run one after the other; within a stage they run side by side.
   * Without it, all are one stage.
   */
  stages?(planned: Planned<Op>[]): Planned<Op>[][];
  /** How many changes are made at once, where it is known that more than the usual is faster. */
  concurrency?: number;
  /** Does `perform` know a server-side dry run? Otherwise `--dry-run=server` is refused. */
  serverDryRun?: boolean;
}

/** A resource whatever it observes and does: each gets back only what it handed out. */
export type AnyResource = Resource<unknown, unknown>;

/** One of several resources that are kept together, in the order in which they are done. */
export interface Part {
  /** The key of the file that asks for it. */
  name: string;
  resource: AnyResource;
  /**
   * Parts whose changes this one builds on. What it does was planned with what they were going to make, so it is
   * read and planned again when they have made it.
   */
  builtOn?: readonly string[];
}

/** At most this many writes are under way at once; more does not make Manila or the API server faster. */
const CONCURRENCY = 8;

/**
 * Observes, plans, asks where something would be lost, and does it.
 *
 * @returns what was changed (or would be, with `--dry-run`).
 * @throws CliError `not-confirmed` (exit 2) if it may not ask and `--yes` was not given; `moved` (exit 3) if the
 *   world changed between showing and doing; what stands in the way, all together; any other with the changes made
 *   before it.
 */
export async function reconcile<Observed, Op>(ctx: Context, resource: Resource<Observed, Op>): Promise<ChangeSet> {
  return reconcileParts(ctx, resource.title, [{ name: '', resource: resource }]);
}

/** As {@link reconcile}, for several resources: all are read, planned, shown and confirmed before the first is done. */
export async function reconcileParts(ctx: Context, title: string, parts: readonly Part[]): Promise<ChangeSet> {
  const { dryRun } = ctx.global;
  refuseServerDryRun(ctx, parts);
  let plan = await look(ctx, parts);
  if (dryRun === 'none' && (await confirmDestructive(ctx, title, plan))) plan = await recheck(ctx, title, parts, plan);
  if (dryRun !== 'client') await performAll(ctx, parts, plan);
  return changeSet(ctx, plan);
}

/** Only looks: what `reconcileParts` would do. */
export async function planParts(ctx: Context, parts: readonly Part[]): Promise<ChangeSet> {
  return { ...changeSet(ctx, await look(ctx, parts)), dryRun: 'client' };
}

interface Plan {
  /** What each part is going to do. */
  byPart: Planned<unknown>[][];
  leftOut: LeftOut[];
}

async function look(ctx: Context, parts: readonly Part[]): Promise<Plan> {
  const findings = new Findings();
  const observed = await Promise.all(
    parts.map(({ resource }) =>
      findings.collect(async () => ({ world: await resource.observe(ctx.signal, findings) })),
    ),
  );
  const byPart: Planned<unknown>[][] = [];
  for (const [i, { name, resource }] of parts.entries()) {
    const seen = observed[i];
    const planned = seen && (await findings.collect(async () => resource.plan(seen.world, findings)));
    if (name !== '') for (const { change } of planned ?? []) change.section = name;
    byPart.push(planned ?? []);
  }
  findings.throwIfRefused();
  return { byPart, leftOut: findings.leftOut };
}

function changeSet({ global: { dryRun } }: Context, { byPart, leftOut }: Plan): ChangeSet {
  const changes = byPart.flatMap((planned) => planned.map(({ change }) => change));
  return { dryRun, changes, summary: summarize(changes), ...(leftOut.length > 0 && { leftOut }) };
}

function refuseServerDryRun({ global }: Context, parts: readonly Part[]): void {
  const unable = parts.filter(({ resource }) => !resource.serverDryRun);
  if (global.dryRun !== 'server' || unable.length === 0) return;
  throw usageError(
    `${unable.map(({ resource }) => resource.title).join(', ')} know no --dry-run=server: their service cannot try a change without making it`,
    { remedy: 'use --dry-run=client' },
  );
}

/** Shows what would be lost and asks. Returns whether it asked (time has passed, so the world may have moved). */
async function confirmDestructive(ctx: Context, title: string, { byPart }: Plan): Promise<boolean> {
  const destructive = byPart.flat().filter(({ change }) => change.destructive && change.action !== 'none');
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
async function recheck(ctx: Context, title: string, parts: readonly Part[], shown: Plan): Promise<Plan> {
  const now = await look(ctx, parts);
  if (!isDeepStrictEqual(changeSet(ctx, now).changes, changeSet(ctx, shown).changes)) {
    throw couldNotRun('moved', `${title} changed while you were asked; nothing was done`, {
      remedy: 'run it again to see the changes as they are now',
    });
  }
  return now;
}

async function performAll(ctx: Context, parts: readonly Part[], plan: Plan): Promise<void> {
  const progress: Progress = { made: [], underWay: new Set() };
  const total = changeSet(ctx, plan).changes.filter(({ action }) => action !== 'none').length;
  const changed = new Set<string>();
  try {
    for (const [i, part] of parts.entries()) {
      const shown = plan.byPart[i] ?? [];
      const builds = part.builtOn?.some((name) => changed.has(name)) === true && ctx.global.dryRun === 'none';
      const planned = builds ? await planAgain(ctx, part, shown) : shown;
      plan.byPart[i] = planned;
      const before = progress.made.length;
      await perform(ctx, part.resource, planned, progress);
      if (progress.made.length > before) changed.add(part.name);
    }
  } catch (error) {
    throw withWhatWasMade(error, ctx, progress, total);
  }
}

/** Now that what it builds on is there: the same changes as were shown, with the ids that were not known then. */
async function planAgain(ctx: Context, part: Part, shown: Planned<unknown>[]): Promise<Planned<unknown>[]> {
  const plan = await look(ctx, [part]);
  const now = plan.byPart[0] ?? [];
  if (!isDeepStrictEqual(now.map(outline), shown.map(outline))) {
    throw couldNotRun('moved', `${part.resource.title} are no longer what they were when the changes were planned`, {
      remedy: 'run it again to see the changes as they are now',
    });
  }
  return now;
}

function outline({ change }: Planned<unknown>): unknown {
  const { kind, name, action, destructive, fields } = change;
  return { kind, name, action, destructive, paths: fields.map(({ path }) => path) };
}

interface Progress {
  made: Change[];
  underWay: Set<Change>;
}

async function perform(ctx: Context, resource: AnyResource, planned: Planned<unknown>[], progress: Progress) {
  const todo = planned.filter(({ change }) => change.action !== 'none');
  const dryRun = ctx.global.dryRun === 'server';
  for (const stage of resource.stages?.(todo) ?? [todo]) {
    await mapLimit(stage, resource.concurrency ?? CONCURRENCY, async (one) => {
      ctx.signal.throwIfAborted();
      progress.underWay.add(one.change);
      await resource.perform(one, { dryRun, signal: ctx.signal });
      progress.underWay.delete(one.change);
      progress.made.push(one.change);
      ctx.io.detail(describeChange(one.change));
    });
  }
}

/** The same error, carrying the changes that were made before it, so that nothing half done goes unseen. */
function withWhatWasMade(error: unknown, ctx: Context, { made, underWay }: Progress, total: number): unknown {
  const { aborted } = ctx.signal;
  if (!(error instanceof CliError) && !aborted) return error;
  const open = aborted ? [...underWay] : [];
  const done: ChangeSet = {
    dryRun: ctx.global.dryRun,
    changes: made,
    summary: summarize(made),
    ...(open.length > 0 && { underWay: open }),
  };
  const known = made.length + open.length > 0 && done.dryRun === 'none' ? result('change-set', done) : undefined;
  if (aborted) {
    const unsure = open.length > 0 ? `; ${open.length} more were under way and may have been made` : '';
    return new CliError({
      code: 'stopped',
      exitCode: ExitCode.Interrupted,
      message: `${made.length} of ${total} changes were made${unsure}`,
      remedy: 'running it again makes the rest',
      cause: error,
      result: known,
    });
  }
  const failed = error as CliError;
  const note = known ? ` (${made.length} of the changes were made before; running it again makes the rest)` : '';
  return new CliError({
    code: failed.code,
    exitCode: failed.exitCode,
    message: `${messageOf(failed)}${note}`,
    remedy: failed.remedy,
    requestId: failed.requestId,
    errors: failed.errors,
    cause: failed,
    result: known ?? failed.result,
  });
}

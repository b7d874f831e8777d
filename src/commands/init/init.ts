import type { Context } from '../../core/context.ts';
import type { Choice } from '../../core/prompt/choose.ts';
import { CliError, usageError } from '../../core/errors.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { parseConfig } from '../../config/load.ts';
import type { LoadedConfig } from '../../config/types.ts';
import { planParts } from '../../reconcile/reconcile.ts';
import type { FileChanges } from '../../sections/report.ts';
import { equivalentCommand } from '../../init/command-line.ts';
import { edited } from '../../init/document.ts';
import { readTarget, refuseSecrets, type TargetFile, writeTarget } from '../../init/existing-file.ts';
import { editsOf } from '../../init/interview.ts';
import { shownDiff } from '../../init/line-diff.ts';
import type { InitReport } from '../../init/report.ts';
import { answersFromFlags, type Interviewed, Wizard } from '../../init/wizard.ts';
import { atCloud, atContext, World } from '../../init/world.ts';

export interface InitOptions extends Record<string, unknown> {
  import?: boolean;
  apply?: boolean;
  skipCloud?: boolean;
  skipCluster?: boolean;
}

/** From nothing to a file that works: looks, asks what is left, shows, and writes. */
export async function run(ctx: Context, options: InitOptions): Promise<CommandResult<'init'>> {
  if (ctx.global.dryRun === 'server') {
    throw usageError('init knows no --dry-run=server: it writes a file', { remedy: 'use --dry-run' });
  }
  const target = await readTarget(ctx);
  const world = await World.open(ctx);
  try {
    const wizard = new Wizard(ctx, world, {
      flags: answersFromFlags(ctx, options),
      file: target.content,
      skip: [
        ...(options.skipCloud ? (['cloud'] as const) : []),
        ...(options.skipCluster ? (['cluster'] as const) : []),
      ],
    });
    for (;;) {
      const proposal = await propose(ctx, target, wizard, await wizard.run());
      await show(ctx, target, proposal);
      const wish = await decide(ctx, target, proposal, options);
      if (wish === 'back') wizard.back();
      else return await carryOut(ctx, target, proposal, wish);
    }
  } finally {
    world.close();
  }
}

/** What the user wants done with the file. */
type Wish = 'write' | 'apply' | 'stop';

interface Proposal {
  report: InitReport;
  /** The context of what works by the file: at the cloud and the cluster that it is about. */
  ctx: Context;
}

async function propose(
  ctx: Context,
  target: TargetFile,
  wizard: Wizard,
  { answers, view }: Interviewed,
): Promise<Proposal> {
  const text = edited(target.text, editsOf(answers, view));
  refuseSecrets(ctx, text, target.shown);
  const own = { ...atContext(atCloud(ctx, answers.cloud ?? ''), answers.context) };
  const skipped = { skipCloud: wizard.skip.has('cloud'), skipCluster: wizard.skip.has('cluster') };
  const report: InitReport = {
    file: target.shown,
    outcome: text === target.text ? 'unchanged' : 'written',
    text,
    command: equivalentCommand(answers, ctx.global, skipped),
    ...(view.cloud
      ? await planOf(own, parseConfig(text, target.shown))
      : { planProblem: 'the cloud was not looked at' }),
  };
  return { report, ctx: own };
}

/** What `plan` says of a file that is not written yet; that it cannot say anything is no reason not to write it. */
async function planOf(
  ctx: Context,
  loaded: LoadedConfig & { path: string },
): Promise<Pick<InitReport, 'plan' | 'planProblem'>> {
  const { withSections } = await import('../../sections/open.ts');
  const progress = await ctx.io.progress('asking what would change');
  try {
    const plan = await withSections(
      ctx,
      {},
      async ({ parts, report }) => report(await planParts(ctx, parts)),
      () => Promise.resolve(loaded),
    );
    progress.succeed('asked what would change');
    return { plan };
  } catch (error) {
    progress.fail();
    if (!(error instanceof CliError) || ctx.signal.aborted) throw error;
    return { planProblem: `${error.message}${error.remedy ? `; ${error.remedy}` : ''}` };
  }
}

/** The file or what changes in it, what `plan` says, and the command that gives the file without a question. */
async function show(ctx: Context, target: TargetFile, { report }: Proposal): Promise<void> {
  const { io } = ctx;
  const { plan, planProblem } = report;
  if (target.text === undefined) io.note(`\n${target.shown}:\n\n${indented(report.text)}\n`);
  else if (report.outcome === 'written') {
    io.note(`\n${target.shown} would change:\n\n${indented(shownDiff(target.text, report.text).join('\n'))}\n`);
  }
  if (plan) io.note(`plan:\n\n${indented(await planText(ctx, plan))}\n`);
  else io.note(`what it would change cannot be told: ${planProblem ?? ''}\n`);
  io.note(`the same without a question:\n\n  ${report.command}\n`);
}

async function planText(ctx: Context, plan: FileChanges): Promise<string> {
  const [{ planView }, { Chalk }] = await Promise.all([import('../../report/views/file-changes.ts'), import('chalk')]);
  return planView.table(plan, { chalk: new Chalk({ level: ctx.io.fancy ? 1 : 0 }), width: undefined, verbose: false });
}

async function decide(
  ctx: Context,
  target: TargetFile,
  { report }: Proposal,
  options: InitOptions,
): Promise<Wish | 'back'> {
  const { io, global } = ctx;
  if (global.dryRun !== 'none') return 'stop';
  const overwrites = target.text !== undefined && report.outcome === 'written';
  const wanted: Wish = options.apply === true ? 'apply' : 'write';
  if (!io.interactive) {
    if (overwrites && !global.yes) throw notConfirmed(target, report);
    return wanted;
  }
  const choices = wishes(target, report);
  if (!overwrites && (options.apply === true || choices.length === 1)) return wanted;
  const [wish = 'back'] = (await io.choose<Wish>({ message: 'What now?', choices, back: true }, ctx.signal)) ?? [];
  return wish;
}

function wishes({ shown }: TargetFile, { plan, outcome }: InitReport): Choice<Wish>[] {
  const todo = plan === undefined ? 0 : plan.changes.length - plan.summary.none;
  const hint = todo > 0 ? 'manila-rwx apply does the rest later' : shown;
  const isNew = outcome === 'written';
  const apply: Choice<Wish> = {
    value: 'apply',
    name: isNew ? 'write it and apply' : 'apply',
    hint: 'makes what the plan shows',
  };
  const stop: Choice<Wish> = { value: 'stop', name: 'stop', hint: 'nothing is written' };
  return [
    ...(todo > 0 ? [apply] : []),
    { value: 'write', name: isNew ? 'write it' : 'leave it at that', hint },
    ...(isNew ? [stop] : []),
  ];
}

async function carryOut(
  ctx: Context,
  target: TargetFile,
  proposal: Proposal,
  wish: Wish,
): Promise<CommandResult<'init'>> {
  const { report } = proposal;
  if (wish === 'stop') return result('init', { ...report, outcome: 'not-written' });
  if (report.outcome === 'written') await writeTarget(ctx, target, report.text);
  if (wish === 'write') return result('init', report);
  ctx.io.note(`${target.shown} ${report.outcome === 'written' ? 'is written' : 'is so already'}`);
  const { run: apply } = await import('../file/apply.ts');
  const own = { ...proposal.ctx, global: { ...proposal.ctx.global, file: target.path } };
  const { data, exitCode } = await apply(own, { wait: true });
  return result('init', { ...report, applied: data }, exitCode);
}

function notConfirmed(target: TargetFile, report: InitReport): CliError {
  return new CliError({
    code: 'not-confirmed',
    exitCode: 2,
    message: `${target.shown} is there and would change:\n${shownDiff(target.text ?? '', report.text).join('\n')}`,
    remedy: 'run it again with --yes to have it written, or name another file with -f',
  });
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}

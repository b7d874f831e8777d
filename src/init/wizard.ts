import type { Context } from '../core/context.ts';
import { CliError, couldNotRun, usageError } from '../core/errors.ts';
import { cloudLines, clusterLines, settledLine } from './announce.ts';
import { ask } from './ask.ts';
import { type Missing, type Settled, type State, step } from './interview.ts';
import type { View } from './question.ts';
import { type AnyAnswer, type Answers, QUESTION_IDS, type QuestionId, questionRow } from './question-table.ts';
import { type Facts, SurveyFailed, type World } from './world.ts';

type Side = 'cloud' | 'cluster';
const SIDES: readonly Side[] = ['cloud', 'cluster'];

export interface Interviewed {
  answers: Answers;
  view: View;
}

/** Leads through the questions on the terminal; without one, to the answers or to all that is missing. */
export class Wizard {
  /** Sides that are not looked at. */
  readonly skip: Set<Side>;
  readonly #ctx: Context;
  readonly #world: World;
  readonly #state: State;
  readonly #reopened = new Set<QuestionId>();
  /** Questions in the order in which they were asked: the way back. */
  readonly #history: QuestionId[] = [];
  /** Answers that were gone back from. */
  readonly #remembered = new Map<QuestionId, AnyAnswer>();
  readonly #said = new Set<string>();
  #facts: Facts | undefined;

  constructor(ctx: Context, world: World, options: { flags: Answers; file: State['file']; skip: Iterable<Side> }) {
    const { flags, file } = options;
    this.#ctx = ctx;
    this.#world = world;
    this.#state = { flags: { ...flags }, asked: {}, interactive: ctx.io.interactive, file };
    this.skip = new Set(options.skip);
  }

  /** @throws CliError `missing-answers` (exit 2) with all that nobody could be asked, `usage` for wrong flags. */
  async run(): Promise<Interviewed> {
    for (;;) {
      const now = step(this.#state, { ...this.#known(), reopened: this.#reopened }, this.#knownSides());
      if ('impossible' in now) throw couldNotRun('init-impossible', now.impossible.message, now.impossible);
      if ('wrong' in now) throw wrongFlags(now.wrong);
      if ('done' in now) {
        if (now.missing.length > 0) throw missingAnswers(now.missing);
        this.#saySettled(now.settled);
        return { answers: now.done, view: now.view };
      }
      this.#saySettled(now.settled);
      if ('look' in now) await this.#look(now.answers);
      else await this.#ask(now);
    }
  }

  /** Takes the last answer back. @returns whether there was one. */
  back(): boolean {
    const last = this.#history.pop();
    if (last === undefined) return false;
    const answer = this.#state.asked[last];
    if (answer !== undefined) this.#remembered.set(last, answer);
    this.#drop(last);
    return true;
  }

  async #ask({ next, open, view }: Extract<ReturnType<typeof step>, { next: QuestionId }>): Promise<void> {
    if (next === 'context' && !this.skip.has('cloud')) this.#world.startCloud(view.answers);
    const before = this.#remembered.get(next);
    const answer = await ask(this.#ctx, next, { open, view, before, back: this.#history.length > 0 });
    if (answer === undefined) {
      this.back();
      return;
    }
    this.#state.asked = { ...this.#state.asked, [next]: answer };
    this.#history.push(next);
    this.#changed(next);
  }

  #drop(id: QuestionId): void {
    this.#state.asked = without(this.#state.asked, id);
    this.#changed(id);
  }

  /** What was looked at is another thing now; what was looked at before is remembered by the world. */
  #changed(id: QuestionId): void {
    if (['cloud', 'context', 'region'].includes(id)) this.#facts = undefined;
  }

  #known(): Omit<View, 'answers' | 'file' | 'reopened'> {
    const { clouds, contexts } = this.#world;
    const nothing = { cloud: undefined, cluster: undefined, subnets: undefined };
    return { clouds, contexts, ...(this.#facts ?? nothing) };
  }

  #knownSides(): ReadonlySet<Side> {
    const left = this.#leftOut();
    return this.#facts ? new Set(SIDES) : left.size === SIDES.length ? left : new Set();
  }

  #leftOut(): ReadonlySet<Side> {
    return this.#world.contexts ? this.skip : new Set<Side>([...this.skip, 'cluster']);
  }

  async #look(answers: Answers): Promise<void> {
    const left = this.#leftOut();
    const names = [
      ...(left.has('cloud') ? [] : [`cloud ${answers.cloud ?? ''}`.trim()]),
      ...(left.has('cluster') ? [] : [`cluster ${answers.context ?? ''}`.trim()]),
    ];
    const progress = await this.#ctx.io.progress(`looking at ${names.join(' and ')}`);
    try {
      this.#facts = await this.#world.facts(answers, left);
      progress.succeed(`looked at ${names.join(' and ')}`);
    } catch (error) {
      progress.fail();
      if (!(error instanceof SurveyFailed)) throw error;
      await this.#goOnAfter(error);
      return;
    }
    const { cloud, cluster } = this.#facts;
    this.#say([...(cloud ? cloudLines(cloud) : []), ...(cluster ? clusterLines(cluster) : [])]);
  }

  /** There is always a way on, or a clear end. */
  async #goOnAfter({ side, error }: SurveyFailed): Promise<void> {
    const { io, signal } = this.#ctx;
    const id = side === 'cloud' ? 'cloud' : 'context';
    if (!io.interactive) throw withWayOn(error, side);
    io.note(`${error.message}${error.remedy ? `\n  ${error.remedy}` : ''}`);
    const others = side === 'cloud' ? this.#world.clouds.entries.length : (this.#world.contexts?.contexts.length ?? 0);
    const choices = [
      { value: 'again', name: 'try again', hint: '' },
      ...(others > 1 ? [{ value: 'other', name: `choose another ${side}`, hint: `there are ${others}` }] : []),
      { value: 'without', name: 'go on without it', hint: 'what it would tell is asked; nothing can be checked' },
      { value: 'stop', name: 'stop', hint: 'nothing is written' },
    ];
    const chosen = await io.choose(
      { message: `The ${side} cannot be looked at. What now?`, choices, back: this.#history.length > 0 },
      signal,
    );
    if (chosen === undefined) this.back();
    else if (chosen[0] === 'stop') throw error;
    else if (chosen[0] === 'without') this.skip.add(side);
    else if (chosen[0] === 'again') this.#world.forget(side);
    else {
      this.#reopened.add(id);
      this.#state.flags = without(this.#state.flags, id);
      this.#history.splice(0, this.#history.length, ...this.#history.filter((one) => one !== id));
      this.#drop(id);
    }
  }

  #saySettled(settled: readonly Settled[]): void {
    this.#say(settled.filter(({ source }) => source !== 'asked').map(settledLine));
  }

  /** Each line once: what is already on the screen is not worth another one. */
  #say(lines: readonly string[]): void {
    for (const line of lines) {
      if (this.#said.has(line)) continue;
      this.#said.add(line);
      this.#ctx.io.note(line);
    }
  }
}

function without(answers: Answers, id: QuestionId): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([key]) => key !== id));
}

/** The flags of the questions, as commander hands them over, as answers. */
export function answersFromFlags(ctx: Context, options: Readonly<Record<string, unknown>>): Answers {
  const { global } = ctx;
  const globals: Partial<Record<QuestionId, string | undefined>> = {
    cloud: global.openstack.OS_CLOUD,
    region: global.openstack.OS_REGION_NAME,
    context: global.context,
    namespace: global.namespace,
  };
  const answers = QUESTION_IDS.flatMap((id) => {
    const value = id in globals ? globals[id] : options[attributeOf(questionRow(id).flag)];
    return value === undefined ? [] : [[id, value]];
  });
  return Object.fromEntries(answers) as Answers;
}

/** `--share-type` -> `shareType`, as commander does. */
function attributeOf(flag: string): string {
  return flag.replace(/^--/, '').replaceAll(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

function wrongFlags(wrong: readonly string[]): CliError {
  return usageError(
    wrong.length === 1 ? (wrong[0] ?? '') : `${wrong.length} flags are wrong:\n  ${wrong.join('\n  ')}`,
    {
      remedy: 'correct them; nothing was written',
    },
  );
}

const SHOWN = 8;

function missingAnswers(missing: readonly Missing[]): CliError {
  const lines = missing.map(({ flag, prompt, choices }) => {
    const more = choices.length > SHOWN ? `, ... (${choices.length})` : '';
    return `${flag}: ${prompt}${choices.length > 0 ? ` ${choices.slice(0, SHOWN).join(', ')}${more}` : ''}`;
  });
  return new CliError({
    code: 'missing-answers',
    exitCode: 2,
    message: `what cannot be found out has to be said:\n  ${lines.join('\n  ')}`,
    remedy: 'give these flags, or run it on a terminal, where it asks',
  });
}

function withWayOn(error: CliError, side: Side): CliError {
  const { code, exitCode, message, requestId } = error;
  const way = `go on without looking at it: --skip-${side}`;
  return new CliError({
    code,
    exitCode,
    message,
    requestId,
    remedy: error.remedy === undefined ? way : `${error.remedy}; or ${way}`,
    cause: error,
  });
}

import type { ConfigFile } from '../config/types.ts';
import type { Edit, Look, Open, View } from './question.ts';
import { type AnyAnswer, type Answers, QUESTION_IDS, type QuestionId, questionRow } from './question-table.ts';
import { question } from './questions/index.ts';

/** How an answer came about. */
export type Source = 'flag' | 'asked' | 'file' | 'settled' | 'default';

export interface Settled {
  id: QuestionId;
  answer: AnyAnswer;
  source: Source;
  /** Why it is that, in words. */
  because: string;
}

/** What is known without looking at all answers: those given so far, and the rest of the view. */
export interface State {
  /** From the command line. */
  flags: Answers;
  /** Typed on the terminal. */
  asked: Answers;
  /** May the user be asked? Otherwise what is open takes its default, or is missing. */
  interactive: boolean;
  /** The file as it is. */
  file: ConfigFile | undefined;
}

/** One step through the questions. */
export type Step =
  /** This one has to be asked now. */
  | { next: QuestionId; open: Open<AnyAnswer>; view: View; settled: Settled[] }
  /** This one needs something to be looked at that has not been. */
  | { look: readonly ('cloud' | 'cluster')[]; answers: Answers; settled: Settled[] }
  /** All are answered. */
  | { done: Answers; view: View; settled: Settled[]; missing: Missing[] }
  /** Flags cannot be what they are. */
  | { wrong: string[] }
  /** One has no answer. */
  | { impossible: { message: string; remedy: string } };

/** What nobody could be asked. */
export interface Missing {
  flag: string;
  prompt: string;
  /** Names that could be given, best first. */
  choices: string[];
}

type World = Omit<View, 'answers' | 'file'>;

/**
 * Goes through the questions, from the first one, as far as the answers reach. Pure: what it says follows from the
 * answers and from what is known, so that going back is nothing but taking an answer away.
 * @param known the sides that were looked at, or are left out.
 */
export function step(state: State, world: World, known: ReadonlySet<'cloud' | 'cluster'>): Step {
  // Flags are there from the start: a question may see that a later one is answered.
  const answers: Answers = { ...state.flags };
  const [settled, missing, wrong]: [Settled[], Missing[], string[]] = [[], [], []];
  for (const id of QUESTION_IDS) {
    const { needs } = questionRow(id);
    const ready = needs.every((side) => known.has(side));
    // What is looked at hangs on these flags.
    if (!ready && wrong.length > 0) return { wrong };
    if (!ready) return { look: needs, answers: withRegion(answers, state), settled };
    const view: View = { ...world, answers, file: state.file };
    if (state.flags[id] !== undefined) {
      wrong.push(...wrongFlag(id, state.flags[id], view));
      continue;
    }
    const found = answerTo(id, view, state);
    if (found === 'skip') continue;
    if ('impossible' in found) return found;
    if ('answer' in found) {
      Object.assign(answers, { [id]: found.answer });
      settled.push({ id, ...found });
    } else if (state.interactive) return { next: id, open: found.open, view, settled };
    else {
      missing.push(missingOf(id, found.open));
      // Goes on as if the best had been taken, to find everything else that is missing.
      Object.assign(answers, { [id]: bestOf(id, found.open) });
    }
  }
  if (wrong.length > 0) return { wrong };
  return { done: answers, view: { ...world, answers, file: state.file }, settled, missing };
}

type Found = Omit<Settled, 'id'> | { open: Open<AnyAnswer> } | { impossible: { message: string; remedy: string } };

/** What was typed, else what the file says if it can be, else what there is no choice about. */
function answerTo(id: QuestionId, view: View, state: State): Found | 'skip' {
  const { look, problem } = looked(id, view);
  const typed = state.asked[id];
  if (look.state === 'impossible') return { impossible: look };
  if (typed !== undefined) return { answer: typed, source: 'asked', because: 'as you said' };
  if (look.state === 'skip') return 'skip';
  const before = state.file && question(id).inFile(state.file);
  const usable = before !== undefined && problem(before) === undefined;
  const fromFile = { answer: before ?? '', source: 'file', because: 'as the file has it' } as const;
  if (look.state === 'settled') {
    const { answer, because, certain } = look;
    return usable && certain !== true ? fromFile : { answer, source: 'settled', because };
  }
  if (state.interactive) return { open: look };
  if (usable) return fromFile;
  return look.otherwise ? { ...look.otherwise, source: 'default' } : { open: look };
}

function wrongFlag(id: QuestionId, given: AnyAnswer, view: View): string[] {
  const why = looked(id, view).problem(given);
  return why === undefined ? [] : [`${questionRow(id).flag} ${shown(given)} ${why}`];
}

function missingOf(id: QuestionId, open: Open<AnyAnswer>): Missing {
  const { flag, prompt } = questionRow(id);
  return { flag, prompt, choices: open.choices?.map(({ name }) => name) ?? [] };
}

function bestOf(id: QuestionId, { ticked, choices, suggestion }: Open<AnyAnswer>): AnyAnswer {
  const best = ticked ?? choices?.[0]?.value ?? suggestion ?? '';
  return typeof best === 'string' && questionRow(id).takes !== 'one' ? [best] : best;
}

/** The region is asked for by what a first look at the cloud has shown; the second look is at that region. */
function withRegion(answers: Answers, { asked, file }: State): Answers {
  const region = answers.region ?? asked.region ?? file?.cloud?.region;
  return region === undefined ? answers : { ...answers, region };
}

/** What all answers are in the file. */
export function editsOf(answers: Answers, view: View): Edit[] {
  return QUESTION_IDS.flatMap((id) => {
    const answer = answers[id];
    return answer === undefined ? [] : question(id).edits(answer, view);
  });
}

/** What is wrong with an answer that was typed, as a sentence. */
export function problemWith(id: QuestionId, answer: AnyAnswer, view: View): string | undefined {
  const why = looked(id, view).problem(answer);
  return why === undefined ? undefined : `${shown(answer)} ${why}`;
}

/** A question is kept with the type of its own answers; here they are only handed on. */
function looked(id: QuestionId, view: View) {
  const { look, problem } = question(id) as unknown as {
    look: (view: View) => Look<AnyAnswer>;
    problem?: (answer: AnyAnswer, view: View) => string | undefined;
  };
  return { look: look(view), problem: (answer: AnyAnswer) => problem?.(answer, view) };
}

function shown(answer: AnyAnswer): string {
  const text = typeof answer === 'string' ? answer : answer.join(',');
  return JSON.stringify(text.length > 24 ? `${text.slice(0, 23)}…` : text);
}

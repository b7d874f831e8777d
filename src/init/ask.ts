import type { Context } from '../core/context.ts';
import { problemWith } from './interview.ts';
import type { Open, View } from './question.ts';
import { type AnyAnswer, type QuestionId, questionRow } from './question-table.ts';

/**
 * Asks one question on the terminal.
 * @returns undefined where the user wants to go back.
 * @param before what was answered last time, if the question was gone back to.
 */
export async function ask(
  ctx: Context,
  id: QuestionId,
  { open, view, before, back }: { open: Open<AnyAnswer>; view: View; before: AnyAnswer | undefined; back: boolean },
): Promise<AnyAnswer | undefined> {
  const { prompt: message, takes } = questionRow(id);
  const problem = (answer: AnyAnswer): string | undefined => problemWith(id, answer, view);
  if (!open.choices) {
    const suggestion = before === undefined ? open.suggestion : textOf(before);
    const typed = await ctx.io.ask(
      { message, suggestion, hint: open.hint, back, problem: (text) => problem(parsed(text, takes)) },
      ctx.signal,
    );
    return typed === undefined ? undefined : parsed(typed, takes);
  }
  const { choices, ticked } = open;
  if (ticked) {
    const start = typeof before === 'object' ? before : ticked;
    return ctx.io.choose({ message, choices, ticked: start, back, problem }, ctx.signal);
  }
  const last = choices.find(({ value }) => value === before);
  const ordered = last ? [last, ...choices.filter((one) => one !== last)] : choices;
  const values = await ctx.io.choose(
    { message, choices: ordered, back, problem: ([value = '']) => problem(value) },
    ctx.signal,
  );
  return values && (values[0] ?? '');
}

/** A text as the answer it stands for: one, or several with commas. */
export function parsed(text: string, takes: 'one' | 'many' | 'list'): AnyAnswer {
  if (takes === 'one') return text;
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function textOf(answer: AnyAnswer): string {
  return typeof answer === 'string' ? answer : answer.join(',');
}

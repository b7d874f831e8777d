import { createPrompt, isBackspaceKey, isEnterKey, useKeypress, useState } from '@inquirer/core';
import { FIRST, type Screen } from './choose.ts';
import { fit } from './fit.ts';
import { type Outcome, useClosed } from './outcome.ts';

export interface TextOptions {
  message: string;
  /** Taken where nothing is typed. */
  suggestion?: string | undefined;
  /** Why that one. */
  hint?: string | undefined;
  /** What is wrong with the answer, as a sentence; undefined where nothing is. */
  problem?: (text: string) => string | undefined;
  /** Is there a question to go back to? */
  back: boolean;
}

/** A line of text; Esc (or the left arrow in an empty line) goes back, which Inquirer's own does not. */
export const textPrompt = createPrompt<Outcome<string>, TextOptions & Screen>((options, done) => {
  const { style, columns, suggestion } = options;
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const [end, setEnd] = useState<Outcome<string>>();
  const finish = (outcome: Outcome<string>): void => {
    setEnd(outcome);
    done(outcome);
  };
  useClosed(() => done('closed'));
  useKeypress((key, rl) => {
    if (end !== undefined) return;
    setError('');
    const isEmpty = text === '' && rl.line === '';
    if (isEnterKey(key)) {
      const answer = text.trim() === '' ? (suggestion ?? '') : text.trim();
      // Readline has taken the line with the key; what stays open has to have its text again.
      rl.write(text);
      const problem = answer === '' ? 'type something' : options.problem?.(answer);
      if (problem === undefined) finish({ answer });
      else setError(problem);
    } else if (key.name === 'escape' || (isEmpty && (key.name === 'left' || isBackspaceKey(key)))) {
      if (options.back) finish('back');
      else setError(FIRST);
    } else if (rl.line !== text) setText(rl.line);
  });
  const message = `${style.mark('?')} ${style.bold(options.message)}`;
  if (end !== undefined) {
    if (typeof end === 'string') return style.dim(`< ${options.message}`);
    return `${style.mark('*')} ${options.message} ${style.mark(fit(end.answer, columns))}`;
  }
  const hint =
    suggestion === undefined ? options.hint : `enter takes ${suggestion}${options.hint ? ` (${options.hint})` : ''}`;
  const below = [
    ...(error === '' ? [] : [style.error(fit(`  ! ${error}`, columns))]),
    ...(hint ? [style.dim(fit(`  ${hint}`, columns))] : []),
    ...(options.back ? [style.dim('  esc: back')] : []),
  ];
  return [`${message} ${text}`, below.join('\n')];
});

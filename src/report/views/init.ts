import type { View } from '../view.ts';
import { applyView } from './file-changes.ts';

const OUTCOMES = { written: 'written', unchanged: 'is so already', 'not-written': 'was not written' } as const;

/** The file was on the screen before the question; here is what became of it. */
export const initView: View<'init'> = {
  table({ file, outcome, text, applied, plan, planProblem }, style) {
    const { chalk } = style;
    const head =
      outcome === 'not-written'
        ? `${text.trimEnd()}\n\n${file} was not written`
        : chalk.green(`${file} ${OUTCOMES[outcome]}`);
    if (applied) return `${head}\n${applyView.table(applied, style)}`;
    if (outcome === 'not-written') return head;
    const todo = plan && plan.changes.length - plan.summary.none;
    const next =
      todo === 0
        ? 'all is as the file says; next: manila-rwx status'
        : planProblem === undefined
          ? 'next: manila-rwx apply'
          : 'next: manila-rwx plan';
    return `${head}; ${next}`;
  },
  names: ({ file }) => [file],
};

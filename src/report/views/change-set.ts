import type { Action, Change } from '../../reconcile/change.ts';
import { describeField } from '../../reconcile/describe.ts';
import type { Style } from '../style.ts';
import type { View } from '../view.ts';

const MARKS: Record<Action, string> = { create: '+', update: '~', replace: '±', delete: '-', none: ' ' };
const DONE: Record<Action, string> = {
  create: 'created',
  update: 'changed',
  replace: 'replaced',
  delete: 'deleted',
  none: 'unchanged',
};

/** What changed, a line an object as kubectl says it, its fields below it, and the sums at the end. */
export const changeSetView: View<'change-set'> = {
  table({ changes, summary, dryRun }, style) {
    const dry = dryRun !== 'none';
    const word = (action: Action): string => (dry && action !== 'none' ? `would be ${DONE[action]}` : DONE[action]);
    const lines = changes.flatMap((change) => changeLines(change, word(change.action), style));
    const sums = (Object.keys(DONE) as Action[]).filter((action) => summary[action] > 0);
    const total =
      changes.length === 0
        ? 'nothing to do'
        : sums.every((action) => action === 'none')
          ? `nothing to change: ${summary.none} unchanged`
          : sums.map((action) => `${summary[action]} ${word(action)}`).join(', ');
    const suffix = dry ? ` (dry run by the ${dryRun}: nothing was changed)` : '';
    return [...lines, style.chalk.bold(total + suffix)].join('\n');
  },
  names: ({ changes }) => changes.map((change) => `${change.kind.toLowerCase()}/${change.name}`),
};

function changeLines(change: Change, word: string, style: Style): string[] {
  const paint = painter(change.action, style);
  const reason = change.reason ? `  (${change.reason})` : '';
  const head = paint(`${MARKS[change.action]} ${change.kind} ${change.name} ${word}`) + reason;
  return [head, ...change.fields.map((field) => `    ${describeField(field)}`)];
}

function painter(action: Action, { chalk }: Style): (text: string) => string {
  switch (action) {
    case 'create':
      return chalk.green;
    case 'delete':
    case 'replace':
      return chalk.red;
    case 'update':
      return chalk.yellow;
    case 'none':
      return chalk.dim;
  }
}

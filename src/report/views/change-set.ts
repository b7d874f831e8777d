import type { Action, Change, ChangeSet } from '../../reconcile/change.ts';
import { describeField } from '../../reconcile/describe.ts';
import type { Style } from '../style.ts';
import type { View } from '../view.ts';

export const MARKS: Record<Action, string> = { create: '+', update: '~', replace: '±', delete: '-', none: ' ' };
const DONE: Record<Action, string> = {
  create: 'created',
  update: 'changed',
  replace: 'replaced',
  delete: 'deleted',
  none: 'unchanged',
};

/** What changed, a line an object as kubectl says it, its fields below it, and the sums at the end. */
export const changeSetView: View<'change-set'> = {
  table(data, style) {
    const lines = data.changes.flatMap((change) => changeLines(change, word(change.action, data), style));
    return [...lines, ...underWayLines(data, style), ...leftOutLines(data, style), style.chalk.bold(sums(data))].join(
      '\n',
    );
  },
  names: ({ changes }) => changes.map((change) => `${change.kind.toLowerCase()}/${change.name}`),
};

function word(action: Action, { dryRun }: ChangeSet): string {
  return dryRun !== 'none' && action !== 'none' ? `would be ${DONE[action]}` : DONE[action];
}

/** `2 created, 1 unchanged`, and what kind of a dry run it was. */
export function sums(data: ChangeSet): string {
  const { changes, summary, dryRun } = data;
  const actions = (Object.keys(DONE) as Action[]).filter((action) => summary[action] > 0);
  const total =
    changes.length === 0
      ? 'nothing to do'
      : actions.every((action) => action === 'none')
        ? `nothing to change: ${summary.none} unchanged`
        : actions.map((action) => `${summary[action]} ${word(action, data)}`).join(', ');
  return `${total}${dryRun === 'none' ? '' : ` (dry run by the ${dryRun}: nothing was changed)`}`;
}

/** What this cloud is too old for, or cannot be had here. */
export function leftOutLines({ leftOut = [] }: ChangeSet, { chalk }: Style): string[] {
  return leftOut.map(({ kind, name, path, reason }) => chalk.yellow(`! ${kind} ${name}: ${path} ${reason}: left out`));
}

/** Changes of a run that was stopped, of which it is not known whether they were made. */
export function underWayLines({ underWay = [] }: ChangeSet, { chalk }: Style): string[] {
  return underWay.map(({ kind, name, action }) =>
    chalk.yellow(`? ${kind} ${name}: was to be ${DONE[action]}, and may have been`),
  );
}

function changeLines(change: Change, done: string, style: Style): string[] {
  const paint = painter(change.action, style);
  const reason = change.reason ? `  (${change.reason})` : '';
  const head = paint(`${MARKS[change.action]} ${change.kind} ${change.name} ${done}`) + reason;
  return [
    head,
    ...change.fields.map((field) => `    ${describeField(field)}`),
    ...(change.notes ?? []).map((note) => `    ${note}`),
  ];
}

export function painter(action: Action, { chalk }: Style): (text: string) => string {
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

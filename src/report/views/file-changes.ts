import type { Action, Change } from '../../reconcile/change.ts';
import { describeField } from '../../reconcile/describe.ts';
import type { FileChanges } from '../../sections/report.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import type { View } from '../view.ts';
import { leftOutLines, MARKS, painter, sums, underWayLines } from './change-set.ts';

/** So many lines of fields are shown without being asked for. */
const FEW_LINES = 30;
/** A change that is said in so many characters is said in the table. */
const SHORT = 60;

/** A table of what changes; below it, where it is short or asked for (`-v`), the fields as `diff -u` shows them. */
function view(data: FileChanges, style: Style, total: string): string {
  const changes = data.changes.filter(({ action }) => action !== 'none');
  const fields = changes
    .filter((change) => change.fields.length > 0 && !isShort(change))
    .map((one) => unified(one, style));
  const lines = fields.flat();
  const shown = style.verbose || lines.length <= FEW_LINES;
  return [
    ...(changes.length > 0 ? [rows(changes, style), ''] : []),
    ...(shown ? fields.flatMap((block) => [...block, '']) : []),
    ...notes(changes),
    ...underWayLines(data, style),
    ...leftOutLines(data, style),
    ...(data.defaultShareType === undefined ? [] : [`default share type of the cloud: ${data.defaultShareType}`]),
    style.chalk.bold(total) + (shown || lines.length === 0 ? '' : '; -v shows the fields'),
  ].join('\n');
}

export const planView: View<'plan'> = { table: (data, style) => view(data, style, planned(data)), names };
export const applyView: View<'apply'> = { table: (data, style) => view(data, style, sums(data)), names };

const TO_DO: Record<Action, string> = {
  create: 'to create',
  update: 'to change',
  replace: 'to replace',
  delete: 'to delete',
  none: 'unchanged',
};

function planned({ changes, summary }: FileChanges): string {
  if (changes.length === 0) return 'nothing to do';
  if (summary.none === changes.length) return `nothing to change: ${summary.none} unchanged`;
  const actions = (Object.keys(TO_DO) as Action[]).filter((action) => summary[action] > 0);
  return actions.map((action) => `${summary[action]} ${TO_DO[action]}`).join(', ');
}

function names({ changes }: FileChanges): string[] {
  return changes.map(({ kind, name }) => `${kind.toLowerCase()}/${name}`);
}

function rows(changes: readonly Change[], style: Style): string {
  const columns = [
    { title: 'change', value: ({ action }: Change) => `${MARKS[action]} ${action}` },
    { title: 'kind', value: ({ kind }: Change) => kind },
    { title: 'name', value: ({ name }: Change) => name },
    { title: 'what', value: what },
  ];
  const [head = '', ...lines] = table(columns, changes, style).split('\n');
  return [head, ...lines.map((line, i) => painter(changes[i]?.action ?? 'none', style)(line))].join('\n');
}

function what(change: Change): string {
  if (isShort(change)) return change.fields.map(describeField).join(', ') || (change.reason ?? '');
  const { length } = change.fields;
  return [`${length} field${length === 1 ? '' : 's'}`, change.reason].filter((part) => part !== undefined).join('; ');
}

function isShort({ fields, reason, action }: Change): boolean {
  if (fields.length === 0) return true;
  return action !== 'create' && reason === undefined && fields.map(describeField).join(', ').length <= SHORT;
}

function unified({ kind, name, action, fields }: Change, style: Style): string[] {
  const { chalk } = style;
  return [
    painter(action, style)(`${MARKS[action]} ${kind} ${name}`),
    ...fields.flatMap(({ path, before, after }) => [
      ...(before === undefined ? [] : [chalk.red(`  - ${path}: ${JSON.stringify(before)}`)]),
      ...(after === undefined ? [] : [chalk.green(`  + ${path}: ${JSON.stringify(after)}`)]),
    ]),
  ];
}

/** The same sentence about many objects is said once. */
function notes(changes: readonly Change[]): string[] {
  const about = new Map<string, string[]>();
  for (const { kind, name, notes: all = [] } of changes) {
    for (const note of all) about.set(note, [...(about.get(note) ?? []), `${kind} ${name}`]);
  }
  return [...about].map(([note, objects]) => {
    const some = objects.slice(0, 3).join(', ');
    return `  ${some}${objects.length > 3 ? ` and ${objects.length - 3} more` : ''}: ${note}`;
  });
}

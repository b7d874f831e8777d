import { Argument, Option } from 'commander';
import type { Registrar } from '../../cli.ts';
import { QUESTION_IDS, type QuestionRow, questionRow } from '../../init/question-table.ts';

export function registerInit({ root, handle }: Registrar): void {
  const init = root
    .command('init')
    .description('look at the cloud and the cluster, ask what cannot be seen, write manila-rwx.yaml')
    .addArgument(new Argument('[wizard]', 'the same by its other name').choices(['wizard']));
  for (const id of QUESTION_IDS) {
    const row = questionRow(id);
    if (row.value !== undefined) init.addOption(optionOf(row));
  }
  init
    .option('--apply', 'then make it so, as manila-rwx apply does')
    .option('--skip-cloud', 'do not look at the cloud')
    .option('--skip-cluster', 'do not look at the cluster');
  handle(init, () => import('./init.ts'));
}

/** A question as a flag: the same row of the table that the prompt is made from. */
function optionOf({ flag, value = '', help = '', takes }: QuestionRow): Option {
  const option = new Option(`${flag} ${value}`, help).helpGroup('Answers (what is not given is found out, or asked):');
  if (takes === 'many') option.argParser((text: string, before?: string[]) => [...(before ?? []), text]);
  if (takes === 'list')
    option.argParser((text: string) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    );
  return option;
}

import type { Leftover } from '../../checks/remains.ts';
import type { Style } from '../style.ts';

/** What is left, by name, each with the command that removes it alone; no lines where nothing is. */
export function leftoverLines(leftovers: readonly Leftover[], { chalk }: Style, run = ''): string[] {
  if (leftovers.length === 0) return [];
  return [
    '',
    `${chalk.red.bold('Left behind')}; all of it goes with: manila-rwx verify --cleanup-only${run === '' ? '' : ` ${run}`}`,
    ...leftovers.flatMap(({ kind, name, state, command }) => [`  ${kind} ${name} (${state})`, `    ${command}`]),
  ];
}

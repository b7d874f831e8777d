import type { LintFinding, LintReport } from '../../checks/lint/types.ts';
import type { Style } from '../style.ts';
import type { View } from '../view.ts';

/** A line a finding, as compilers print them, its remedy below, then what was not looked at, and the sums. */
export const lintView: View<'lint'> = {
  table(report, style) {
    const { objects, findings, notChecked } = report;
    const others = objects.filter(({ verdict }) => verdict === 'not-this-driver');
    return [
      ...findings.flatMap((finding) => findingLines(finding, style)),
      ...others.map(({ object, note }) => style.chalk.dim(`${object}: not this driver (${note ?? ''})`)),
      ...notChecked.map((text) => style.chalk.dim(`not checked: ${text}`)),
      style.chalk.bold(sums(report)),
    ].join('\n');
  },
  names: ({ objects }) =>
    objects.filter(({ verdict }) => verdict === 'error').map(({ object }) => object.replace(' ', '/').toLowerCase()),
};

function findingLines({ id, severity, object, path, place, message, remedy }: LintFinding, { chalk }: Style): string[] {
  const paint = severity === 'error' ? chalk.red : chalk.yellow;
  const subject = path === '' ? object : `${object} ${path}`;
  return [
    `${place === undefined ? '' : `${place}: `}${paint(severity)}: ${subject}: ${message} ${chalk.dim(`(${id})`)}`,
    `    ${remedy}`,
  ];
}

function sums({ objects, summary: { errors, warnings } }: LintReport): string {
  const looked = objects.filter(({ verdict }) => verdict !== 'not-this-driver').length;
  const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
  const what = `${count(looked, 'object')} of Manila CSI`;
  return errors + warnings === 0
    ? `${what}: nothing wrong`
    : `${what}: ${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}

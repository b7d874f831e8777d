import stringWidth from 'string-width';
import type { VerifyReport } from '../../checks/report.ts';
import type { CheckResult, Status } from '../../checks/types.ts';
import { formatDuration } from '../../core/duration.ts';
import { evidenceText } from '../junit.ts';
import type { Style } from '../style.ts';
import type { View } from '../view.ts';
import { leftoverLines } from './leftovers.ts';

const VERDICTS = { pass: 'PASSED', fail: 'FAILED', error: 'NOT DECIDED', interrupted: 'INTERRUPTED' } as const;

const NBSP = '\u00a0';

/** Checks line by line, what is behind each failure, and in the end what is proved and what is not. */
export const verifyView: View<'verify'> = {
  table(report, style) {
    const { checks, verified, notVerified, leftovers, verdict, summary, skippedNodes } = report;
    const { chalk } = style;
    const width = Math.min(style.width ?? 100, 100);
    const paint = verdict === 'pass' ? chalk.green : verdict === 'fail' ? chalk.red : chalk.yellow;
    const troubles = checks.filter(({ status }) => status === 'FAIL' || status === 'ERROR' || status === 'WARN');
    return [
      ...head(report, style),
      '',
      ...checks.map((check) => checkLines(check, style, width)).flat(),
      ...troubles.flatMap((check) => troubleLines(check, style, width)),
      '',
      ...section('Verified', verified, chalk.bold, width),
      ...section(
        'NOT verified',
        notVerified.map(({ what, why }) => `${what} (${why})`),
        chalk.bold,
        width,
      ),
      ...section(
        'Nodes without a pod',
        skippedNodes.map(({ name, reason }) => `${name}: ${reason}`),
        chalk.bold,
        width,
      ),
      ...leftoverLines(leftovers, style, report.run),
      '',
      ...wrap(`${paint.bold(VERDICTS[verdict])}  ${summary}`, width, '  '),
    ].join('\n');
  },
  names: ({ checks }) => checks.map(({ id, status }) => `${id.toLowerCase()}/${status.toLowerCase()}`),
};

function head(report: VerifyReport, { chalk }: Style): string[] {
  const { run, storageClass, volume, nodes, timings, kept, namespace } = report;
  const row = (name: string, value: string): string => `${chalk.dim(name.padEnd(14))}${value}`;
  return [
    row('run', `${run} (${formatDuration(timings.totalMs)})`),
    row('StorageClass', `${storageClass.name} (${storageClass.provisioner})`),
    ...(volume ? [row('volume', `${volume.pv}, ${volume.capacity}`)] : []),
    ...(volume?.share === undefined ? [] : [row('share', volume.share)]),
    row('nodes', nodes.join(', ') || 'none'),
    ...(kept ? [row('kept', `namespace ${namespace}; manila-rwx verify --cleanup-only ${run}`)] : []),
  ];
}

function checkLines({ id, status, summary, durationMs }: CheckResult, style: Style, width: number): string[] {
  // Number and unit stay together where the line is broken.
  const time = status === 'SKIP' ? '' : ` (${formatDuration(durationMs).replaceAll(' ', NBSP)})`;
  return wrap(`  ${painter(status, style)(status.padEnd(5))} ${id.padEnd(4)} ${summary}${time}`, width, ' '.repeat(13));
}

function troubleLines(check: CheckResult, { chalk }: Style, width: number): string[] {
  return [
    '',
    chalk.bold(`${check.id} ${check.title}: ${check.status}`),
    ...(check.remedy === undefined ? [] : wrap(`  ${check.remedy}`, width, '  ')),
    ...check.evidence
      .map(evidenceText)
      .filter((lines) => lines !== '')
      .flatMap((lines) => lines.split('\n').flatMap((line) => wrap(chalk.dim(`  ${line}`), width, '      '))),
  ];
}

function section(title: string, lines: readonly string[], paint: (text: string) => string, width: number): string[] {
  if (lines.length === 0) return [];
  return [paint(title), ...lines.flatMap((line) => wrap(`  - ${line}`, width, '    '))];
}

function painter(status: Status, { chalk }: Style): (text: string) => string {
  switch (status) {
    case 'PASS':
      return chalk.green;
    case 'FAIL':
    case 'ERROR':
      return chalk.red;
    case 'WARN':
      return chalk.yellow;
    case 'INFO':
    case 'SKIP':
      return chalk.dim;
  }
}

/** Breaks at spaces; what is longer than a line stays whole, so that it can be copied. */
function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) /)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && stringWidth(longer) > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return [...lines, line].map((one) => one.replaceAll(NBSP, ' '));
}

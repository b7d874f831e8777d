import type { VerifyReport } from '../checks/report.ts';
import type { CheckResult, Evidence } from '../checks/types.ts';

/**
 * A run as JUnit XML: a testcase a check. FAIL is a failure, ERROR an error, SKIP is skipped; WARN and INFO pass and
 * say what they saw in system-out. https://github.com/testmoapp/junitxml
 */
export function junitOf(report: VerifyReport): string {
  const { checks, counts, run, storageClass, nodes, cluster, startedAt, timings, verdict } = report;
  const left = report.leftovers.map(({ kind, name, command }) => `${kind} ${name} is left: ${command}`);
  const failures = counts.FAIL + (left.length > 0 ? 1 : 0);
  const sums = {
    tests: checks.length + (left.length > 0 ? 1 : 0),
    failures,
    errors: counts.ERROR,
    skipped: counts.SKIP,
  };
  const properties = {
    run,
    verdict,
    cluster: cluster.server,
    'storage-class': storageClass.name,
    nodes: nodes.join(','),
    ...(report.volume?.share === undefined ? {} : { share: report.volume.share }),
  };
  return document(sums, seconds(timings.totalMs), startedAt, [
    '    <properties>',
    ...Object.entries(properties).map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    '    </properties>',
    ...checks.flatMap(testcase),
    ...(left.length > 0 ? leftBehind(left) : []),
  ]);
}

/** A run that could not begin: one testcase, which is an error. */
export function junitOfError(message: string, remedy: string | undefined): string {
  return document({ tests: 1, failures: 0, errors: 1, skipped: 0 }, '0.000', undefined, [
    `    <testcase${attributes({ classname: 'manila-rwx.verify', name: 'start', time: '0.000' })}>`,
    `      <error${attributes({ message, type: 'could-not-run' })}>${text(remedy ?? '')}</error>`,
    '    </testcase>',
  ]);
}

function document(sums: Record<string, number>, time: string, timestamp: string | undefined, body: string[]): string {
  const { tests = 0, failures = 0, errors = 0, skipped = 0 } = sums;
  const stamp = timestamp === undefined ? {} : { timestamp };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'manila-rwx', tests, failures, errors, skipped, time })}>`,
    `  <testsuite${attributes({ name: 'verify', tests, failures, errors, skipped, time, ...stamp })}>`,
    ...body,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testcase(check: CheckResult): string[] {
  const { id, title, tier, durationMs, status, summary, code = '', remedy } = check;
  const head = attributes({
    classname: `manila-rwx.verify.${tier}`,
    name: `${id} ${title}`,
    time: seconds(durationMs),
  });
  const details = text(
    [remedy === undefined ? '' : `Remedy: ${remedy}`, ...check.evidence.map(evidenceText)].join('\n'),
  );
  const attribute = attributes({ message: summary, type: code });
  switch (status) {
    case 'PASS':
      return [`    <testcase${head}>`, `      <system-out>${text(summary)}</system-out>`, '    </testcase>'];
    case 'WARN':
    case 'INFO':
      return [
        `    <testcase${head}>`,
        `      <system-out>${text(`${status}: ${summary}`)}\n${details}</system-out>`,
        '    </testcase>',
      ];
    case 'SKIP':
      return [`    <testcase${head}>`, `      <skipped${attributes({ message: summary })}/>`, '    </testcase>'];
    case 'FAIL':
      return [`    <testcase${head}>`, `      <failure${attribute}>${details}</failure>`, '    </testcase>'];
    case 'ERROR':
      return [`    <testcase${head}>`, `      <error${attribute}>${details}</error>`, '    </testcase>'];
  }
}

function leftBehind(left: readonly string[]): string[] {
  const message = `${left.length} things are left behind`;
  return [
    `    <testcase${attributes({ classname: 'manila-rwx.verify', name: 'clean-up', time: '0.000' })}>`,
    `      <failure${attributes({ message, type: 'left-behind' })}>${text(left.join('\n'))}</failure>`,
    '    </testcase>',
  ];
}

/** Evidence as lines of text, the way a person reads a log. */
export function evidenceText({ node, pod, command, exitCode, output, mount, events = [] }: Evidence): string {
  const where = [node, pod === undefined ? undefined : `(pod ${pod})`].filter((part) => part !== undefined).join(' ');
  return [
    where === '' ? '' : `${where}:`,
    command === undefined ? '' : `  $ ${command}${exitCode === undefined ? '' : `   [exit code ${exitCode}]`}`,
    ...(output === undefined ? [] : output.split('\n').map((line) => `  ${line}`)),
    mount === undefined ? '' : `  mount: ${mount}`,
    ...events.map((event) => `  event: ${event}`),
  ]
    .filter((line) => line.trim() !== '')
    .join('\n');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** White space but the space itself is written as a reference: a parser would make spaces of it (section 3.3.3). */
function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => [name, text(String(value)).replaceAll('"', '&quot;')] as const)
    .map(([name, value]) => ` ${name}="${value.replaceAll(/[\t\n]/g, (one) => `&#${one.charCodeAt(0)};`)}"`)
    .join('');
}

/** Characters that XML 1.0 cannot hold in any form (section 2.2): most control characters, lone surrogates. */
const NOT_XML =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function text(value: string): string {
  return value
    .replaceAll(NOT_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

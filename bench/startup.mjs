// What it costs to start the program, beside a bare node, in one run.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN, firstByte, interleaved, markdownTable, timed } from './measure.mjs';

const RUNS = 15;

export async function startup() {
  const folder = await mkdtemp(join(tmpdir(), 'manila-rwx-bench-'));
  const env = { PATH: process.env.PATH, HOME: folder };
  const node =
    (...args) =>
    async () =>
      (await timed(process.execPath, args, { env, cwd: folder })).ms;
  const toKeystone =
    (...args) =>
    async () =>
      firstByte(args, (port) => ({
        cwd: folder,
        env: {
          ...env,
          OS_AUTH_URL: `http://127.0.0.1:${port}/v3`,
          OS_USERNAME: 'u',
          OS_PASSWORD: 'p',
          OS_PROJECT_NAME: 'p',
          OS_USER_DOMAIN_NAME: 'Default',
          OS_PROJECT_DOMAIN_NAME: 'Default',
        },
      }));
  try {
    await writeFile(join(folder, 'empty.mjs'), '');
    const measured = [
      ['node empty.mjs', '-', node('empty.mjs')],
      ['manila-rwx --version', '+20 ms', node(BIN, '--version')],
      ['manila-rwx --help', '+20 ms', node(BIN, '--help')],
      ['manila-rwx sharetype list, to the first byte for Keystone', '+60 ms', toKeystone('sharetype', 'list')],
    ];
    const figures = await interleaved(
      measured.map(([, , run]) => run),
      RUNS,
    );
    const bare = figures[0].median;
    return [
      `Medians of ${RUNS} interleaved runs; the least and the most in brackets.`,
      '',
      markdownTable(
        ['what', 'ms', 'above bare node', 'goal'],
        measured.map(([name, goal], i) => [
          `\`${name}\``,
          `${figures[i].median.toFixed(0)} (${figures[i].min.toFixed(0)}-${figures[i].max.toFixed(0)})`,
          i === 0 ? '-' : `+${(figures[i].median - bare).toFixed(0)} ms`,
          goal,
        ]),
      ),
    ].join('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

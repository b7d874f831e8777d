// 10,000 share types listed and planned on the lab: the most memory that the program took.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BIN, markdownTable, timed } from './measure.mjs';

const exec = promisify(execFile);
const TYPES = 10_000;
/** Prints the largest resident size, in KiB, when the program ends. */
const WATCH =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("maxrss="+process.resourceUsage().maxRSS+"\\n"))';

export async function memory() {
  const folder = await mkdtemp(join(tmpdir(), 'manila-rwx-bench-'));
  const dir = join(folder, 'lab');
  const env = { PATH: process.env.PATH, HOME: folder };
  const lab = (...args) => exec(process.execPath, [BIN, 'lab', ...args, '--dir', dir], { env });
  await lab('up', '--nodes', '1');
  try {
    const { variables: selected } = JSON.parse((await lab('env', '-o', 'json')).stdout);
    const settings = { cwd: folder, env: { ...env, ...selected, OS_CLOUD: 'admin' } };
    const types = Array.from(
      { length: TYPES },
      (_, i) =>
        `  - { name: type-${i}, extraSpecs: { snapshot_support: true, "x:tier": t${i % 5}, "x:number": ${i} } }`,
    );
    await writeFile(join(folder, 'manila-rwx.yaml'), `version: 1\nshareTypes:\n${types.join('\n')}\n`);
    const rows = [];
    for (const args of [
      ['plan', '-o', 'json'],
      ['apply', '-q'],
      ['plan', '-o', 'json'],
      ['sharetype', 'list', '-o', 'json'],
    ]) {
      const { code, stderr, ms } = await timed(process.execPath, ['--import', WATCH, BIN, ...args], settings);
      if (code !== 0) throw new Error(`manila-rwx ${args.join(' ')} ended with ${code}:\n${stderr}`);
      const kib = Number(/maxrss=(\d+)/.exec(stderr)?.[1]);
      rows.push([`\`${args.join(' ')}\``, `${Math.round(kib / 1024)} MB`, '200 MB', (ms / 1000).toFixed(1)]);
    }
    rows[0][0] += ', nothing made yet';
    rows[2][0] += ', all made';
    return markdownTable([`${TYPES} share types`, 'most memory', 'goal', 'seconds'], rows);
  } finally {
    await lab('down');
    await rm(folder, { recursive: true, force: true });
  }
}

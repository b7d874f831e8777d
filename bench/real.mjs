// The main job on a real Kubernetes with a real Keystone and Manila: seconds, and API requests by the audit log.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BIN, markdownTable, timed } from './measure.mjs';

const exec = promisify(execFile);
const FOLDER = process.env.REALSTACK ?? fileURLToPath(new URL('../../shared/realstack', import.meta.url));

const FILE = `
version: 1
cloud: { name: admin }
credential: { project: tenant-a }
shareTypes:
  - name: bench
    extraSpecs: { share_backend_name: ALPHA }
    snapshots: { create: true, restore: true }
storageClasses:
  include: [bench]
  shareClients: [10.77.0.0/16]
`;

const STEPS = [
  ['sharetype', 'apply'],
  ['install'],
  ['storageclass', 'sync'],
  ['verify', '--expect-fstype', 'ext4'],
  ['sharetype', 'apply'],
  ['install'],
  ['storageclass', 'sync'],
  ['verify', '--expect-fstype', 'ext4'],
  ['uninstall', '--yes'],
];

export async function realStack() {
  const script = (file, ...args) => exec(join(FOLDER, file), args, { maxBuffer: 1 << 26 });
  const wasUp = await script('rig', 'status').then(
    () => true,
    () => false,
  );
  if (!wasUp) await script('rig', 'up', '2');
  const folder = await mkdtemp(join(tmpdir(), 'manila-rwx-bench-'));
  try {
    await writeFile(join(folder, 'manila-rwx.yaml'), FILE);
    const shell = 'eval "$("$0" env)"; env -0';
    const { stdout } = await exec('bash', ['-c', shell, join(FOLDER, 'rig')]);
    const env = Object.fromEntries(
      stdout
        .split('\0')
        .filter(Boolean)
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    const rows = [];
    const seen = new Set();
    for (const step of STEPS) {
      await script('cluster', 'audit', 'mark');
      const { ms, code, stderr } = await timed(process.execPath, [BIN, ...step], {
        cwd: folder,
        env: { ...env, HOME: folder },
      });
      if (code !== 0) throw new Error(`manila-rwx ${step.join(' ')} ended with ${code}:\n${stderr}`);
      const requests = (await script('cluster', 'audit')).stdout
        .split('\n')
        .filter((line) => line.includes(' manila-rwx/'));
      const writes = requests.filter((line) => !/^(get|list|watch) /.test(line) && !line.includes('selfsubject'));
      const again = seen.has(step.join(' ')) ? ', again' : '';
      seen.add(step.join(' '));
      rows.push([`\`${step.join(' ')}\`${again}`, (ms / 1000).toFixed(1), requests.length, writes.length]);
    }
    return markdownTable(['command', 'seconds', 'API requests', 'of them writes'], rows);
  } finally {
    await script('cloud', 'openstack', 'share', 'type', 'delete', 'bench').catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
    if (!wasUp) await script('rig', 'down');
  }
}

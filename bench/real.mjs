// The main job on a real Kubernetes with a real Keystone and Manila: seconds, and API requests by the audit log.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BIN, markdownTable, timed } from './measure.mjs';
import { withRealStack } from './real-stack.mjs';

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
  return withRealStack(async ({ env, folder, script }) => {
    try {
      await writeFile(join(folder, 'manila-rwx.yaml'), FILE);
      return await measure(env, folder, script);
    } finally {
      await script('cloud', 'openstack', 'share', 'type', 'delete', 'bench').catch(() => undefined);
    }
  });
}

async function measure(env, folder, script) {
  const rows = [];
  const seen = new Set();
  for (const step of STEPS) {
    await script('cluster', 'audit', 'mark');
    const { ms, code, stderr } = await timed(process.execPath, [BIN, ...step], { cwd: folder, env });
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
}

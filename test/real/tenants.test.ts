import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliResult, tempDir } from '../support/cli.ts';
import { describeReal } from '../support/real.ts';

const TYPE = 'rwx-tenants';
const FILE = `
version: 1
cloud: { name: admin }
credential: { project: admin }
drivers: { snapshots: off }
storageClasses: { shareClients: [10.0.0.0/8], include: [${TYPE}] }
`;
const TENANTS = `
tenants:
  - { namespace: rwx-team-a, project: tenant-a, storageClasses: [${TYPE}] }
  - { namespace: rwx-team-b, project: tenant-b, storageClasses: [${TYPE}], resourceQuota: true }
`;
const CLASS = `csi-manila-tenant-${TYPE}`;
const NAMESPACES = ['rwx-team-a', 'rwx-team-b'];

describeReal('tenants', (real) => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  const run = (...argv: string[]): Promise<CliResult> =>
    real.cli(argv, { cwd: dir.path, env: { HOME: dir.path, OS_CLOUD: 'admin' } });
  const good = async (...argv: string[]): Promise<CliResult> => {
    const done = await run(...argv);
    expect(done.code, `manila-rwx ${argv.join(' ')}\n${done.stdout}${done.stderr}`).toBe(0);
    return done;
  };
  const sharesOf = async (project: string): Promise<string[]> => {
    const listed = ['share', 'list', '--all-projects', '--project', project, '-f', 'value', '-c', 'ID'];
    return (await real.cloud('openstack', ...listed)).split('\n').filter(Boolean);
  };
  const write = (tenants: string): Promise<void> => writeFile(join(dir.path, 'manila-rwx.yaml'), FILE + tenants);

  beforeAll(async () => {
    dir = await tempDir();
    await write(TENANTS);
    await real.cloud(
      'openstack',
      'share',
      'type',
      'create',
      TYPE,
      'false',
      '--extra-specs',
      'share_backend_name=ALPHA',
    );
    await good('install');
    await good('tenant', 'apply');
  });
  afterAll(async () => {
    await real.kubectl('delete', 'namespace', ...NAMESPACES, '--ignore-not-found');
    await run('uninstall', '--yes');
    await real.cloud('openstack', 'share', 'type', 'delete', TYPE);
    await dir[Symbol.asyncDispose]();
  });

  it('have shares of their own project, and a Secret that they cannot reach', async () => {
    expect((await good('tenant', 'apply', '-o', 'json')).json()).toMatchObject({ summary: { create: 0, update: 0 } });
    const [before, others] = [await sharesOf('tenant-a'), await sharesOf('tenant-b')];
    await good('pvc', 'create', 'data', '--size', '1Gi', '--storage-class', CLASS, '-n', 'rwx-team-a');
    const [after, same] = [await sharesOf('tenant-a'), await sharesOf('tenant-b')];
    expect(after).toHaveLength(before.length + 1);
    expect(same).toEqual(others);
    await real.kubectl('-n', 'rwx-team-a', 'create', 'serviceaccount', 'boss');
    const binding = ['create', 'rolebinding', 'boss', '--clusterrole=admin', '--serviceaccount=rwx-team-a:boss'];
    await real.kubectl('-n', 'rwx-team-a', ...binding);
    for (const verb of ['get', 'list', 'patch', 'create', 'delete']) {
      const asked = [
        'auth',
        'can-i',
        verb,
        'secrets',
        '-n',
        'manila-csi',
        '--as=system:serviceaccount:rwx-team-a:boss',
      ];
      const answer = await real.kubectl(...asked).catch((error: unknown) => (error as { stdout: string }).stdout);
      expect(answer.trim(), verb).toBe('no');
    }
  });

  it('keep credential and Secret while a volume needs them; a deleted namespace leaves no volume and no share', async () => {
    await write('tenants: []\n');
    const kept = await good('tenant', 'apply', '--prune', '--yes', '-o', 'json');
    expect(JSON.stringify(kept.json())).toContain('1 volume (rwx-team-a/data) need');
    const needed = await run('auth', 'credential', 'delete', '--tenant', 'rwx-team-a', '--yes');
    expect(needed.code).toBe(1);
    const volumes = (): Promise<string> =>
      real.kubectl('get', 'pv', '-o', 'jsonpath={range .items[*]}{.spec.claimRef.namespace}{"\\n"}{end}');
    expect(await volumes()).toContain('rwx-team-a');
    const before = await sharesOf('tenant-a');
    await real.kubectl('delete', 'namespace', 'rwx-team-a');
    await expect.poll(volumes, { timeout: 60_000, interval: 1000 }).not.toContain('rwx-team-a');
    await expect.poll(() => sharesOf('tenant-a'), { timeout: 30_000 }).toHaveLength(before.length - 1);
    const pruned = await good('tenant', 'apply', '--prune', '--yes', '-o', 'json');
    expect(JSON.stringify(pruned.json())).toMatch(
      /"User","name":"manila-rwx-[0-9a-f]{8}-rwx-team-a","action":"delete"/,
    );
  });
});

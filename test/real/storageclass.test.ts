import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tempDir } from '../support/cli.ts';
import { describeReal } from '../support/real.ts';

const FILE = (more = ''): string => `
version: 1
cloud: { name: admin }
credential: { project: tenant-a }
storageClasses:
  prefix: sct-
  include: [sct-*]
  shareClients: [10.0.0.0/8]
  ${more}
`;

describeReal('classes and claims', (real) => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  const cli = (argv: string[], options: Parameters<typeof real.cli>[1] = {}) =>
    real.cli(argv, { cwd: dir.path, ...options, env: { HOME: dir.path } });
  const run = async (...argv: string[]) => {
    const done = await cli(argv);
    expect(done.code, `manila-rwx ${argv.join(' ')}\n${done.stdout}${done.stderr}`).toBe(0);
    return done;
  };
  const openstack = (...argv: string[]) => real.cloud('openstack', 'share', 'type', ...argv);
  const claim = (path: string) => real.kubectl('get', 'pvc', 'sct-claim', '-o', `jsonpath={${path}}`).catch(() => '');
  const remove = async (): Promise<void> => {
    await real.kubectl('delete', 'pvc', '--ignore-not-found', 'sct-claim', 'sct-stuck');
    // The volume goes after its claim, and the driver is needed for that.
    while ((await real.kubectl('get', 'pv', '-o', 'jsonpath={..claimRef.name}')).includes('sct-')) {
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await cli(['uninstall', '--yes']);
    for (const name of ['sct-gold', 'sct-silver', 'sct-ceph', 'sct-servers', 'sct-private']) {
      await openstack('delete', name).catch(() => undefined);
    }
  };

  beforeAll(async () => {
    dir = await tempDir({ 'manila-rwx.yaml': FILE() });
    await openstack('create', 'sct-gold', 'false', '--extra-specs', 'share_backend_name=ALPHA');
    await openstack('create', 'sct-ceph', 'false', '--extra-specs', 'share_backend_name=DELTA');
    await openstack('create', 'sct-servers', 'true');
    await openstack('create', 'sct-private', 'false', '--public', 'false');
    await run('install');
  });
  afterAll(async () => {
    await remove();
    await dir[Symbol.asyncDispose]();
  });

  it('makes a class for what can work, and no request but reads the second time', async () => {
    const first = await run('storageclass', 'sync', '-o', 'json');
    expect(first.json()).toMatchObject({ summary: { create: 1 } });
    const reasons = (first.json().withoutClass as { shareType: string; reason: string }[])
      .filter(({ shareType }) => shareType.startsWith('sct-'))
      .map(({ shareType, reason }) => `${shareType}: ${reason}`);
    expect(reasons).toEqual([
      'sct-ceph: its back end DELTA speaks CEPHFS, and the driver that is installed speaks NFS',
      'sct-private: it is private, and project tenant-a has no access to it',
      expect.stringContaining('sct-servers: its back end makes share servers') as string,
    ]);
    const requests = await real.requestsSince(() => run('storageclass', 'sync'));
    expect(requests.map((line) => line.split(' ').slice(0, 2).join(' ').replace(/\?.*/, '')).sort()).toEqual([
      'get /api/v1/namespaces/manila-csi/secrets/manila-rwx-credential',
      'list /api/v1/nodes',
      'list /apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses',
      'list /apis/storage.k8s.io/v1/storageclasses',
    ]);
    expect((await run('storageclass', 'list')).stdout).toMatch(/^sct-sct-gold +sct-gold +Delete .* in-step/m);
  });

  it('provisions a claim by the type’s id, makes it larger, and says what it waits for', async () => {
    const made = await run('pvc', 'create', 'sct-claim', '-n', 'default', '-o', 'json');
    expect(made.json()).toMatchObject({ phase: 'Bound', capacity: '1Gi', storageClass: 'sct-sct-gold' });
    expect(made.stderr).toMatch(/claim default\/sct-claim to be bound with 1Gi: \w/);
    const { shareId } = made.json() as { shareId: string };
    const share = await real.cloud(
      'openstack',
      'share',
      'show',
      shareId,
      '-f',
      'json',
      '-c',
      'share_type_name',
      '-c',
      'size',
    );
    expect(JSON.parse(share)).toMatchObject({ share_type_name: 'sct-gold', size: 1 });
    const again = await real.requestsSince(() => run('pvc', 'create', 'sct-claim', '-n', 'default'));
    expect(again.filter((line) => !/^(get|list) /.test(line))).toEqual([]);
    await run('pvc', 'create', 'sct-claim', '-n', 'default', '--size', '2Gi');
    expect(await claim('.status.capacity.storage')).toBe('2Gi');
    const smaller = await cli(['pvc', 'create', 'sct-claim', '-n', 'default', '--size', '1Gi']);
    expect(smaller.code).toBe(3);
    expect(smaller.stderr).toContain('field can not be less than status.capacity');
  });

  it('replaces a class after showing it; the volume that was made with it goes on', async () => {
    await writeFile(join(dir.path, 'manila-rwx.yaml'), FILE('overrides: { sct-gold: { reclaimPolicy: Retain } }'));
    const refused = await cli(['storageclass', 'sync']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('replace StorageClass sct-sct-gold: reclaimPolicy "Delete" -> "Retain"');
    const tried = await run('storageclass', 'sync', '--dry-run=server');
    expect(tried.stdout).toContain('reclaimPolicy "Delete" -> "Retain"');
    expect(await real.kubectl('get', 'sc', 'sct-sct-gold', '-o', 'jsonpath={.reclaimPolicy}')).toBe('Delete');
    await run('storageclass', 'sync', '--yes');
    expect(await real.kubectl('get', 'sc', 'sct-sct-gold', '-o', 'jsonpath={.reclaimPolicy}')).toBe('Retain');
    await writeFile(join(dir.path, 'manila-rwx.yaml'), FILE());
    await run('storageclass', 'sync', '--yes');
    await run('pvc', 'create', 'sct-claim', '-n', 'default', '--size', '3Gi');
    expect(await claim('.status.capacity.storage')).toBe('3Gi');
  });

  it('keeps the class of a type that was renamed, and marks that of one that is gone', async () => {
    await openstack('create', 'sct-silver', 'false');
    await run('storageclass', 'sync');
    await openstack('set', 'sct-gold', '--name', 'sct-renamed');
    await openstack('delete', 'sct-silver');
    const list = (await run('storageclass', 'list', '-o', 'json')).json().classes as object[];
    expect(list).toMatchObject([
      { name: 'sct-sct-gold', state: 'drifted' },
      { name: 'sct-sct-silver', state: 'type-gone' },
    ]);
    await run('storageclass', 'sync');
    const note = await real.kubectl('get', 'sc', 'sct-sct-gold', '-o', 'jsonpath={.metadata.annotations}');
    expect(JSON.parse(note)).toMatchObject({ 'manila-rwx/share-type-name': 'sct-renamed' });
    await run('storageclass', 'sync', '--prune', '--yes');
    expect(await real.kubectl('get', 'sc', '-o', 'name')).not.toContain('sct-sct-silver');
    await openstack('set', 'sct-renamed', '--name', 'sct-gold');
    await run('storageclass', 'sync');
  });

  it('says why a claim is stuck, ends 4 in time, and 130 at Ctrl-C', async () => {
    // More than any pool has.
    const stuck = ['pvc', 'create', 'sct-stuck', '-n', 'default', '--size', '100Ti', '--timeout', '15s'];
    const late = await cli(stuck);
    expect(late.code).toBe(4);
    expect(late.stderr).toMatch(
      /ProvisioningFailed: failed to provision volume with StorageClass "sct-sct-gold": rpc error/,
    );
    expect(late.stderr).toContain('manila-rwx pvc diagnose sct-stuck -n default');
    const interrupted = await cli(stuck, {
      started: (child) => child.stderr?.once('data', () => setTimeout(() => child.kill('SIGINT'), 300)),
    });
    expect(interrupted.code).toBe(130);
    await real.kubectl('delete', 'pvc', 'sct-stuck');
  });
});

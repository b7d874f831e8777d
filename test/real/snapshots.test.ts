import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliResult, tempDir } from '../support/cli.ts';
import { describeReal } from '../support/real.ts';

const FILE = `
version: 1
cloud: { name: admin }
credential: { project: tenant-a }
drivers: { snapshots: install }
shareTypes:
  - { name: rwx-snapshots, snapshots: { create: true, restore: true }, extraSpecs: { share_backend_name: ALPHA } }
storageClasses: { include: [rwx-snapshots], shareClients: [10.0.0.0/8] }
`;

const CLAIM = `
spec:
  accessModes: [ReadWriteMany]
  storageClassName: csi-manila-rwx-snapshots
  resources: { requests: { storage: 1Gi } }
`;
const CLASS_AND_CLAIM = `
apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshotClass
metadata: { name: rwx-snapshots }
driver: nfs.manila.csi.openstack.org
deletionPolicy: Delete
parameters:
  csi.storage.k8s.io/snapshotter-secret-name: manila-rwx-credential
  csi.storage.k8s.io/snapshotter-secret-namespace: manila-csi
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: rwx-data, namespace: default }
${CLAIM}`;
const SNAPSHOT_AND_RESTORE = `
apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshot
metadata: { name: rwx-snapshot, namespace: default }
spec: { volumeSnapshotClassName: rwx-snapshots, source: { persistentVolumeClaimName: rwx-data } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: rwx-restored, namespace: default }
${CLAIM}
  dataSource: { apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: rwx-snapshot }
`;

describeReal('VolumeSnapshots', (real) => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  const run = (...argv: string[]): Promise<CliResult> =>
    real.cli(argv, { cwd: dir.path, env: { HOME: dir.path, OS_CLOUD: 'admin' } });
  const good = async (...argv: string[]): Promise<CliResult> => {
    const done = await run(...argv);
    expect(done.code, `manila-rwx ${argv.join(' ')}\n${done.stdout}${done.stderr}`).toBe(0);
    return done;
  };
  const apply = async (text: string): Promise<void> => {
    const file = join(dir.path, 'objects.yaml');
    await writeFile(file, text);
    await real.kubectl('apply', '-f', file);
  };
  const reaches = (what: string, path: string): Promise<string> =>
    real.kubectl('wait', `--for=jsonpath=${path}`, what, '--timeout=60s');
  const definitions = (): Promise<string> => real.kubectl('get', 'crd', '-o', 'name');

  beforeAll(async () => {
    dir = await tempDir({ 'manila-rwx.yaml': FILE });
    await run('uninstall', '--yes');
  });
  afterAll(async () => {
    await real.kubectl('delete', 'volumesnapshot', 'rwx-snapshot', '--ignore-not-found').catch(() => undefined);
    await real.kubectl('delete', 'pvc', 'rwx-data', 'rwx-restored', '--ignore-not-found');
    await real.kubectl('wait', '--for=delete', 'pv', '--all', '--timeout=60s').catch(() => undefined);
    await real.kubectl('delete', 'volumesnapshotclass', 'rwx-snapshots', '--ignore-not-found').catch(() => undefined);
    await run('uninstall', '--yes', '--crds');
    await real.cloud('openstack', 'share', 'type', 'delete', 'rwx-snapshots').catch(() => undefined);
    await dir[Symbol.asyncDispose]();
  });

  it('are installed where the cluster has none, and a second run changes nothing', async () => {
    expect(await definitions()).not.toContain('snapshot');
    const made = (await good('install', '-o', 'json')).json();
    expect(made).toMatchObject({ snapshots: true, snapshotController: { wanted: 2, available: 2 } });
    expect((await good('install', '-o', 'json')).json()).toMatchObject({
      summary: { create: 0, update: 0, replace: 0, delete: 0 },
    });
    const state = (await good('status', '-o', 'json')).json();
    expect(state).toMatchObject({
      healthy: true,
      snapshots: { snapshotter: true, controller: { name: 'manila-csi/manila-csi-snapshot-controller', ours: true } },
    });
  });

  it('are taken and restored, and a claim grows, within the access rules of the credential', async () => {
    await good('sharetype', 'apply');
    await good('storageclass', 'sync');
    await apply(CLASS_AND_CLAIM);
    await reaches('pvc/rwx-data', '{.status.phase}=Bound');
    await apply(SNAPSHOT_AND_RESTORE);
    await reaches('volumesnapshot/rwx-snapshot', '{.status.readyToUse}=true');
    await reaches('pvc/rwx-restored', '{.status.phase}=Bound');
    const grow = '{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}';
    await real.kubectl('patch', 'pvc', 'rwx-data', '-p', grow);
    await reaches('pvc/rwx-data', '{.status.capacity.storage}=2Gi');
    const shares = await real.cloud('openstack', 'share', 'list', '--project', 'tenant-a', '-f', 'value', '-c', 'Size');
    expect(shares.trim().split('\n').sort()).toEqual(['1', '2']);
    const status = (await good('status', '-o', 'json')).json() as { credential: { limited: boolean } };
    expect(status.credential.limited).toBe(true);
  });

  it('hold the driver back from being removed, then go, and leave the CRDs until they are asked for', async () => {
    const refused = await run('uninstall', '--yes');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/2 volumes \(.*\) and 1 snapshot \(default\/rwx-snapshot\); nothing was removed/);
    await real.kubectl('delete', 'volumesnapshot', 'rwx-snapshot');
    await real.kubectl('delete', 'pvc', 'rwx-data', 'rwx-restored');
    await real.kubectl('wait', '--for=delete', 'pv', '--all', '--timeout=60s');
    const kept = (await good('uninstall', '--yes', '-o', 'json')).json() as { kept: string[] };
    expect(kept.kept).toContain(
      'CRD volumesnapshots.snapshot.storage.k8s.io: needed by VolumeSnapshotClass rwx-snapshots',
    );
    expect(await definitions()).toContain('volumesnapshots.snapshot');
    await real.kubectl('delete', 'volumesnapshotclass', 'rwx-snapshots');
    await good('uninstall', '--yes', '--crds');
    expect(await definitions()).not.toContain('snapshot');
    const left = await real.cloud('openstack', 'share', 'snapshot', 'list', '--all-projects', '-f', 'value');
    expect(left.trim()).toBe('');
  });
});

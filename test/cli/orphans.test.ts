import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/kube/types.ts';
import type { Orphan, OrphanReport } from '../../src/resources/orphans/report.ts';
import { startTestLab, type TestLab } from '../support/test-lab.ts';

const CONFIG = `
version: 1
cloud: { name: admin }
credential: { project: tenant-a }
drivers: { snapshots: install }
shareTypes:
  - { name: gold, protocol: NFS, driverHandlesShareServers: false, snapshots: { create: true, restore: true } }
storageClasses: { shareClients: [10.0.0.0/8] }
`;
const CLUSTER = 'manila.csi.openstack.org/cluster';
const SNAPSHOTS = 'snapshot.storage.k8s.io/v1';
const volume = (name: string) => ({ apiVersion: 'v1', kind: 'PersistentVolume', name });
const claim = (name: string) => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace: 'default' });

interface Claim extends KubeObject {
  spec: { volumeName?: string };
  status?: { phase?: string };
}

describe('orphans', () => {
  let at: TestLab;
  /** Names of volumes and shares by their claims. */
  const made: Record<string, string> = {};

  const addClaim = (name: string, storageClassName = 'csi-manila-gold') =>
    at.kube.create({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: 'default' },
      spec: { accessModes: ['ReadWriteMany'], storageClassName, resources: { requests: { storage: '1Gi' } } },
    });
  const share = (name: string) =>
    at.until(`share ${name}`, async () => {
      const [found] = await (await at.manila('alice')).listShares({ name });
      return found && !found.status.startsWith('creating') ? found : undefined;
    });
  const addShare = async (metadata: Record<string, string>): Promise<string> => {
    const name = `pvc-${randomUUID()}`;
    await (await at.manila('alice')).createShare({ name, size: 1, protocol: 'NFS', shareType: 'gold', metadata });
    return (await share(name)).name;
  };
  const drop = async (name: string): Promise<void> => {
    await at.kube.mergePatch(volume(name), { spec: { persistentVolumeReclaimPolicy: 'Retain' } });
    await at.kube.delete(volume(name));
    await at.kube.mergePatch(volume(name), { metadata: { finalizers: null } });
    await at.until('no volume', async () => ((await at.kube.get(volume(name))) ? undefined : true));
  };
  const look = async () => {
    const done = await at.cli('orphans', '-o', 'json');
    return { code: done.code, ...(done.json() as unknown as OrphanReport) };
  };
  const brief = (orphans: readonly Orphan[]): unknown[] =>
    orphans.map(({ finding, name, deletable }) => [finding, name, deletable]).sort();

  beforeAll(async () => {
    at = await startTestLab(CONFIG);
    await at.run('sharetype', 'apply');
    await at.run('install');
    await at.run('storageclass', 'sync');
    await Promise.all(['keep', 'gone', 'lost', 'noshare'].map((name) => addClaim(name)));
    for (const name of ['keep', 'gone', 'lost', 'noshare']) {
      const bound = await at.until(name, async () => {
        const found = await at.kube.get<Claim>(claim(name));
        return found?.status?.phase === 'Bound' ? found : undefined;
      });
      made[name] = bound.spec.volumeName ?? '';
    }
  });
  afterAll(() => at.stop());

  it('finds nothing where both halves are there (exit 0)', async () => {
    expect(await look()).toMatchObject({ code: 0, projects: ['tenant-a'], orphans: [], maybeOthers: [] });
  });

  it('leaves alone what the driver made for a claim that it still tries to serve', async () => {
    const gold = await at.kube.get({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', name: 'csi-manila-gold' });
    await at.kube.create({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'host-bits' },
      provisioner: gold?.provisioner,
      parameters: { ...(gold?.parameters as object), 'nfs-shareClient': '10.0.0.1/8' },
    });
    const name = `pvc-${(await addClaim('refused', 'host-bits')).metadata.uid ?? ''}`;
    await share(name);
    expect(await look()).toMatchObject({ code: 0, orphans: [], maybeOthers: [] });
    await at.kube.delete(claim('refused'));
    await at.until('no claim', async () => ((await at.kube.get(claim('refused'))) ? undefined : true));
    expect(brief((await look()).orphans)).toEqual([['share-without-volume', name, true]]);
    await (await at.manila('alice')).deleteShare((await share(name)).id);
  });

  it('finds what lost its other half, and says what may be another cluster’s', async () => {
    const snapshot = await at.kube.create({
      apiVersion: SNAPSHOTS,
      kind: 'VolumeSnapshot',
      metadata: { name: 'nightly', namespace: 'default' },
      spec: { volumeSnapshotClassName: 'csi-manila-gold', source: { persistentVolumeClaimName: 'gone' } },
    });
    const content = {
      apiVersion: SNAPSHOTS,
      kind: 'VolumeSnapshotContent',
      name: `snapcontent-${snapshot.metadata.uid ?? ''}`,
    };
    await at.until('snapshot', async () => {
      const found = await at.kube.get<KubeObject & { status?: { readyToUse?: boolean } }>(content);
      return found?.status?.readyToUse === true ? true : undefined;
    });
    await at.kube.mergePatch(content, { spec: { deletionPolicy: 'Retain' } });
    await at.kube.delete({ ...content, kind: 'VolumeSnapshot', name: 'nightly', namespace: 'default' });
    await at.kube.delete(content);
    await at.until('no content', async () => ((await at.kube.get(content)) ? undefined : true));
    await at.kube.mergePatch(volume(made.gone ?? ''), { spec: { persistentVolumeReclaimPolicy: 'Retain' } });
    await at.kube.delete(claim('gone'));
    await at.until('no claim', async () => ((await at.kube.get(claim('gone'))) ? undefined : true));
    await drop(made.gone ?? '');
    await drop(made.lost ?? '');
    const manila = await at.manila('alice');
    const { id } = await share(made.noshare ?? '');
    await manila.deleteShare(id);
    await at.until('no share', async () => ((await manila.getShare(id)) ? undefined : true));
    const others = [await addShare({ [CLUSTER]: 'elsewhere' }), await addShare({})];

    const found = await look();
    expect(found.code).toBe(1);
    expect(brief(found.orphans)).toEqual(
      [
        ['share-without-volume', made.gone, true],
        ['share-without-volume', made.lost, false],
        ['snapshot-without-content', `snapshot-${snapshot.metadata.uid ?? ''}`, true],
        ['volume-without-share', made.noshare, false],
      ].sort(),
    );
    expect(found.maybeOthers.map(({ name }) => name).sort()).toEqual(others.sort());
    const lost = found.orphans.find(({ name }) => name === made.lost);
    expect(lost?.remedy).toContain(`pvc import ${lost?.id ?? ''} lost -n default`);
    const { stdout } = await at.cli('orphans');
    expect(stdout).toContain('made for cluster elsewhere');
    expect(stdout).toContain('2 can be deleted: manila-rwx orphans --delete');
  });

  it('deletes only what is surely ours and in nobody’s use, and only when told to', async () => {
    const manila = await at.manila('alice');
    const before = (await manila.listShares()).map(({ name }) => name);
    const asked = await at.cli('orphans', '--delete');
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining(`delete Share ${made.gone ?? ''}`)]);
    expect((await manila.listShares()).map(({ name }) => name)).toEqual(before);

    const done = await at.cli('orphans', '--delete', '--yes', '-o', 'json');
    expect(done.json()).toMatchObject({ schema: 'manila-rwx/change-set/v1', summary: { delete: 2, none: 2 } });
    expect(done.code).toBe(1);
    expect((await manila.listShares()).map(({ name }) => name)).toEqual(before.filter((name) => name !== made.gone));
    expect(await manila.listSnapshots()).toEqual([]);
  });

  it('says that there is no login of the drivers (exit 3)', async () => {
    const { code, stderr } = await at.cli('orphans', '-n', 'default');
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining('there is no login of the drivers in namespace default'),
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Share } from '../../src/openstack/types.ts';
import type { NewShare } from '../../src/openstack/manila/shares.ts';
import { startTestLab, type TestLab } from '../support/test-lab.ts';

const CONFIG = `
version: 1
cloud: { name: admin }
credential: { project: tenant-a }
shareTypes: [{ name: gold, protocol: NFS, driverHandlesShareServers: false }]
storageClasses: { shareClients: [10.0.0.0/8] }
`;

describe('shares and claims', () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = await startTestLab(CONFIG);
    await lab.run('sharetype', 'apply');
    await lab.run('install');
    await lab.run('storageclass', 'sync');
  });
  afterAll(() => lab.stop());

  const share = async (name: string, more: Partial<NewShare> = {}, cloud = 'alice'): Promise<Share> => {
    const manila = await lab.manila(cloud);
    const { id } = await manila.createShare({ name, size: 3, protocol: 'NFS', shareType: 'gold', ...more });
    return lab.until(`share ${name}`, async () => {
      const found = await manila.getShare(id);
      return found?.status === 'creating' ? undefined : found;
    });
  };
  const pod = (name: string, claim: string, node: string, script: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: {
      nodeName: node,
      restartPolicy: 'Never',
      containers: [
        {
          name: 'c',
          image: 'busybox',
          env: [{ name: 'MANILA_RWX_MOUNT', value: '/d' }],
          command: ['sh', '-c', script],
          volumeMounts: [{ name: 'd', mountPath: '/d' }],
        },
      ],
      volumes: [{ name: 'd', persistentVolumeClaim: { claimName: claim } }],
    },
  });

  describe('pvc import', () => {
    it('makes a share a volume with a claim, lets the nodes in, and is done the second time', async () => {
      const data = await share('My Data_1');
      const tried = await lab.run('pvc', 'import', 'My Data_1', '-n', 'default', '--dry-run', '-o', 'json');
      expect(tried.json()).toMatchObject({ dryRun: 'client', accessRules: [{ to: '10.0.0.0/8', made: true }] });
      expect((await lab.kube.list({ apiVersion: 'v1', kind: 'PersistentVolume' })).items).toEqual([]);
      const done = await lab.run('pvc', 'import', 'My Data_1', '-n', 'default', '-o', 'json');
      const [rule] = await (await lab.manila()).listAccessRules(data.id);
      expect(rule).toMatchObject({ to: '10.0.0.0/8', level: 'rw', state: 'active' });
      expect(done.json()).toMatchObject({
        schema: 'manila-rwx/share-import/v1',
        name: 'my-data-1',
        volume: `share-${data.id}`,
        size: '3Gi',
        phase: 'Bound',
        accessRules: [{ id: rule?.id, made: true }],
        changes: [{ kind: 'AccessRule' }, { action: 'create' }, { action: 'create' }],
      });
      const volume = await lab.kube.get({ apiVersion: 'v1', kind: 'PersistentVolume', name: `share-${data.id}` });
      expect(volume?.spec).toMatchObject({
        persistentVolumeReclaimPolicy: 'Retain',
        accessModes: ['ReadWriteMany'],
        csi: {
          volumeHandle: data.id,
          volumeAttributes: { shareID: data.id, shareAccessIDs: rule?.id },
          nodePublishSecretRef: { name: 'manila-rwx-credential', namespace: 'manila-csi' },
          controllerExpandSecretRef: { name: 'manila-rwx-credential' },
        },
      });
      const again = await lab.run('pvc', 'import', data.id, '-n', 'default', '-o', 'json');
      expect(again.json()).toMatchObject({
        accessRules: [{ made: false }],
        changes: [{ action: 'none' }, { action: 'none' }],
      });
    });

    it('mounts on two nodes, and read-only where it was imported so', async () => {
      const shared = await share('archive');
      await (await lab.manila('alice')).allowAccess(shared.id, { type: 'ip', to: '0.0.0.0/0', level: 'ro' });
      const writing = await lab.cli('pvc', 'import', 'archive', '-n', 'default', '--share-clients', '0.0.0.0/0');
      expect(writing.code).toBe(3);
      expect(writing.stderr).toContain('lets 0.0.0.0/0 read only');
      const args = ['--access-mode', 'ReadOnlyMany', '-o', 'json'];
      const done = await lab.run('pvc', 'import', 'archive', 'old', '-n', 'default', ...args);
      expect(done.json()).toMatchObject({ accessModes: ['ReadOnlyMany'], accessRules: [{ level: 'ro', made: false }] });
      const [one = '', two = ''] = lab.lab.kubernetes.nodes;
      await lab.kube.create(pod('w1', 'my-data-1', one, 'echo w1 > $MANILA_RWX_MOUNT/w1'));
      await lab.kube.create(pod('r2', 'my-data-1', two, 'until cat $MANILA_RWX_MOUNT/w1; do sleep 0.1; done'));
      for (const name of ['w1', 'r2']) {
        await lab.until(`pod ${name}`, async () => {
          const found = await lab.kube.get<ReturnType<typeof pod> & { status?: { phase: string } }>({
            apiVersion: 'v1',
            kind: 'Pod',
            name,
            namespace: 'default',
          });
          return found?.status?.phase === 'Succeeded' ? true : undefined;
        });
      }
    });

    it('refuses what cannot be a volume, and makes nothing of it', async () => {
      await share('smb', { protocol: 'CIFS' });
      await share('theirs', {}, 'bob');
      await share('twin');
      await share('twin');
      const said = async (...argv: string[]) => {
        const { code, stderr } = await lab.cli('pvc', 'import', ...argv, '-n', 'default');
        return `${code} ${stderr}`;
      };
      const before = (await lab.kube.list({ apiVersion: 'v1', kind: 'PersistentVolume' })).items.length;
      expect(await said('smb')).toMatch(/^3 error: share smb cannot be a volume: its protocol is CIFS/);
      expect(await said('theirs')).toMatch(/^3 error: project tenant-a has no share with id or name "theirs"/);
      expect(await said('twin')).toMatch(/^2 error: project tenant-a has 2 shares named "twin"/);
      expect(await said('My Data_1', 'second')).toMatch(
        /^3 .* is PersistentVolume share-.* of claim default\/my-data-1 already/,
      );
      await (
        await lab.manila()
      ).createShareType({
        name: 'nowhere',
        isPublic: true,
        extraSpecs: { driver_handles_share_servers: 'False', share_backend_name: 'NOPE' },
      });
      const big = await share('big', { shareType: 'nowhere' });
      expect(big.status).toBe('error');
      expect(await said('big')).toContain('its status is error, and it must be available');
      const fresh = await share('fresh');
      expect(await said('fresh', 'my-data-1')).toContain('claim default/my-data-1 exists and is for another volume');
      expect(await said('fresh', 'Not_a_name')).toMatch(/^2 error: "Not_a_name" can be no name of a claim/);
      expect(await said('fresh', '--share-clients', '10.0.0.1/8')).toMatch(
        /^2 error: --share-clients: "10.0.0.1\/8" has bits set/,
      );
      expect(await (await lab.manila()).listAccessRules(fresh.id)).toEqual([]);
      expect((await lab.kube.list({ apiVersion: 'v1', kind: 'PersistentVolume' })).items).toHaveLength(before);
    });
  });
});

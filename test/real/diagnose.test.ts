import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tempDir } from '../support/cli.ts';
import { describeReal } from '../support/real.ts';

const CONFIG = `version: 1
cloud: { name: admin }
credential: { project: tenant-a }
storageClasses: { prefix: dia-, include: [dia-gold], shareClients: [10.0.0.0/8] }
`;

describeReal('pvc diagnose names the one cause', (real) => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  const cli = (...argv: string[]) => real.cli(argv, { cwd: dir.path, env: { HOME: dir.path } });
  const type = (...argv: string[]) => real.cloud('openstack', 'share', 'type', ...argv);
  const secret = { name: 'csi.storage.k8s.io/secret-name', namespace: 'csi.storage.k8s.io/secret-namespace' };
  const parameters = (shareType: string, name = 'manila-rwx-credential') => ({
    type: shareType,
    'nfs-shareClient': '10.0.0.0/8',
    [secret.name]: name,
    [secret.namespace]: 'manila-csi',
  });
  const storageClass = (name: string, given: object, more: object = {}) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: 'nfs.manila.csi.openstack.org',
    parameters: given,
    ...more,
  });
  const claim = (name: string, storageClassName: string, storage = '1Gi') => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default' },
    spec: { accessModes: ['ReadWriteMany'], storageClassName, resources: { requests: { storage } } },
  });
  const pod = (name: string, nodeName: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: {
      nodeName,
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'c',
          image: 'docker.io/library/busybox:1.37.0',
          command: ['sleep', '3600'],
          volumeMounts: [{ name: 'd', mountPath: '/d' }],
        },
      ],
      volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'dia-good' } }],
    },
  });
  const apply = async (...items: object[]): Promise<void> => {
    const path = join(dir.path, 'objects.json');
    await writeFile(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await real.kubectl('apply', '-f', path);
  };
  const claims = ['dia-type', 'dia-dhss', 'dia-quota', 'dia-secret', 'dia-late', 'dia-none', 'dia-good'];

  /** The id of the cause as soon as it is the one, or the last that was said. */
  const causeOf = async (name: string, wanted: string) => {
    for (const end = Date.now() + 40_000; ;) {
      const done = await cli('pvc', 'diagnose', name, '-n', 'default', '-o', 'json');
      const { verdict, cause } = done.json() as { verdict: string; cause?: { id: string; summary: string } };
      const id = cause?.id ?? verdict;
      if (id === wanted || Date.now() > end) return { id, summary: cause?.summary ?? '', code: done.code };
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };

  beforeAll(async () => {
    dir = await tempDir({ 'manila-rwx.yaml': CONFIG });
    await type('create', 'dia-gold', 'false', '--extra-specs', 'share_backend_name=ALPHA');
    await type('create', 'dia-servers', 'true');
    expect((await cli('install')).code).toBe(0);
    expect((await cli('storageclass', 'sync')).code).toBe(0);
    const keystone = (
      await real.kubectl(
        '-n',
        'manila-csi',
        'get',
        'secret',
        'manila-rwx-credential',
        '-o',
        'jsonpath={.data.os-authURL}',
      )
    ).trim();
    const stringData = {
      'os-authURL': Buffer.from(keystone, 'base64').toString(),
      'os-userName': 'alice',
      'os-password': 'not-it',
      'os-projectName': 'tenant-a',
      'os-domainName': 'Default',
    };
    await apply(
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'dia-secret', namespace: 'manila-csi' }, stringData },
      storageClass('dia-type', parameters('silver')),
      storageClass('dia-dhss', parameters('dia-servers')),
      storageClass('dia-secret', parameters('dia-gold', 'dia-secret')),
      storageClass('dia-late', parameters('dia-gold'), { volumeBindingMode: 'WaitForFirstConsumer' }),
      claim('dia-type', 'dia-type'),
      claim('dia-dhss', 'dia-dhss'),
      claim('dia-secret', 'dia-secret'),
      claim('dia-late', 'dia-late'),
      claim('dia-none', 'dia-godl'),
      claim('dia-quota', 'dia-dia-gold', '2000Gi'),
      claim('dia-good', 'dia-dia-gold'),
    );
  });
  afterAll(async () => {
    await real.cluster('nfs', 'all', 'shared');
    await real.kubectl('delete', 'pod', '--ignore-not-found', '-n', 'default', 'dia-1', 'dia-2', 'dia-3');
    await real.kubectl('delete', 'pvc', '--ignore-not-found', '-n', 'default', ...claims);
    while ((await real.kubectl('get', 'pv', '-o', 'jsonpath={..claimRef.name}')).includes('dia-')) {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await real.kubectl('delete', 'sc', '--ignore-not-found', 'dia-type', 'dia-dhss', 'dia-secret', 'dia-late');
    await real.kubectl('delete', 'secret', '--ignore-not-found', '-n', 'manila-csi', 'dia-secret');
    await cli('uninstall', '--yes');
    await type('delete', 'dia-gold', 'dia-servers');
    await dir[Symbol.asyncDispose]();
  });

  it('of claims that are not bound', async () => {
    expect(await causeOf('dia-type', 'share-type-missing')).toMatchObject({ id: 'share-type-missing', code: 1 });
    expect(await causeOf('dia-dhss', 'share-network')).toMatchObject({ id: 'share-network', code: 1 });
    expect(await causeOf('dia-secret', 'credential-refused')).toMatchObject({
      id: 'credential-refused',
      code: 1,
      summary: expect.stringContaining('manila-csi/dia-secret') as string,
    });
    expect(await causeOf('dia-quota', 'quota-exceeded')).toMatchObject({ id: 'quota-exceeded', code: 1 });
    expect(await causeOf('dia-none', 'class-missing')).toMatchObject({ id: 'class-missing', code: 1 });
    expect(await causeOf('dia-late', 'waits-for-pod')).toMatchObject({ id: 'waits-for-pod', code: 0 });
    expect(await causeOf('dia-good', 'healthy')).toMatchObject({ id: 'healthy', code: 0 });
  });

  it('of a mount that is denied', async () => {
    await real.cluster('nfs', 'node2', 'deny');
    await apply(pod('dia-1', 'node1'), pod('dia-2', 'node2'));
    const denied = await causeOf('dia-good', 'mount-denied');
    expect(denied).toMatchObject({ id: 'mount-denied', code: 1 });
    expect(denied.summary).toMatch(
      /^the storage denies node node2 \(10\.[\d.]+\) the mount although a rule lets it in/,
    );
    await real.cluster('nfs', 'node2', 'shared');
    await real.kubectl('delete', 'pod', '-n', 'default', 'dia-2');
    expect(await causeOf('dia-good', 'healthy')).toMatchObject({ id: 'healthy' });
  });

  it('of a node without the driver', async () => {
    const selector = '{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/hostname":"node1"}}}}}';
    await real.kubectl('-n', 'manila-csi', 'patch', 'daemonset', 'manila-csi-nfs-node', '-p', selector);
    while ((await real.kubectl('get', 'csinode', 'node2', '-o', 'jsonpath={.spec.drivers}')).includes('manila')) {
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await apply(pod('dia-3', 'node2'));
    const missing = await causeOf('dia-good', 'driver-missing-on-node');
    expect(missing).toMatchObject({ id: 'driver-missing-on-node', code: 1 });
    expect(missing.summary).toContain('is not registered on node node2, where pod dia-3 is');
  });
});

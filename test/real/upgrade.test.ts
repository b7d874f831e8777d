import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliResult, tempDir } from '../support/cli.ts';
import { describeReal } from '../support/real.ts';

const FILE = `
version: 1
cloud: { name: admin }
credential: { project: tenant-a }
drivers: { protocols: [NFS, CEPHFS] }
shareTypes:
  - { name: rwx-nfs, extraSpecs: { share_backend_name: ALPHA } }
  - { name: rwx-ceph, protocol: CEPHFS, extraSpecs: { share_backend_name: DELTA } }
`;

/** A class by hand, so that how it mounts can be chosen; and a claim of it. */
function claim(name: string, provisioner: string, parameters: Record<string, string>): string {
  const roles = ['provisioner', 'controller-expand', 'node-stage', 'node-publish'];
  const secrets = roles.flatMap((role) => [
    [`csi.storage.k8s.io/${role}-secret-name`, 'manila-rwx-credential'],
    [`csi.storage.k8s.io/${role}-secret-namespace`, 'manila-csi'],
  ]);
  const storageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner,
    parameters: { ...parameters, ...(Object.fromEntries(secrets) as Record<string, string>) },
  };
  const pvc = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default' },
    spec: {
      accessModes: ['ReadWriteMany'],
      storageClassName: name,
      resources: { requests: { storage: '1Gi' } },
    },
  };
  return `${JSON.stringify(storageClass)}\n---\n${JSON.stringify(pvc)}\n`;
}

const WRITE = `ok=0; bad=0
while :; do
  for d in /nfs /ceph; do
    if echo x >> $d/$NODE && sync $d/$NODE; then ok=$((ok+1)); else bad=$((bad+1)); fi
  done
  echo "$ok $bad $(ls /nfs /ceph | grep -c node)" > /tmp/count; sleep 0.1
done`;

/** Writes to both volumes on every node, and counts what failed. */
const WRITERS = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'rwx-writers', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'rwx-writers' } },
    template: {
      metadata: { labels: { app: 'rwx-writers' } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'writer',
            image: 'busybox:1.36',
            command: ['sh', '-c', WRITE],
            env: [{ name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
            readinessProbe: { exec: { command: ['cat', '/tmp/count'] }, periodSeconds: 1 },
            volumeMounts: [
              { name: 'nfs', mountPath: '/nfs' },
              { name: 'ceph', mountPath: '/ceph' },
            ],
          },
        ],
        volumes: [
          { name: 'nfs', persistentVolumeClaim: { claimName: 'rwx-nfs' } },
          { name: 'ceph', persistentVolumeClaim: { claimName: 'rwx-ceph' } },
        ],
      },
    },
  },
};

describeReal('NFS and CephFS side by side', (real) => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  const run = (...argv: string[]): Promise<CliResult> =>
    real.cli(argv, { cwd: dir.path, env: { HOME: dir.path, OS_CLOUD: 'admin' } });
  const good = async (...argv: string[]): Promise<CliResult> => {
    const done = await run(...argv);
    expect(done.code, `manila-rwx ${argv.join(' ')}\n${done.stdout}${done.stderr}`).toBe(0);
    return done;
  };
  const apply = async (text: string): Promise<string> => {
    const file = join(dir.path, 'objects.yaml');
    await writeFile(file, text);
    return real.kubectl('apply', '-f', file);
  };
  /** For each writer: writes that worked, writes that failed, files of nodes that it sees in both volumes together. */
  const counts = async (): Promise<number[][]> => {
    const names = (await real.kubectl('get', 'pods', '-l', 'app=rwx-writers', '-o', 'name')).trim().split('\n');
    const texts = await Promise.all(names.map((name) => real.kubectl('exec', name, '--', 'cat', '/tmp/count')));
    return texts.map((text) => text.trim().split(' ').map(Number));
  };

  beforeAll(async () => {
    dir = await tempDir({ 'manila-rwx.yaml': FILE });
    await run('uninstall', '--yes');
  });
  afterAll(async () => {
    await real.kubectl('delete', 'ds', 'rwx-writers', '--ignore-not-found', '--wait');
    await real.kubectl('delete', 'pvc', 'rwx-nfs', 'rwx-ceph', '--ignore-not-found');
    await real.kubectl('wait', '--for=delete', 'pv', '--all', '--timeout=60s').catch(() => undefined);
    await real.kubectl('delete', 'sc', 'rwx-nfs', 'rwx-ceph', '--ignore-not-found');
    await run('uninstall', '--yes');
    await real.cloud('openstack', 'share', 'type', 'delete', 'rwx-nfs', 'rwx-ceph').catch(() => undefined);
    await dir[Symbol.asyncDispose]();
  });

  it('are installed in an older version, and a volume of each is mounted on every node', async () => {
    await good('install', '--driver-version', '1.35.0');
    await good('sharetype', 'apply');
    await apply(
      [
        claim('rwx-nfs', 'nfs.manila.csi.openstack.org', { type: 'rwx-nfs' }),
        claim('rwx-ceph', 'cephfs.manila.csi.openstack.org', { type: 'rwx-ceph', 'cephfs-mounter': 'kernel' }),
        JSON.stringify(WRITERS),
      ].join('---\n'),
    );
    await real.kubectl('rollout', 'status', 'ds/rwx-writers', '--timeout=90s');
    await expect.poll(async () => (await counts()).map(([, , seen]) => seen), { timeout: 20_000 }).toEqual([4, 4]);
  });

  it('are upgraded while both are written to, and not one write fails', async () => {
    const before = await counts();
    const done = (await good('upgrade', '-o', 'json')).json();
    expect(done).toMatchObject({
      from: { manila: 'v1.35.0', ceph: 'v3.16.0' },
      to: { manila: 'v1.36.0', ceph: 'v3.17.1' },
      heldBack: [],
      drivers: [{ ready: true }, { ready: true }],
    });
    const after = await counts();
    expect(after.map(([, failed]) => failed)).toEqual([0, 0]);
    after.forEach(([ok = 0], i) => expect(ok).toBeGreaterThan((before[i]?.[0] ?? 0) + 20));
    expect((await good('upgrade', '-o', 'json')).json()).toMatchObject({ summary: { update: 0, create: 0 } });
  });

  it('are rendered as they are installed', async () => {
    const file = join(dir.path, 'rendered.yaml');
    const { stdout } = await good('render');
    await writeFile(file, stdout);
    expect(await real.kubectl('diff', '-f', file)).toBe('');
    const tried = await real.kubectl('apply', '--dry-run=server', '-f', file);
    expect(tried.trim().split('\n')).toHaveLength(stdout.split('\n---\n').length);
  });
});

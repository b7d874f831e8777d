import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/kube/types.ts';
import type { CliResult } from '../support/cli.ts';
import { startCloud, type TestCloud } from '../support/cloud.ts';
import { fault } from '../support/keystone-server.ts';
import { KubeServer, statusAnswer } from '../support/kube-server.ts';

let cloud: TestCloud;
let kube: KubeServer;
/** The service user of this cluster. */
let owner: string;
beforeEach(async () => {
  cloud = await startCloud();
  kube = await KubeServer.start();
  await writeFile(join(cloud.folder, 'kc'), kube.kubeconfig());
  const system = kube.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } });
  owner = `manila-rwx-${system.metadata.uid?.slice(0, 8)}`;
  node('node1');
  // As in an embedded cluster: its pods are processes of this machine, which reach its loopback.
  kube.put({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'kubernetes', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '127.0.0.1' }] }],
  });
});
afterEach(async () => {
  await cloud[Symbol.asyncDispose]();
  await kube[Symbol.asyncDispose]();
});

const SECRET = { apiVersion: 'v1', kind: 'Secret', name: 'manila-rwx-credential', namespace: 'manila-csi' };

function node(name: string, more: object = {}): void {
  const conditions = [{ type: 'Ready', status: 'True' }];
  kube.put({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {}, status: { conditions }, ...more });
}

async function run(argv: string[], file = 'credential: { project: tenant-a }', user = 'admin'): Promise<CliResult> {
  await writeFile(join(cloud.folder, 'manila-rwx.yaml'), `version: 1\n${file}\n`);
  return cloud.cli(user, argv, { env: { KUBECONFIG: join(cloud.folder, 'kc') } });
}

async function installed(file?: string): Promise<CliResult> {
  const done = await run(['install', '--no-wait', '-o', 'json'], file);
  expect(done.code, done.stderr).toBe(0);
  return done;
}

function data(secret: KubeObject | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries((secret?.data ?? {}) as Record<string, string>).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString(),
    ]),
  );
}

describe('install', () => {
  it('makes a service user, its credential, the Secret and the driver', async () => {
    const done = await installed();
    expect(done.json()).toMatchObject({ summary: { create: 15 }, credential: { project: 'tenant-a', limited: true } });
    const [made] = cloud.keystone.credentials;
    expect(made).toMatchObject({ roles: ['member'], projectId: cloud.keystone.projects[1]?.id });
    expect(made?.name).toMatch(new RegExp(`^${owner}-driver-`));
    expect(data(kube.find(SECRET))).toEqual({
      'os-authURL': cloud.keystone.authUrl,
      'os-region': 'RegionOne',
      'os-applicationCredentialID': made?.id,
      'os-applicationCredentialSecret': made?.secret,
    });
    const user = cloud.keystone.users.find(({ id }) => id === made?.userId);
    expect(user?.name).toBe(owner);
    const shown = done.stdout + done.stderr;
    for (const secret of [made?.secret, user?.password]) expect(shown).not.toContain(secret);
    // Somebody who may read the Secret of a driver must not find the user's password anywhere in it.
    expect(JSON.stringify(kube.find(SECRET))).not.toContain(user?.password);
  });

  it('writes nothing the second time', async () => {
    await installed();
    const [kubeBefore, cloudBefore] = [kube.writes().length, cloud.keystone.credentials.length];
    const again = await run(['install', '--no-wait']);
    expect(again.stdout).toContain('nothing to change');
    expect(kube.writes().slice(kubeBefore)).toEqual([]);
    expect(cloud.keystone.credentials).toHaveLength(cloudBefore);
  });

  it('leaves no credential behind where the Secret cannot be written', async () => {
    const refused = statusAnswer(403, 'Forbidden', 'secrets is forbidden');
    kube.faults.push(({ method, path }) => (method === 'PATCH' && path.includes('/secrets/') ? refused : undefined));
    const done = await run(['install', '--no-wait']);
    expect(done.code).toBe(3);
    expect(done.stderr).toContain('secrets is forbidden');
    expect(cloud.keystone.credentials).toEqual([]);
    kube.faults.pop();
    await installed();
    expect(cloud.keystone.credentials).toHaveLength(1);
  });

  it('uses a credential without access rules where Manila takes none with them, and says so', async () => {
    cloud.manila.faults.push(({ headers }) => {
      const token = cloud.keystone.tokens.get(String(headers['x-auth-token']));
      return token?.credential?.access_rules
        ? fault(401, 'The request you have made requires authentication.')
        : undefined;
    });
    const done = await installed();
    expect(done.json()).toMatchObject({ credential: { limited: false } });
    expect(done.stderr).toMatch(/warning: Manila takes no application credential with access rules/);
    expect(cloud.keystone.credentials.map(({ access_rules: rules }) => rules)).toEqual([undefined]);
  });

  it('lets the user of a clouds.yaml entry make its own credential, and touches no other user', async () => {
    const users = structuredClone(cloud.keystone.users);
    await installed('credential: { cloud: alice }');
    expect(cloud.keystone.users).toEqual(users);
    const [made] = cloud.keystone.credentials;
    expect(made?.userId).toBe(users.find(({ name }) => name === 'alice')?.id);
  });

  it('does not touch a user of the same name that it did not make', async () => {
    cloud.keystone.users.push({ id: 'dddd', name: 'csi', password: 'theirs-1234', roles: {} });
    const done = await run(['install', '--no-wait', '--user', 'csi']);
    expect(done.code).toBe(3);
    expect(done.stderr).toMatch(/user "csi" exists and was not made by manila-rwx/);
    expect(cloud.keystone.users.find(({ name }) => name === 'csi')?.password).toBe('theirs-1234');
    expect(kube.writes().filter((call) => !call.includes('/namespaces/manila-csi'))).toEqual([]);
  });

  it.each([
    ['no project', [], 'drivers: {}', 2, /in which project the shares are to be/],
    ['two owners', [], 'credential: { project: x, cloud: alice }', 2, /manila-rwx.yaml:2:\d+: credential names both/],
    ['two owners by flag', ['--credential-cloud', 'alice', '--user', 'x'], 'drivers: {}', 2, /goes with neither/],
    [
      'a life that is over at once',
      [],
      'credential: { project: tenant-a, expiresIn: 30d }',
      2,
      /replaced by every run/,
    ],
    ['an administrator', ['--credential-cloud', 'admin'], 'drivers: {}', 2, /has role admin/],
    ['a project that is not there', ['--project', 'nope'], 'drivers: {}', 2, /no project "nope"/],
  ])('refuses %s, with nothing made', async (_what, flags, file, code, said) => {
    const done = await run(['install', '--no-wait', ...flags], file);
    expect(done.code, done.stderr).toBe(code);
    expect(done.stderr).toMatch(said);
    expect(kube.writes()).toEqual([]);
    expect(cloud.keystone.credentials).toEqual([]);
  });

  it('refuses a cloud on loopback, which pods do not reach', async () => {
    kube.store.delete('v1 endpoints', 'kubernetes', { namespace: 'default' });
    const done = await run(['install', '--no-wait']);
    expect(done.code).toBe(2);
    expect(done.stderr).toMatch(/Keystone is at http:\/\/127\.0\.0\.1:\d+\/v3, which in a pod means the pod itself/);
    expect(kube.writes()).toEqual([]);
  });

  it('refuses a cluster that is too old for sidecar containers', async () => {
    const version = { major: '1', minor: '28+', gitVersion: 'v1.28.9' };
    kube.faults.push(({ path }) => (path === '/version' ? { status: 200, body: version } : undefined));
    const done = await run(['install', '--no-wait']);
    expect(done.code).toBe(3);
    expect(done.stderr).toMatch(/runs Kubernetes v1\.28\.9, and the drivers need 1\.29/);
  });

  it('refuses a Manila that is too old for the driver', async () => {
    cloud.manila.maxVersion = '2.36';
    const done = await run(['install', '--no-wait']);
    expect(done.code).toBe(3);
    expect(done.stderr).toMatch(/2\.0 to 2\.36, and its CSI driver needs 2\.37/);
    expect(kube.writes()).toEqual([]);
  });

  it('goes on with the namespace that it was installed in, and with no other', async () => {
    await installed();
    const done = await run(['install', '--no-wait', '-n', 'elsewhere']);
    expect(done.code).toBe(2);
    expect(done.stderr).toMatch(/installed in namespace manila-csi, not in elsewhere/);
  });

  it('replaces a credential that is due, and no other', async () => {
    await installed();
    const [old] = cloud.keystone.credentials;
    await installed('credential: { project: tenant-a, rotateBefore: 179d, expiresIn: 180d }');
    expect(cloud.keystone.credentials[0]?.id).toBe(old?.id);
    const done = await installed('credential: { project: tenant-a, rotateBefore: 181d, expiresIn: 200d }');
    expect(done.json()).toMatchObject({ summary: { replace: 1 } });
    expect(data(kube.find(SECRET))['os-applicationCredentialID']).not.toBe(old?.id);
  });

  it('does not move the shares to another project while volumes are there', async () => {
    await installed();
    const nodePublishSecretRef = { name: 'manila-rwx-credential', namespace: 'manila-csi' };
    const volume = { csi: { driver: 'nfs.manila.csi.openstack.org', volumeHandle: 's1', nodePublishSecretRef } };
    kube.put({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv1' }, spec: volume });
    const done = await run(['install', '--no-wait', '--yes'], 'credential: { project: tenant-b }');
    expect(done.code).toBe(3);
    expect(done.stderr).toMatch(/the shares of 1 volume \(pv1\) are in project "tenant-a"/);
    kube.store.delete('v1 persistentvolumes', 'pv1', {});
    const asked = await run(['install', '--no-wait'], 'credential: { project: tenant-b }');
    expect(asked.code).not.toBe(0);
    expect(asked.stderr).toMatch(/shares will be made in project tenant-b from now on/);
  });
});

describe('status', () => {
  it('says that nothing is installed', async () => {
    const done = await run(['status', '-o', 'json']);
    expect(done.code).toBe(1);
    expect(done.json()).toMatchObject({
      healthy: false,
      installed: false,
      problems: [expect.stringContaining('not installed') as string],
    });
  });

  it('names each node that lacks the driver, and tries the credential', async () => {
    await installed();
    const done = await run(['status', '-o', 'json']);
    expect(done.code).toBe(1);
    expect(done.json()).toMatchObject({
      credential: { valid: true },
      drivers: [{ nodes: [{ name: 'node1', registered: false }] }],
    });
    cloud.keystone.credentials = [];
    const refused = await run(['status']);
    expect(refused.stdout).toMatch(
      /Could not find Application Credential.*: manila-rwx install makes a new credential/,
    );
  });

  it('waits on a terminal without a width as where there is none: its spinner would never end', async () => {
    await installed();
    const done = await cloud.cli('admin', ['status', '--wait', '--timeout', '1s'], {
      env: { KUBECONFIG: join(cloud.folder, 'kc'), TERM: 'xterm' },
      columns: 0,
    });
    expect(done.code).toBe(4);
    expect(done.stderr).toMatch(/^\.\.\. the driver on every node/m);
  });

  it('is healthy when the driver is everywhere', async () => {
    await installed();
    ready();
    const done = await run(['status']);
    expect(done.code, done.stdout).toBe(0);
    expect(done.stdout).toMatch(/node1 +yes +ready/);
    expect(done.stdout).toMatch(/\nhealthy\n$/);
    const again = await run(['install', '-o', 'json']);
    expect(again.json()).toMatchObject({ drivers: [{ ready: true }] });
  });
});

/** What controllers and kubelets would do. */
function ready(): void {
  const find = (kind: string, name: string): KubeObject =>
    kube.find({ apiVersion: 'apps/v1', kind, name, namespace: 'manila-csi' }) as KubeObject;
  const deployment = find('Deployment', 'manila-csi-nfs-controller');
  const counts = { replicas: 2, updatedReplicas: 2, availableReplicas: 2, observedGeneration: 9 };
  kube.put({ ...deployment, status: counts });
  const daemonSet = find('DaemonSet', 'manila-csi-nfs-node');
  kube.put({ ...daemonSet, status: { observedGeneration: 9, updatedNumberScheduled: 1 } });
  kube.put({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'plugin',
      namespace: 'manila-csi',
      labels: { 'app.kubernetes.io/name': 'manila-csi', 'app.kubernetes.io/component': 'nfs-node' },
    },
    spec: { nodeName: 'node1' },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  });
  kube.put({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: { name: 'node1' },
    spec: { drivers: [{ name: 'nfs.manila.csi.openstack.org', nodeID: 'x' }] },
  });
}

describe('uninstall', () => {
  it('removes what was made, asks first, and revokes the credential', async () => {
    await installed();
    const asked = await run(['uninstall']);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain(`delete User ${owner}`);
    const done = await run(['uninstall', '--yes', '-o', 'json']);
    expect(done.code, done.stderr).toBe(0);
    expect(kube.find(SECRET)).toBeUndefined();
    expect(kube.find({ apiVersion: 'v1', kind: 'Namespace', name: 'manila-csi' })).toBeUndefined();
    expect(cloud.keystone.users.map(({ name }) => name)).toEqual(['admin', 'alice', 'bob']);
  });

  it('keeps the credential where that is asked for, without a word to Keystone', async () => {
    await installed();
    const before = cloud.keystone.requests.length;
    const done = await run(['uninstall', '--yes', '--keep-credential']);
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(/stays: the drivers’ user or credential at Keystone/);
    expect(cloud.keystone.requests).toHaveLength(before);
    expect(cloud.keystone.credentials).toHaveLength(1);
  });

  it('keeps what others made: classes, and a namespace with their things in it', async () => {
    await installed();
    kube.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'precious', namespace: 'manila-csi' } });
    const provisioner = 'nfs.manila.csi.openstack.org';
    kube.put({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'theirs' }, provisioner });
    const done = await run(['uninstall', '--yes']);
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(/stays: StorageClass theirs/);
    expect(done.stdout).toMatch(/stays: namespace manila-csi: it holds ConfigMap manila-csi\/precious/);
    expect(kube.find({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', name: 'theirs' })).toBeDefined();
    expect(kube.find({ apiVersion: 'v1', kind: 'Namespace', name: 'manila-csi' })).toBeDefined();
  });

  it('refuses while volumes or snapshots need the driver', async () => {
    await installed();
    const driver = 'nfs.manila.csi.openstack.org';
    const claimRef = { namespace: 'team', name: 'data' };
    const spec = { csi: { driver, volumeHandle: 's1' }, claimRef };
    kube.put({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pv1' },
      spec,
      status: { phase: 'Bound' },
    });
    const writes = kube.writes().length;
    const done = await run(['uninstall', '--yes']);
    expect(done.code).toBe(1);
    expect(done.stderr).toMatch(/needed by 1 volume \(team\/data\); nothing was removed/);
    expect(done.stdout).toMatch(/pv1 +team\/data +Bound +s1/);
    expect(kube.writes().slice(writes)).toEqual([]);
  });

  it('does not forget a credential at another cloud than the one that is chosen', async () => {
    await installed();
    const secret = kube.find(SECRET) as KubeObject;
    const moved = Buffer.from('https://other.example.org/v3').toString('base64');
    kube.put({ ...secret, data: { ...(secret.data as object), 'os-authURL': moved } });
    const done = await run(['uninstall', '--yes']);
    expect(done.code).toBe(2);
    expect(done.stderr).toMatch(/credential is of the cloud at https:\/\/other\.example\.org/);
  });
});

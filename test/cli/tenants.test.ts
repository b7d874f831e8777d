import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestLab, type TestLab } from '../support/test-lab.ts';

const FILE = `version: 1
cloud: { name: admin }
credential: { project: admin }
drivers: { snapshots: off }
shareTypes: [{ name: gold, protocol: NFS, driverHandlesShareServers: false }]
storageClasses: { shareClients: [10.0.0.0/8] }
`;
const TENANTS = `tenants:
  - { namespace: team-a, project: tenant-a }
  - { namespace: team-b, project: tenant-b, resourceQuota: true }
`;
const NAMESPACE = 'manila-csi';
const core = (kind: string, name: string, namespace?: string) => ({ apiVersion: 'v1', kind, name, namespace });

describe('tenants', () => {
  let at: TestLab;
  beforeAll(async () => {
    at = await startTestLab(FILE + TENANTS, { nodes: 1 });
    await at.run('sharetype', 'apply');
    // As `install` would have made it.
    await at.run('auth', 'credential', 'create');
    await (await at.manila()).setQuota(idOf('tenant-b'), { gigabytes: 70, shares: 7 });
  });
  afterAll(() => at.stop());

  const write = (tenants: string): Promise<void> => writeFile(join(at.folder, 'manila-rwx.yaml'), FILE + tenants);
  const projects = () => [...at.lab.openstack.keystone.projects.values()];
  const idOf = (project: string): string => projects().find(({ name }) => name === project)?.id ?? '';
  const users = (): string[] => [...at.lab.openstack.keystone.users.values()].map(({ name }) => name);
  const projectOf = async (tenant: string): Promise<string | undefined> => {
    const secret = await at.kube.get(core('Secret', `tenant-${tenant}`, NAMESPACE));
    const id = Buffer.from((secret?.data as Record<string, string>)['os-applicationCredentialID'] ?? '', 'base64');
    return at.lab.openstack.keystone.applicationCredentials.get(id.toString())?.projectId;
  };

  it('have namespace, credential and Secret of their own, a class that leads to it, and a quota if asked', async () => {
    await at.run('tenant', 'apply');
    expect(await projectOf('team-a')).toBe(idOf('tenant-a'));
    expect(await projectOf('team-b')).toBe(idOf('tenant-b'));
    const one = await at.kube.get({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      name: 'csi-manila-tenant-gold',
    });
    expect(one?.parameters).toMatchObject({
      'csi.storage.k8s.io/provisioner-secret-name': 'tenant-${pvc.namespace}',
      'csi.storage.k8s.io/provisioner-secret-namespace': NAMESPACE,
    });
    const quota = await at.kube.get(core('ResourceQuota', 'manila-rwx', 'team-b'));
    const key = 'csi-manila-tenant-gold.storageclass.storage.k8s.io';
    expect(quota?.spec).toMatchObject({
      hard: { [`${key}/requests.storage`]: '70Gi', [`${key}/persistentvolumeclaims`]: '7' },
    });
    expect(await at.kube.get(core('ResourceQuota', 'manila-rwx', 'team-a'))).toBeUndefined();
    const again = await at.run('tenant', 'apply', '-o', 'json');
    expect(again.json()).toMatchObject({ summary: { create: 0, update: 0, replace: 0, delete: 0 } });
    const listed = await at.run('tenant', 'list', '-o', 'json');
    expect(listed.json()).toMatchObject({
      tenants: [
        { namespace: 'team-a', phase: 'Active', project: 'tenant-a', credential: { standing: 'valid' }, volumes: 0 },
        { namespace: 'team-b', phase: 'Active', project: 'tenant-b', resourceQuota: true },
      ],
    });
  });

  it('are refused with their place where project or namespace will not do, all at once, with nothing made', async () => {
    const kept = { name: 'kept', namespace: 'going', finalizers: ['example.org/kept'] };
    await at.kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'going' } });
    await at.kube.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: kept });
    await at.kube.delete(core('Namespace', 'going'));
    await write(
      `${TENANTS}  - { namespace: team-c, project: tenant-x }\n  - { namespace: going, project: tenant-a }\n`,
    );
    const before = users();
    const done = await at.cli('tenant', 'apply');
    await at.kube.mergePatch(core('ConfigMap', 'kept', 'going'), { metadata: { finalizers: null } });
    expect(done.code, done.stderr).toBe(2);
    expect(done.stderr).toMatch(/manila-rwx\.yaml:10:\d+: .*no project "tenant-x"/);
    expect(done.stderr).toMatch(/manila-rwx\.yaml:11:\d+: namespace going is being deleted/);
    expect(users()).toEqual(before);
    expect(await at.kube.get(core('Namespace', 'team-c'))).toBeUndefined();
    await write(TENANTS);
    const nobody = await at.cli('auth', 'credential', 'create', '--tenant', 'team-c');
    expect(nobody.code).toBe(2);
    expect(nobody.stderr).toMatch(/there is no tenant "team-c".*[Dd]id you mean/s);
  });

  it('that are taken out of the file keep all while a volume needs it, then until --prune', async () => {
    const secret = { name: 'tenant-team-a', namespace: NAMESPACE };
    const csi = { driver: 'nfs.manila.csi.openstack.org', volumeHandle: 's1', nodePublishSecretRef: secret };
    const rest = { accessModes: ['ReadWriteMany'], capacity: { storage: '1Gi' } };
    const spec = { csi, ...rest, persistentVolumeReclaimPolicy: 'Retain' };
    await at.kube.create({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv-a' }, spec });
    await write('tenants: []\n');
    const before = users();
    const kept = await at.run('tenant', 'apply', '--prune', '--yes', '-o', 'json');
    expect(JSON.stringify(kept.json())).toContain('tenant team-a is not in the file, but 1 volume (pv-a) need it');
    expect(users()).toEqual(before.filter((name) => !name.endsWith('-team-b')));
    expect(await at.kube.get(core('Secret', 'tenant-team-b', NAMESPACE))).toBeUndefined();
    expect(await at.kube.get(core('ResourceQuota', 'manila-rwx', 'team-b'))).toBeUndefined();
    expect(await projectOf('team-a')).toBe(idOf('tenant-a'));
    const listed = await at.run('tenant', 'list', '-o', 'json');
    expect(listed.json()).toMatchObject({ tenants: [{ namespace: 'team-a', inFile: false, volumes: 1 }] });

    await at.kube.delete(core('PersistentVolume', 'pv-a'));
    const told = await at.run('tenant', 'apply', '-o', 'json');
    expect(JSON.stringify(told.json())).toContain('tenant team-a is not in the file; --prune revokes and deletes it');
    expect(await projectOf('team-a')).toBe(idOf('tenant-a'));
    await at.run('tenant', 'apply', '--prune', '--yes');
    expect(users().some((name) => name.endsWith('-team-a'))).toBe(false);
    expect(await at.kube.get(core('Secret', 'tenant-team-a', NAMESPACE))).toBeUndefined();
    // What is in it is not ours.
    expect(await at.kube.get(core('Namespace', 'team-a'))).toBeDefined();
  });
});

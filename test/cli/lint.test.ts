import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCloud, type TestCloud } from '../support/cloud.ts';
import { KubeServer } from '../support/kube-server.ts';
import { CLASS_CASES, classOf } from '../support/lint-cases.ts';

const BASE = { name: '', type: 'gold', clients: '10.0.0.0/8', secret: 'cloud', namespace: 'manila-csi' };
const caseOf = (name: string) =>
  classOf(CLASS_CASES.find((one) => one.name === name) ?? { name, values: {}, findings: [] }, BASE);

describe('storageclass lint', () => {
  let cloud: TestCloud;
  let kube: KubeServer;
  const run = async (argv: string[], input?: string) =>
    cloud.cli('admin', ['storageclass', 'lint', ...argv], {
      env: { KUBECONFIG: join(cloud.folder, 'kc') },
      ...(input === undefined ? {} : { input }),
    });
  beforeAll(async () => {
    cloud = await startCloud();
    kube = await KubeServer.start();
    await writeFile(join(cloud.folder, 'kc'), kube.kubeconfig());
    await writeFile(join(cloud.folder, 'class.yaml'), JSON.stringify(caseOf('blank'), null, 2));
    const extraSpecs = { driver_handles_share_servers: 'False' };
    cloud.manila.types.push({
      id: 'type-gold',
      name: 'gold',
      description: null,
      isPublic: true,
      extraSpecs,
      projects: [],
    });
    kube.put({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: 'nfs.manila.csi.openstack.org' },
    });
    kube.put({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'cloud', namespace: 'manila-csi' },
      data: { 'os-authUrl': 'eA==', 'os-password': 'aHVudGVyMg==' },
    });
    kube.put(caseOf('right'));
    kube.put({ ...caseOf('other'), provisioner: 'nfs.csi.k8s.io' });
  });
  afterAll(async () => {
    await cloud[Symbol.asyncDispose]();
    await kube[Symbol.asyncDispose]();
  });

  it('reads a file, with the place of each finding, and ends 1', async () => {
    const { code, stdout } = await run(['class.yaml']);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^class.yaml:\d+:24: error: StorageClass blank parameters.nfs-shareClient: there is a blank/m,
    );
    expect(stdout).toContain('1 object of Manila CSI: 1 error, 0 warnings');
    expect((await run(['class.yaml', '-o', 'name'])).stdout).toBe('storageclass/blank\n');
  });

  it('reads stdin, and says what it could not check', async () => {
    const { code, json } = await run(['-', '--offline', '-o', 'json'], JSON.stringify(caseOf('right')));
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      schema: 'manila-rwx/lint/v1',
      objects: [{ object: 'StorageClass right', place: expect.stringMatching(/^stdin:1:/) as string, verdict: 'ok' }],
      notChecked: ['share types and zones: --offline'],
    });
  });

  it('looks at a class of the cluster with its Secret, and prints nothing of it', async () => {
    const { code, json, stdout } = await run(['right', '-o', 'json']);
    expect(code).toBe(1);
    expect(json()).toMatchObject({
      objects: [
        { object: 'StorageClass right', verdict: 'ok' },
        { object: 'Secret manila-csi/cloud', verdict: 'error' },
      ],
      notChecked: [],
    });
    expect(stdout).not.toContain('hunter2');
    const other = await run(['other']);
    expect(other.code).toBe(0);
    expect(other.stdout).toContain(
      'StorageClass other: not this driver (it is not of this driver: nfs.csi.k8s.io is csi-driver-nfs',
    );
    // All classes of the driver, and no others.
    expect((await run([])).stdout).toContain('2 objects of Manila CSI');
  });

  it('names what was meant, and refuses what it cannot read (exit 2)', async () => {
    const typo = await run(['rigt']);
    expect(typo.code).toBe(2);
    expect(typo.stderr).toContain('did you mean right?');
    expect((await run(['no/such.yaml'])).stderr).toContain('cannot read no/such.yaml');
    const empty = await run(['-'], 'kind: Pod\nmetadata: { name: x }\n');
    expect(empty.code).toBe(2);
    expect(empty.stderr).toContain('stdin holds no StorageClass, no VolumeSnapshotClass, no Secret: its kinds are Pod');
    expect(kube.writes()).toEqual([]);
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/kube/types.ts';
import type { CliResult } from '../support/cli.ts';
import { startCloud, type TestCloud } from '../support/cloud.ts';
import { type JsonServer, startJsonServer } from '../support/json-server.ts';
import { KubeServer, statusAnswer } from '../support/kube-server.ts';

let cloud: TestCloud;
let kube: KubeServer;
beforeEach(async () => {
  cloud = await startCloud();
  kube = await KubeServer.start();
  await writeFile(join(cloud.folder, 'kc'), kube.kubeconfig());
  kube.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'manila-rwx-credential', namespace: 'manila-csi' } });
  addNode('node1', '10.0.1.11');
});
afterEach(async () => {
  await cloud[Symbol.asyncDispose]();
  await kube[Symbol.asyncDispose]();
});

function addNode(name: string, address: string, server?: string): void {
  kube.put({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    spec: server === undefined ? {} : { providerID: `openstack:///${server}` },
    status: { addresses: [{ type: 'InternalIP', address }] },
  });
}

function addType(name: string, extraSpecs: Record<string, string> = {}, more: object = {}): void {
  cloud.manila.types.push({
    id: `type-${name}`,
    name,
    description: null,
    isPublic: true,
    extraSpecs: { driver_handles_share_servers: 'False', ...extraSpecs },
    projects: [],
    ...more,
  });
}

async function run(argv: string[], storageClasses = '{ shareClients: [10.0.0.0/16] }', more = '', user = 'admin') {
  await writeFile(join(cloud.folder, 'manila-rwx.yaml'), `version: 1\nstorageClasses: ${storageClasses}\n${more}\n`);
  return cloud.cli(user, ['storageclass', ...argv], { env: { KUBECONFIG: join(cloud.folder, 'kc') } });
}

const classes = (): KubeObject[] => kube.store.all('storage.k8s.io/v1 storageclasses');
const names = (): string[] => classes().map(({ metadata }) => metadata.name);
const reasons = (result: CliResult) => result.json().withoutClass;

describe('storageclass sync', () => {
  it('makes a class for each type that can work, says why the others have none, and is done the second time', async () => {
    addType('gold');
    addType('ceph', { storage_protocol: 'CEPHFS' });
    addType('servers', { driver_handles_share_servers: 'True' });
    addType('hidden', {}, { isPublic: false });
    const first = await run(['sync', '-o', 'json']);
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    expect(first.json()).toMatchObject({ schema: 'manila-rwx/storage-class-sync/v1', summary: { create: 1, none: 0 } });
    expect(reasons(first)).toEqual([
      {
        shareType: 'ceph',
        shareTypeId: 'type-ceph',
        reason: 'its extra spec storage_protocol is CEPHFS, and the driver that is installed speaks NFS',
      },
      {
        shareType: 'hidden',
        shareTypeId: 'type-hidden',
        reason: 'it is private, and project admin has no access to it',
      },
      { shareType: 'servers', shareTypeId: 'type-servers', reason: expect.stringContaining('share network') as string },
    ]);
    expect(names()).toEqual(['csi-manila-gold']);
    const writes = kube.writes().length;
    const second = await run(['sync']);
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/nothing to change: 1 unchanged\n$/);
    expect(kube.writes()).toHaveLength(writes);
    expect(cloud.manila.writes()).toEqual([]);
  });

  it('makes nothing with --dry-run', async () => {
    addType('gold');
    const { code, stdout } = await run(['sync', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('StorageClass csi-manila-gold');
    expect(kube.writes()).toEqual([]);
  });

  it('sees what the project of the drivers may use, not what the administrator may', async () => {
    addType('theirs', {}, { isPublic: false, projects: ['aaaa0000000000000000000000000002'] });
    addType('others', {}, { isPublic: false, projects: ['aaaa0000000000000000000000000003'] });
    const result = await run(['sync', '-o', 'json'], undefined, 'credential: { project: tenant-a }');
    expect(result.code).toBe(0);
    expect(names()).toEqual(['csi-manila-theirs']);
    expect(reasons(result)).toMatchObject([{ reason: 'it is private, and project tenant-a has no access to it' }]);
  });

  it('works for a member, and says what only administrators see', async () => {
    addType('mine', {}, { isPublic: false, projects: ['aaaa0000000000000000000000000002'] });
    const { code, stderr } = await run(['sync'], undefined, '', 'alice');
    expect(code).toBe(0);
    expect(stderr).toContain("warning: only administrators see what Manila's back ends speak");
    expect(names()).toEqual(['csi-manila-mine']);
  });

  it('ends 1 where somebody else’s class has the name, and leaves it alone', async () => {
    addType('gold');
    kube.put({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'csi-manila-gold', labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
      provisioner: 'nfs.manila.csi.openstack.org',
    });
    const { code, stdout } = await run(['sync']);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'StorageClass csi-manila-gold exists and is not managed by manila-rwx (managed by Helm); it was left as it is',
    );
    expect(kube.writes()).toEqual([]);
  });

  it('asks before it replaces, and says so in a script', async () => {
    addType('gold');
    await run(['sync']);
    const changed = await run(['sync'], '{ shareClients: [10.0.0.0/8] }');
    expect(changed.code).toBe(2);
    expect(changed.stderr).toContain('parameters.nfs-shareClient "10.0.0.0/16" -> "10.0.0.0/8"');
    expect(kube.writes()).toHaveLength(1);
    expect((await run(['sync', '--yes'], '{ shareClients: [10.0.0.0/8] }')).code).toBe(0);
    expect(classes()).toMatchObject([{ parameters: { 'nfs-shareClient': '10.0.0.0/8' } }]);
  });

  it('prunes the class of a type that is gone, unless a volume uses it', async () => {
    addType('gold');
    addType('silver');
    await run(['sync']);
    cloud.manila.types.length = 0;
    kube.put({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pv' },
      spec: { storageClassName: 'csi-manila-gold' },
    });
    expect((await run(['sync', '--prune'])).code).toBe(2);
    const pruned = await run(['sync', '--prune', '--yes', '-o', 'json']);
    expect(pruned.json()).toMatchObject({ summary: { delete: 1, update: 1 } });
    expect(names()).toEqual(['csi-manila-gold']);
    expect(classes()[0]?.metadata.annotations?.['manila-rwx/deprecated']).toBe('share type gold (type-gold) is gone');
  });

  it('says that the drivers’ Secret is missing', async () => {
    addType('gold');
    kube.store.delete('v1 secrets', 'manila-rwx-credential', { namespace: 'manila-csi' });
    const { code, stderr } = await run(['sync']);
    expect(code).toBe(0);
    expect(stderr).toContain('there is no Secret manila-csi/manila-rwx-credential: claims stay Pending until');
  });

  it.each([
    ['{ shareClients: [10.0.1.5/16] }', 'manila-rwx.yaml:2:33: share client "10.0.1.5/16" has bits set'],
    ['{ shareClients: [10.0.0.0/16], default: gild }', 'share type "gild" does not exist (did you mean "gold"?)'],
    ['{ shareClients: [10.0.0.0/16], default: ceph }', 'share type "ceph" has no class: its extra spec'],
  ])('refuses %s (exit 2)', async (file, message) => {
    addType('gold');
    addType('ceph', { storage_protocol: 'CEPHFS' });
    const { code, stderr } = await run(['sync'], file);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(kube.writes()).toEqual([]);
  });

  it('warns of an override of no type', async () => {
    addType('gold');
    const { stderr } = await run(['sync'], '{ shareClients: [10.0.0.0/16], overrides: { golt: {} } }');
    expect(stderr).toContain('there is no share type golt (did you mean "gold"?)');
  });

  it('ends 3 with the server’s sentence where it may not write', async () => {
    addType('gold');
    const sentence = 'storageclasses.storage.k8s.io is forbidden: User "u" cannot create it';
    kube.faults.push(({ method }) => (method === 'POST' ? statusAnswer(403, 'Forbidden', sentence) : undefined));
    const { code, stderr } = await run(['sync']);
    expect(code).toBe(3);
    expect(stderr).toContain(sentence);
  });
});

describe('who may mount', () => {
  let neutron: JsonServer | undefined;
  afterEach(async () => {
    await neutron?.[Symbol.asyncDispose]();
    neutron = undefined;
  });

  /** A Neutron with a port for each node's server, in two subnets. */
  async function startNeutron(path = ''): Promise<JsonServer> {
    const port = (server: string, address: string, subnet: string) => ({
      device_id: server,
      fixed_ips: [{ subnet_id: subnet, ip_address: address }],
    });
    // The last one is another project's, with the address of node1.
    const ports = [
      port('s1', '10.0.1.11', 'net-a'),
      port('s2', '10.0.9.12', 'net-b'),
      port('foreign', '10.0.1.11', 'net-c'),
    ];
    const cidrs: Record<string, string> = { 'net-a': '10.0.1.0/24', 'net-b': '10.0.8.0/23', 'net-c': '10.0.0.0/8' };
    neutron = await startJsonServer(({ path: asked, query }) => {
      if (asked.split('/v2.0').length > 2) return { status: 404 };
      if (asked.endsWith('/v2.0/subnets')) {
        return { status: 200, body: { subnets: query.getAll('id').map((id) => ({ cidr: cidrs[id] })) } };
      }
      const [servers, addresses] = [query.getAll('device_id'), query.getAll('fixed_ips')];
      const found = ports.filter(
        ({ device_id: id, fixed_ips: [ip] }) =>
          servers.includes(id) || addresses.includes(`ip_address=${ip?.ip_address ?? ''}`),
      );
      return asked.endsWith('/v2.0/ports') ? { status: 200, body: { ports: found } } : { status: 404 };
    });
    const url = `${neutron.origin}${path}`;
    cloud.keystone.catalog.push({
      type: 'network',
      name: 'neutron',
      endpoints: [{ interface: 'public', region: 'RegionOne', url }],
    });
    return neutron;
  }

  it.each(['', '/v2.0', '/network/v2.0/'])(
    'is asked of Neutron by the nodes’ servers (catalog has %j)',
    async (path) => {
      addType('gold');
      addNode('node1', '10.0.1.11', 's1');
      addNode('node2', '10.0.9.12', 's2');
      const asked = await startNeutron(path);
      const { code, stderr } = await run(['sync'], '{}');
      expect(stderr).toContain('share clients: 10.0.1.0/24, 10.0.8.0/23 (the subnets of the nodes, from Neutron)');
      expect(code).toBe(0);
      expect(classes()).toMatchObject([{ parameters: { 'nfs-shareClient': '10.0.1.0/24,10.0.8.0/23' } }]);
      expect(asked.requests).toHaveLength(2);
      await run(['sync'], '{}');
      expect(asked.requests).toHaveLength(2);
    },
  );

  it('is not guessed where an address is in several subnets', async () => {
    addType('gold');
    await startNeutron();
    const { code, stderr } = await run(['sync'], '{}');
    expect(code).toBe(2);
    expect(stderr).toContain('--share-clients 10.0.0.0/16, or storageClasses.shareClients in manila-rwx.yaml');
  });

  it('must be said where the cloud has no Neutron (exit 2), by flag or file', async () => {
    addType('gold');
    const { code, stderr } = await run(['sync'], '{}');
    expect(code).toBe(2);
    expect(stderr).toContain('it is not known which addresses may mount the shares');
    expect((await run(['sync', '--share-clients', '10.0.1.11, 10.0.2.0/24'], '{}')).code).toBe(0);
    expect(classes()).toMatchObject([{ parameters: { 'nfs-shareClient': '10.0.1.11,10.0.2.0/24' } }]);
    expect((await run(['sync', '--share-clients', '10.0.1.999'], '{}')).stderr).toContain(
      '--share-clients: "10.0.1.999" is neither an IPv4 address nor a CIDR',
    );
  });

  it('is warned of where it is everybody, or leaves a node out', async () => {
    addType('gold');
    const all = await run(['sync', '--dry-run'], '{ shareClients: [0.0.0.0/0] }');
    expect(all.code).toBe(0);
    expect(all.stderr).toContain('every machine that reaches the storage can mount every volume');
    const some = await run(['sync', '--dry-run'], '{ shareClients: [10.0.2.0/24] }');
    expect(some.stderr).toContain('share clients 10.0.2.0/24 leave out node1 (10.0.1.11)');
  });
});

describe('storageclass list', () => {
  it('shows how each class stands to its type, and types without a class', async () => {
    for (const name of ['gold', 'silver', 'bronze']) addType(name);
    await run(['sync']);
    cloud.manila.types.splice(1, 1);
    addType('new');
    kube.put({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'by-hand' },
      provisioner: 'nfs.manila.csi.openstack.org',
      parameters: { type: 'gold' },
    });
    kube.put({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'cinder' },
      provisioner: 'cinder.csi.openstack.org',
    });
    const bronze = '{ shareClients: [10.0.0.0/16], overrides: { bronze: { reclaimPolicy: Retain } } }';
    const writes = kube.writes().length;
    const { code, json, stderr } = await run(['list', '-o', 'json'], bronze);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      schema: 'manila-rwx/storage-class-list/v1',
      classes: [
        { name: 'by-hand', shareType: 'gold', state: 'not-ours', shareClients: ['0.0.0.0/0'] },
        { name: 'csi-manila-bronze', state: 'drifted', reason: 'differs in reclaimPolicy' },
        { name: 'csi-manila-gold', state: 'in-step', shareTypeId: 'type-gold' },
        { name: 'csi-manila-silver', state: 'type-gone', reason: 'share type silver (type-silver) is gone' },
      ],
      withoutClass: [{ shareType: 'new', reason: '`manila-rwx storageclass sync` would make one' }],
    });
    expect(kube.writes()).toHaveLength(writes);
    const table = await run(['list'], bronze);
    expect(table.stdout).toMatch(/^NAME +SHARE TYPE +RECLAIM/);
    expect((await run(['list', '-o', 'name'])).stdout.split('\n')[0]).toBe('storageclass/by-hand');
  });
});

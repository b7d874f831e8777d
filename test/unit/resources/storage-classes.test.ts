import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/types.ts';
import type { Pool, ShareType } from '../../../src/openstack/types.ts';
import {
  classManifest,
  DEFAULT_ANNOTATION,
  DEPRECATED_ANNOTATION,
  type StorageClass,
} from '../../../src/resources/storage-classes/class.ts';
import type { ClassOp } from '../../../src/resources/storage-classes/class-change.ts';
import { className, matchesPattern, slug } from '../../../src/resources/storage-classes/names.ts';
import { type ClassRules, type ClassWorld, planClasses } from '../../../src/resources/storage-classes/plan.ts';
import { clientProblem, isCovered, networkOf, serverId } from '../../../src/resources/storage-classes/share-clients.ts';
import { classify } from '../../../src/resources/storage-classes/usable.ts';

const type = (name: string, extraSpecs: Record<string, string> = {}, id = `id-of-${name}`): ShareType => ({
  id,
  name,
  description: '',
  isPublic: true,
  isDefault: false,
  extraSpecs: { driver_handles_share_servers: 'False', ...extraSpecs },
});

describe('names of classes', () => {
  it.each([
    ['gold', 'gold'],
    ['Gold_1', 'gold-1'],
    ['  very / fast  ', 'very-fast'],
    ['v1.2-beta', 'v1.2-beta'],
    ['a.-b..c', 'a.b.c'],
    ['Größe', 'gro-e'],
    ['金', ''],
    ['-.-', ''],
  ])('%j becomes %j', (name, part) => {
    expect(slug(name)).toBe(part);
  });

  it('are valid and differ by the type’s id, whatever the type’s name', () => {
    for (const name of ['gold', 'Gold_1', '金', '-.-', 'x'.repeat(255), `${'a.'.repeat(40)}b`]) {
      for (const distinct of [0, 6]) {
        const one = className('csi-manila-', { id: 'a', name }, distinct);
        expect(one).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
        expect(one.length).toBeLessThanOrEqual(63);
        if (distinct) expect(one).not.toBe(className('csi-manila-', { id: 'b', name }, 6));
      }
    }
  });

  it.each([
    ['*', 'anything', true],
    ['gold*', 'gold-1', true],
    ['gold*', 'old-gold', false],
    ['*.fast', 'x.fast', true],
    ['*.fast', 'x-fast', false],
    ['gold', 'Gold', false],
  ])('pattern %s and %s: %s', (pattern, name, matches) => {
    expect(matchesPattern(pattern, name)).toBe(matches);
  });
});

describe('share types that can have a class', () => {
  const pool = (backEnd: string, protocol: string): Pool => ({
    name: `h@${backEnd}#p`,
    backend: backEnd,
    capabilities: { share_backend_name: backEnd, storage_protocol: protocol, driver_handles_share_servers: false },
  });
  const pools = [pool('A', 'NFS_CIFS'), pool('D', 'CEPHFS'), pool('M', 'CEPHFS'), pool('M', 'NFS')];
  const why = (one: ShareType, rules: object = {}): string | undefined => verdict(one, rules).reason;
  const verdict = (one: ShareType, rules: object = {}, override: object = {}) =>
    classify(
      one,
      { include: ['*'], exclude: [], protocols: ['NFS'], ...rules },
      { pools, visible: new Set([one.id]), project: 'rwx', shareNetworks: [], ...rules },
      override,
    );

  it.each([
    ['NFS', undefined],
    ['NFS_CIFS', undefined],
    ['<or> NFS <or> CIFS', undefined],
    ['CEPHFS', 'its extra spec storage_protocol is CEPHFS, and the driver that is installed speaks NFS'],
    ['CIFS', 'its extra spec storage_protocol is CIFS, and the driver that is installed speaks NFS'],
  ])('storage_protocol %s', (protocol, reason) => {
    expect(why(type('t', { storage_protocol: protocol }))).toBe(reason);
  });

  it.each([
    ['A', undefined],
    ['D', 'its back end D speaks CEPHFS, and the driver that is installed speaks NFS'],
    ['M', undefined],
    ['unknown', undefined],
  ])('share_backend_name %s', (backEnd, reason) => {
    expect(why(type('t', { share_backend_name: backEnd }))).toBe(reason);
  });

  it('does not guess where the pools are not shown', () => {
    expect(why(type('t', { share_backend_name: 'D' }), { pools: undefined })).toBeUndefined();
  });

  it.each(['True', 'true', '1', 'yes', '<is> True'])('share servers: %s', (value) => {
    expect(why(type('t', { driver_handles_share_servers: value }))).toContain('for which a share network is needed');
  });

  it('finds the share network that a type with share servers needs, or says which there are', () => {
    const servers = type('t', { driver_handles_share_servers: 'True', availability_zones: 'az1' });
    const network = (name: string, more: object = {}) => ({
      id: `id-${name}`,
      name,
      status: 'active',
      zones: [undefined],
      ...more,
    });
    const shareNetworks = [network('a'), network('b', { zones: ['az2'] }), network('c', { status: 'error' })];
    expect(why(servers)).toContain('and project rwx has none');
    expect(verdict(servers, { shareNetworks: shareNetworks.slice(0, 1) }).usable).toMatchObject({
      shareNetworkId: 'id-a',
    });
    expect(why(servers, { shareNetworks })).toContain('project rwx has several (a, b, c): name one as');
    expect(verdict(servers, { shareNetworks, shareNetwork: 'a' }).usable).toMatchObject({ shareNetworkId: 'id-a' });
    expect(why(servers, { shareNetworks, shareNetwork: 'x' })).toContain('project rwx has no x; it has a, b, c');
    expect(verdict(servers, { shareNetworks, shareNetwork: 'a' }, { shareNetwork: 'b' }).reason).toBe(
      'share network b has no subnet in zone az1',
    );
    expect(why(servers, { shareNetworks, shareNetwork: 'c' })).toBe('share network c is in status error');
  });

  it('tells a zone that the type is not in', () => {
    expect(verdict(type('t', { availability_zones: 'az1,az2' }), {}, { availabilityZone: 'az3' }).reason).toBe(
      'it is limited to zones az1, az2, and the file puts its class into az3',
    );
  });

  it('says what the file says, and whose project cannot see it', () => {
    expect(why(type('t'), { include: ['x*'] })).toBe('storageClasses.include does not name it');
    expect(why(type('t'), { exclude: ['t'] })).toBe('storageClasses.exclude names it');
    expect(why(type('t'), { visible: new Set() })).toBe('it is private, and project rwx has no access to it');
  });
});

describe('share clients', () => {
  it.each([
    ['10.0.0.0/16', undefined],
    ['10.0.0.5', undefined],
    ['0.0.0.0/0', undefined],
    ['10.0.1.5/16', 'has bits set beyond its prefix length; the network is 10.0.0.0/16'],
    ['10.0.0.0/33', 'has no prefix length between 0 and 32'],
    ['10.0.0.0/', 'has no prefix length between 0 and 32'],
    ['fd00::/64', 'is IPv6, which the driver cannot make access rules for'],
    ['node-1', 'is neither an IPv4 address nor a CIDR such as 10.0.0.0/16'],
    [' 10.0.0.1', 'is neither an IPv4 address nor a CIDR such as 10.0.0.0/16'],
    ['', 'is neither an IPv4 address nor a CIDR such as 10.0.0.0/16'],
  ])('%j: %s', (client, problem) => {
    expect(clientProblem(client)).toBe(problem);
  });

  it('know which addresses they hold', () => {
    expect(networkOf('192.168.255.200/25')).toBe('192.168.255.128/25');
    expect(isCovered('10.1.2.3', ['192.168.0.1', '10.1.0.0/16'])).toBe(true);
    expect(isCovered('10.2.0.0', ['10.1.0.0/16'])).toBe(false);
    expect(isCovered('200.1.1.1', ['0.0.0.0/0'])).toBe(true);
    expect(isCovered('10.0.0.5', ['10.0.0.5'])).toBe(true);
  });

  it('find a node’s server in its provider id', () => {
    const node = (providerID?: string) =>
      serverId({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, spec: providerID ? { providerID } : {} });
    expect(node('openstack:///c2a0-1')).toBe('c2a0-1');
    expect(node('openstack://RegionOne/c2a0-1')).toBe('c2a0-1');
    expect(node('aws:///eu/i-1')).toBeUndefined();
    expect(node()).toBeUndefined();
  });
});

describe('planning classes', () => {
  const rules: ClassRules = {
    prefix: 'm-',
    include: ['*'],
    exclude: [],
    overrides: {},
    userEdits: 'keep',
    protocols: ['NFS'],
    topology: false,
    snapshots: true,
    forAll: true,
    tenants: [],
    adopt: false,
    takeDefault: false,
    shareClients: ['10.0.0.0/16'],
    namespace: 'manila-csi',
    prune: false,
  };
  const world = (types: ShareType[], classes: StorageClass[] = [], more: Partial<ClassWorld> = {}): ClassWorld => ({
    types,
    classes,
    pools: undefined,
    visible: new Set(types.map(({ id }) => id)),
    project: 'rwx',
    shareNetworks: [],
    tenants: [],
    seesAll: true,
    nodes: [],
    snapshotClasses: undefined,
    used: new Set(),
    ...more,
  });
  /** The cluster after a run: what was planned, as the server would hold it. */
  const classesAfter = (at: ClassWorld, how: Partial<ClassRules> = {}): StorageClass[] => {
    const { planned } = planClasses(at, { ...rules, ...how });
    const made = planned.flatMap(({ op }) => stored(op));
    const names = new Set([
      ...made.map(({ metadata }) => metadata.name),
      ...planned.filter(({ change }) => change.action === 'delete').map(({ change }) => change.name),
    ]);
    return [...at.classes.filter(({ metadata }) => !names.has(metadata.name)), ...made];
  };
  const lines = (at: ClassWorld, how: Partial<ClassRules> = {}): string[] =>
    planClasses(at, { ...rules, ...how }).planned.map(({ change }) => `${change.action} ${change.name}`);
  const foreign = (name: string, annotations: Record<string, string> = {}): StorageClass => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations },
    provisioner: 'x.example.com',
  });

  it('makes one for each type and is done the second time', () => {
    const types = [type('gold'), type('silver')];
    expect(lines(world(types))).toEqual(['create m-gold', 'create m-silver']);
    expect(lines(world(types, classesAfter(world(types))))).toEqual(['none m-gold', 'none m-silver']);
  });

  it('gives the driver all four Secrets, and the type by its id', () => {
    const manifest = classManifest(type('gold'), {
      name: 'm-gold',
      namespace: 'ns',
      audience: 'all',
      protocol: 'NFS',
      topology: false,
      zones: [],
      userEdits: 'keep',
      shareClients: ['10.0.0.1', '10.1.0.0/16'],
      override: { availabilityZone: 'az1' },
      isDefault: undefined,
      live: undefined,
    });
    const secret = (role: string) => ({
      [`csi.storage.k8s.io/${role}-secret-name`]: 'manila-rwx-credential',
      [`csi.storage.k8s.io/${role}-secret-namespace`]: 'ns',
    });
    expect(manifest.parameters).toEqual({
      type: 'id-of-gold',
      availability: 'az1',
      'nfs-shareClient': '10.0.0.1,10.1.0.0/16',
      ...secret('provisioner'),
      ...secret('controller-expand'),
      ...secret('node-stage'),
      ...secret('node-publish'),
    });
    expect(manifest).toMatchObject({
      provisioner: 'nfs.manila.csi.openstack.org',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
      allowVolumeExpansion: true,
      metadata: {
        labels: { 'app.kubernetes.io/managed-by': 'manila-rwx', 'manila-rwx/share-type-id': 'id-of-gold' },
        annotations: { 'manila-rwx/share-type-name': 'gold' },
      },
    });
  });

  it('tells types with the same slug apart by their ids, and keeps the names from then on', () => {
    const types = [type('Gold_1'), type('gold-1')];
    const after = classesAfter(world(types));
    const names = after.map(({ metadata }) => metadata.name);
    expect(names).toEqual(['m-gold-1', className('m-', types[1] ?? type(''), 6)]);
    expect(lines(world([...types].reverse(), after)).sort()).toEqual(names.map((name) => `none ${name}`).sort());
    // Also when the first one goes: the second does not move to its name.
    expect(lines(world(types.slice(1), after))).toEqual([`none ${names[1] ?? ''}`, 'update m-gold-1']);
  });

  it('keeps the class of a renamed type', () => {
    const after = classesAfter(world([type('gold')]));
    const { planned } = planClasses(world([type('platinum', {}, 'id-of-gold')], after), rules);
    expect(planned.map(({ change }) => change)).toMatchObject([
      {
        action: 'update',
        name: 'm-gold',
        fields: [{ path: 'metadata.annotations[manila-rwx/share-type-name]', before: 'gold', after: 'platinum' }],
      },
    ]);
  });

  it('gives the class of a type that was deleted and made anew to the new one, shown as a replacement', () => {
    const after = classesAfter(world([type('gold')]));
    const { planned } = planClasses(world([type('gold', {}, 'new')], after), rules);
    expect(planned[0]?.change).toMatchObject({ action: 'replace', name: 'm-gold', destructive: true });
    expect(planned).toHaveLength(1);
  });

  it('replaces where parameters differ, and says that volumes keep theirs', () => {
    const after = classesAfter(world([type('gold')]));
    const { planned } = planClasses(world([type('gold')], after), { ...rules, shareClients: ['10.9.0.0/16'] });
    expect(planned[0]?.change).toMatchObject({
      action: 'replace',
      reason: expect.stringContaining('volumes that exist are not touched') as string,
      fields: [{ path: 'parameters.nfs-shareClient', before: '10.0.0.0/16', after: '10.9.0.0/16' }],
    });
  });

  it('leaves to users what they may change in place', () => {
    const [gold] = classesAfter(world([type('gold')]));
    const edited = { ...gold, allowVolumeExpansion: false, mountOptions: ['hard'] } as StorageClass;
    expect(lines(world([type('gold')], [edited]))).toEqual(['none m-gold']);
    const overrides = { gold: { allowVolumeExpansion: true } };
    expect(lines(world([type('gold')], [edited]), { overrides })).toEqual(['update m-gold']);
  });

  it('gives way to the file where it says something new, and to nobody where edits are to be restored', () => {
    const overrides = (mountOptions: string[]) => ({ gold: { mountOptions } });
    const after = classesAfter(world([type('gold')]), { overrides: overrides(['hard']) });
    const edited = { ...after[0], mountOptions: ['soft'] } as StorageClass;
    const options = (how: Partial<ClassRules>) => classesAfter(world([type('gold')], [edited]), how)[0]?.mountOptions;
    expect(options({ overrides: overrides(['hard']) })).toEqual(['soft']);
    expect(options({ overrides: overrides(['nfsvers=4.1']) })).toEqual(['nfsvers=4.1']);
    expect(options({ overrides: overrides(['hard']), userEdits: 'restore' })).toEqual(['hard']);
    expect(options({ userEdits: 'restore' })).toBeUndefined();
  });

  it('names classes of one slug the same over ten runs, whatever the order in which Manila lists the types', () => {
    const types = ['Gold_1', 'gold-1', 'GOLD 1', 'gold/1', 'x'.repeat(255), `${'x'.repeat(254)}y`, '金', '銀'].map(
      (name) => type(name),
    );
    const byType = (classes: StorageClass[]) =>
      new Map(classes.map(({ metadata, parameters }) => [parameters?.type, metadata.name]));
    let classes = classesAfter(world(types));
    const first = byType(classes);
    expect(new Set(first.values()).size).toBe(types.length);
    for (let run = 0; run < 10; run++) {
      const shuffled = types.map((_, index) => types[(index * 3 + run) % types.length] ?? type(''));
      classes = classesAfter(world(shuffled, run % 2 === 0 ? classes : []));
      expect(byType(classes)).toEqual(first);
    }
  });

  it('names tenants’ Secrets by the namespace of the claim, and of the snapshot', () => {
    const snapshots = { snapshot_support: 'True', create_share_from_snapshot_support: 'True' };
    const types = [
      type('gold', snapshots),
      type('silver'),
      type('theirs'),
      type('servers', { driver_handles_share_servers: 'True' }),
    ];
    const tenant = {
      namespace: 'a',
      project: 'pa',
      patterns: ['gold', 'theirs', 'servers'],
      visible: new Set(['id-of-gold', 'id-of-servers']),
    };
    const tenants = [{ namespace: 'a', project: 'pa', user: 'create', storageClasses: [], resourceQuota: false }];
    const at = world(types, [], { tenants: [tenant], snapshotClasses: [] });
    expect(lines(at, { tenants }).sort()).toEqual([
      'create m-gold',
      'create m-gold',
      'create m-silver',
      'create m-tenant-gold',
      'create m-tenant-gold',
      'create m-theirs',
    ]);
    const plan = planClasses(at, { ...rules, tenants, forAll: false });
    expect(plan.planned.map(({ op }) => op)).toMatchObject([
      { object: { parameters: { 'csi.storage.k8s.io/node-publish-secret-name': 'tenant-${pvc.namespace}' } } },
      {
        object: {
          driver: 'nfs.manila.csi.openstack.org',
          deletionPolicy: 'Delete',
          parameters: {
            'csi.storage.k8s.io/snapshotter-secret-name': 'tenant-${volumesnapshot.namespace}',
            'csi.storage.k8s.io/snapshotter-secret-namespace': 'manila-csi',
          },
        },
      },
    ]);
    expect(plan.withoutClass.map(({ shareType, reason }) => `${shareType}: ${reason}`)).toEqual([
      expect.stringContaining('servers: its back end makes share servers') as string,
      'theirs: it is private, and project pa has no access to it',
    ]);
    // Another project's login does not see what tenants may use, so it concludes nothing from not seeing it.
    const classes = classesAfter(at, { tenants }).filter(({ kind }) => kind === 'StorageClass');
    expect(lines(world([], classes, { seesAll: false, tenants: [tenant] }), { tenants })).toEqual([
      'update m-gold',
      'update m-silver',
      'update m-theirs',
    ]);
  });

  it('takes over somebody else’s class with --adopt, shown as a replacement', () => {
    const plan = planClasses(world([type('gold')], [foreign('m-gold')]), { ...rules, adopt: true });
    expect(plan.planned[0]?.change).toMatchObject({ action: 'replace', destructive: true });
  });

  it('makes volumes where the pod is, with topology', () => {
    const [gold] = classesAfter(world([type('gold', { availability_zones: 'az1, az2' })]), { topology: true });
    expect(gold).toMatchObject({
      volumeBindingMode: 'WaitForFirstConsumer',
      parameters: { autoTopology: 'true' },
      allowedTopologies: [
        { matchLabelExpressions: [{ key: 'topology.manila.csi.openstack.org/zone', values: ['az1', 'az2'] }] },
      ],
    });
  });

  it('marks the class of a type that is gone, once, and keeps it', () => {
    const after = classesAfter(world([type('gold')]));
    const gone = planClasses(world([], after), rules);
    expect(gone.planned[0]?.change).toMatchObject({ action: 'update', destructive: false, name: 'm-gold' });
    expect(gone.unwanted).toMatchObject([{ storageClass: 'm-gold', gone: true }]);
    const marked = classesAfter(world([], after));
    expect(marked[0]?.metadata.annotations?.[DEPRECATED_ANNOTATION]).toBe('share type gold (id-of-gold) is gone');
    expect(marked[0]).toMatchObject({ provisioner: 'nfs.manila.csi.openstack.org' });
    expect(lines(world([], marked))).toEqual(['none m-gold']);
    // It comes back: the mark goes.
    expect(lines(world([type('gold')], marked))).toEqual(['update m-gold']);
  });

  it('prunes only what no volume uses', () => {
    const after = classesAfter(world([type('gold'), type('silver')]));
    const used = new Set(['m-gold']);
    const { planned } = planClasses(world([], after, { used }), { ...rules, prune: true });
    expect(planned.map(({ change }) => `${change.action} ${change.name} ${change.destructive}`)).toEqual([
      'update m-gold false',
      'delete m-silver true',
    ]);
  });

  it('leaves somebody else’s class of the name alone and says whose it is', () => {
    const plan = planClasses(world([type('gold')], [foreign('m-gold')]), rules);
    expect(plan.planned).toEqual([]);
    expect(plan.notOurs).toMatchObject([{ storageClass: 'm-gold', shareType: 'gold' }]);
  });

  it('keeps exactly one default, and steals nobody’s', () => {
    const types = [type('gold'), type('silver')];
    const after = classesAfter(world(types), { default: 'gold' });
    const marks = (classes: KubeObject[]) => classes.map(({ metadata }) => metadata.annotations?.[DEFAULT_ANNOTATION]);
    expect(marks(after)).toEqual(['true', undefined]);
    const moved = classesAfter(world(types, after), { default: 'silver' });
    expect(marks(moved)).toEqual(['false', 'true']);
    expect(lines(world(types, moved), { default: 'silver' })).toEqual(['none m-gold', 'none m-silver']);

    const theirs = foreign('theirs', { [DEFAULT_ANNOTATION]: 'true' });
    const plan = planClasses(world(types, [theirs]), { ...rules, default: 'gold' });
    expect(plan.warnings[0]).toContain("StorageClass theirs is the cluster's default already");
    expect(marks(classesAfter(world(types, [theirs]), { default: 'gold' }).slice(1))).toEqual([undefined, undefined]);
    const taken = planClasses(world(types, [theirs]), { ...rules, default: 'gold', takeDefault: true });
    expect(taken.planned[0]?.change).toMatchObject({ name: 'theirs', action: 'update', destructive: true });
    expect(marks(classesAfter(world(types, [theirs]), { default: 'gold', takeDefault: true }))).toEqual([
      'false',
      'true',
      undefined,
    ]);
  });

  it('leaves the default to the users where the file names none', () => {
    const [gold] = classesAfter(world([type('gold')]));
    const annotations = { ...gold?.metadata.annotations, [DEFAULT_ANNOTATION]: 'true' };
    const edited = { ...gold, metadata: { ...gold?.metadata, annotations } } as StorageClass;
    expect(lines(world([type('gold')], [edited]))).toEqual(['none m-gold']);
  });

  it('takes the clients that its classes agree on where nothing else says them', () => {
    const after = classesAfter(world([type('gold')]));
    const silent = { ...rules, shareClients: undefined };
    const both = planClasses(world([type('gold'), type('new')], after), silent);
    expect(both.planned.map(({ change }) => `${change.action} ${change.name}`)).toEqual([
      'none m-gold',
      'create m-new',
    ]);
    const none = planClasses(world([type('gold')]), silent);
    expect(none.clientsMissing.map(({ name }) => name)).toEqual(['gold']);
    expect(none.planned).toEqual([]);
  });

  it('needs no clients for CephFS, whose classes have none and are not asked about others', () => {
    const silent: ClassRules = { ...rules, shareClients: undefined, protocols: ['NFS', 'CEPHFS'] };
    const ceph = type('ceph', { storage_protocol: 'CEPHFS' });
    const alone = planClasses(world([ceph]), silent);
    expect(alone.planned.map(({ change }) => `${change.action} ${change.name}`)).toEqual(['create m-ceph']);
    const after = classesAfter(world([ceph, type('gold')]), { protocols: ['NFS', 'CEPHFS'] });
    const both = planClasses(world([ceph, type('gold'), type('new')], after), silent);
    expect(both.clientsMissing).toEqual([]);
    expect(both.planned.map(({ change }) => `${change.action} ${change.name}`)).toEqual([
      'none m-ceph',
      'none m-gold',
      'create m-new',
    ]);
  });
});

/** What the server holds after a change. */
function stored(op: ClassOp): StorageClass[] {
  if (op.do === 'create' || op.do === 'replace') return [op.object as StorageClass];
  return op.do === 'patch' ? [merged(op.live, op.patch) as StorageClass] : [];
}

/** RFC 7396. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const out = new Map(Object.entries(target ?? {}) as [string, unknown][]);
  for (const [key, value] of Object.entries(patch)) {
    const next = merged(out.get(key), value);
    if (next === null) out.delete(key);
    else out.set(key, next);
  }
  return Object.fromEntries(out);
}

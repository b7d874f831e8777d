import { describe, expect, it } from 'vitest';
import { innermost, isTransient, mountingCause, provisioningCause } from '../../../src/checks/causes.ts';
import { parseNodeWish, planNodes } from '../../../src/checks/nodes.ts';
import { isManilaDriver } from '../../../src/drivers/names.ts';
import { chooseStorageClass, type StorageClass } from '../../../src/checks/storage-class.ts';
import type { KubeObject } from '../../../src/kube/types.ts';
import { DRIVER, storageClass } from '../../support/small-cluster.ts';

const node = (name: string, spec: object = {}, ready = 'True'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec,
  status: { conditions: [{ type: 'Ready', status: ready }] },
});
const NODES = [
  node('control', { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }),
  node('n1'),
  node('n2', { taints: [{ key: 'x', effect: 'PreferNoSchedule' }] }),
  node('n3', { unschedulable: true }),
  node('n4', {}, 'Unknown'),
  node('n5'),
  node('n6'),
  node('n7'),
];

describe('the nodes that take part', () => {
  const plan = (text?: string, required = 2) => planNodes(NODES, parseNodeWish(text), required);

  it('are three unless told, and why others are not is said', () => {
    expect(plan()).toMatchObject({ count: 3, usable: ['n1', 'n2', 'n5', 'n6', 'n7'] });
    expect(plan().skipped).toEqual([
      { name: 'control', reason: 'tainted node-role.kubernetes.io/control-plane:NoSchedule' },
      { name: 'n3', reason: 'cordoned' },
      { name: 'n4', reason: 'not ready' },
    ]);
  });

  it.each([
    [undefined, 4, 4],
    ['all', 2, 5],
    ['2', 2, 2],
    ['9', 2, 5],
  ])('--nodes %s --require-nodes %d makes %d pods', (text, required, count) =>
    expect(plan(text, required).count).toBe(count),
  );

  it('may be named', () => {
    expect(plan('n7, n1')).toMatchObject({ count: 2, pinned: ['n7', 'n1'], skipped: [] });
    expect(plan('n7,n3')).toMatchObject({ count: 1, pinned: ['n7'], skipped: [{ name: 'n3', reason: 'cordoned' }] });
    expect(() => plan('n1,m2')).toThrow(expect.objectContaining({ exitCode: 2, remedy: 'did you mean n2?' }));
  });

  it.each(['0', ',', ''])('--nodes %j is refused', (text) => expect(() => plan(text)).toThrow(/--nodes/));
});

describe('the StorageClass', () => {
  const IS_DEFAULT = { 'storageclass.kubernetes.io/is-default-class': 'true' };
  const gold = storageClass('gold') as StorageClass;
  const fast = storageClass('fast') as StorageClass;
  const local = { ...storageClass('local'), provisioner: 'rancher.io/local-path' } as StorageClass;
  const preferred = { ...fast, metadata: { name: 'fast', annotations: IS_DEFAULT } };

  it('is the one that is named, the only one of a Manila driver, or the default one', () => {
    expect(chooseStorageClass([local, gold], 'local')).toBe(local);
    expect(chooseStorageClass([local, gold], undefined)).toBe(gold);
    expect(chooseStorageClass([gold, preferred], undefined)).toBe(preferred);
    const other = { ...local, metadata: { name: 'local', annotations: IS_DEFAULT } };
    expect(chooseStorageClass([other, gold, preferred], undefined)).toBe(preferred);
  });

  it.each([
    [[local], undefined, /no StorageClass of a Manila driver/, /storageclass sync/],
    [[gold, fast], undefined, /several StorageClasses/, /gold, fast/],
    [[gold], 'golf', /no StorageClass "golf"/, /did you mean gold\?/],
    [[gold], 'xxxxxx', /no StorageClass "xxxxxx"/, /the classes are gold/],
  ])('of %j named %s is refused', (classes, named, message, remedy) => {
    expect(() => chooseStorageClass(classes, named)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringMatching(message) as unknown,
        remedy: expect.stringMatching(remedy) as unknown,
      }),
    );
  });

  it.each([
    [DRIVER, true],
    ['manila.csi.openstack.org', true],
    ['cephfs.manila.csi.openstack.org', true],
    ['cinder.csi.openstack.org', false],
    ['xmanila.csi.openstack.org', false],
  ])('%s is a Manila driver: %s', (name, yes) => expect(isManilaDriver(name)).toBe(yes));
});

/** As a kubelet, a provisioner and Manila have really said them. */
describe('causes', () => {
  const DENIED =
    'MountVolume.SetUp failed for volume "pvc-1" : rpc error: code = Internal desc = mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs 10.0.0.10:/share /var/lib/kubelet/x\nOutput: mount.nfs: access denied by server while mounting 10.0.0.10:/share\n';
  it.each([
    [DENIED, 'mount-denied', 'mount.nfs: access denied by server while mounting 10.0.0.10:/share'],
    [
      'MountVolume.MountDevice failed for volume "x" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name nfs.manila.csi.openstack.org not found in the list of registered CSI drivers',
      'driver-missing',
      /not found in the list of registered CSI drivers$/,
    ],
    ['x desc = mount volume y timeout after 110s', 'mount-unreachable', 'mount volume y timeout after 110s'],
  ])('of %j is %s', (message, code, words) => {
    expect(mountingCause(message)?.code).toBe(code);
    expect(innermost(message)).toMatch(words);
  });

  it.each([
    ['error getting secret no-secret in namespace default: secrets "no-secret" not found', 'secret-missing'],
    ['failed to authenticate: Expected HTTP response code [201 202], but got 401 instead', 'credential-refused'],
    ['but got 404 instead: {"itemNotFound": {"code": 404, "message": "Share type not found."}}', 'share-type'],
    ['got 413 instead: {"overLimit": {"code": 413, "message": "ShareLimitExceeded"}}', 'quota-exceeded'],
    ['Share network must be set when the driver_handles_share_servers is true', 'share-network'],
    ['dial tcp 10.0.0.1:5000: connect: connection refused', 'cloud-unreachable'],
    ['something new', undefined],
  ])('of %j is %s', (message, code) => expect(provisioningCause(message)?.code).toBe(code));

  it.each([
    ['rpc error: code = DeadlineExceeded desc = context deadline exceeded', true],
    ['code = Aborted desc = operation pending', true],
    [DENIED, false],
  ])('%j goes away by itself: %s', (message, yes) => expect(isTransient(message)).toBe(yes));
});

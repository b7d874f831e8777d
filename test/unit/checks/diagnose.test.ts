import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/checks/diagnose/diagnose.ts';
import { warningsOf } from '../../../src/checks/diagnose/events.ts';
import type { ClaimPod, Facts } from '../../../src/checks/diagnose/types.ts';

const DRIVER = 'nfs.manila.csi.openstack.org';
const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'gold' },
  provisioner: DRIVER,
  parameters: { type: 'gold', 'csi.storage.k8s.io/secret-name': 'cloud', 'csi.storage.k8s.io/secret-namespace': 'ns' },
};
const claimOf = (spec: object, phase: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'c', namespace: 'n', uid: 'u' },
  spec: { storageClassName: 'gold', resources: { requests: { storage: '1Gi' } }, ...spec },
  status: { phase },
});
const volume = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'pv' },
  spec: { csi: { driver: DRIVER, volumeHandle: 's' } },
};
const pending = (more: Partial<Facts> = {}): Facts => ({
  namespace: 'n',
  name: 'c',
  claim: claimOf({}, 'Pending'),
  storageClass,
  classes: [storageClass],
  csiDrivers: new Set([DRIVER]),
  driverName: DRIVER,
  driver: undefined,
  driverNamespace: 'ns',
  volume: undefined,
  pods: [],
  stuckPod: undefined,
  registered: new Map([['node1', true]]),
  nodeAddresses: ['10.0.0.11'],
  claimSaid: [],
  podSaid: [],
  provisionerSpoke: false,
  ageSeconds: 5,
  manila: undefined,
  shareMissing: false,
  ...more,
});
const stuck: ClaimPod = { name: 'p', node: 'node1', phase: 'Pending', ready: false };
const bound = (more: Partial<Facts> = {}): Facts =>
  pending({ claim: claimOf({ volumeName: 'pv' }, 'Bound'), volume, pods: [stuck], stuckPod: stuck, ...more });
const said = (text: string) => [{ source: 'event', text, at: 1 }];
const causeOf = (facts: Facts) => {
  const { verdict, cause } = diagnose(facts, []);
  return cause?.id ?? verdict;
};
const share = (to: string) => ({
  share: {
    id: 's',
    name: 'pv',
    description: '',
    status: 'available',
    size: 1,
    protocol: 'NFS',
    shareTypeName: '',
    shareTypeId: '',
    projectId: '',
    metadata: {},
  },
  messages: [],
  rules: [{ id: 'r', type: 'ip', to, level: 'rw', state: 'active', metadata: {} } as const],
  locations: [{ path: '10.0.0.10:/x', preferred: true }],
});

/** As csi-provisioner 5.3 and Manila CSI 1.35 said it on a real stack. */
const FAILED = 'failed to provision volume with StorageClass "gold": ';
const ANSWER =
  'rpc error: code = Internal desc = failed to create volume pvc-u: Expected HTTP response code [200 201] when accessing [POST http://m/v2/shares], but got ';

describe('a claim that is not bound', () => {
  it.each([
    ['share-type-missing', `${ANSWER}404 instead: {"itemNotFound": {"code": 404, "message": "Share type not found."}}`],
    [
      'share-network',
      `${ANSWER}400 instead: {"badRequest": {"code": 400, "message": "Share network must be set when the driver_handles_share_servers is true."}}`,
    ],
    [
      'quota-exceeded',
      `${ANSWER}413 instead: {"overLimit": {"code": 413, "message": "ShareSizeExceedsAvailableQuota: Requested share exceeds allowed project/user or share type gigabytes quota."}}`,
    ],
    [
      'credential-refused',
      'rpc error: code = Unauthenticated desc = failed to create Manila v2 client: failed to authenticate: Expected HTTP response code [201 202] when accessing [POST http://k/v3/auth/tokens], but got 401 instead: {"error":{"code":401,"message":"The request you have made requires authentication."}}',
    ],
    ['secret-missing', 'error getting secret cloud in namespace ns: secrets "cloud" not found'],
    ['secret-missing', 'rpc error: code = InvalidArgument desc = secrets cannot be nil or empty'],
    [
      'secret-forbidden',
      'error getting secret cloud in namespace other: secrets "cloud" is forbidden: User "x" cannot get resource "secrets"',
    ],
    [
      'secret-invalid',
      "rpc error: code = InvalidArgument desc = invalid OpenStack secrets: parameter 'os-region' cannot be empty",
    ],
    [
      'no-valid-host',
      'rpc error: code = InvalidArgument desc = failed to create volume pvc-u: share s is in error state "error": allocate host: No storage could be allocated for this share request, Capabilities filter didn\'t succeed.',
    ],
    [
      'availability-zone',
      `${ANSWER}404 instead: {"itemNotFound": {"code": 404, "message": "Availability zone %(id)s could not be found."}}`,
    ],
    [
      'access-rule-refused',
      'rpc error: code = Internal desc = failed to grant access to volume pvc-u: failed to grant access right: got 400 instead: {"badRequest": {"code": 400, "message": "10.110.0.7/24 has host bits set"}}',
    ],
    [
      'bad-parameter',
      "rpc error: code = InvalidArgument desc = invalid volume parameters: parameter 'autoTopology' does not match pattern (?i)^true|false$",
    ],
    [
      'cloud-unreachable',
      'rpc error: code = Unauthenticated desc = failed to create Manila v2 client: failed to authenticate: Post "http://k/v3/auth/tokens": dial tcp 10.0.0.1:5000: connect: connection refused',
    ],
    ['provisioning-failed', 'rpc error: code = Internal desc = something new'],
  ])('%s', (id, text) => {
    expect(causeOf(pending({ claimSaid: said(FAILED + text), provisionerSpoke: true }))).toBe(id);
  });

  it('is told by its objects, where those say it', () => {
    expect(
      causeOf(pending({ claim: claimOf({ storageClassName: undefined }, 'Pending'), storageClass: undefined })),
    ).toBe('no-default-class');
    expect(causeOf(pending({ claim: claimOf({ storageClassName: '' }, 'Pending'), storageClass: undefined }))).toBe(
      'no-volume',
    );
    const typo = diagnose(
      pending({ claim: claimOf({ storageClassName: 'gol' }, 'Pending'), storageClass: undefined }),
      [],
    );
    expect(typo.cause).toMatchObject({
      id: 'class-missing',
      remedy: expect.stringContaining('did you mean gold?') as string,
    });
    expect(causeOf(pending({ csiDrivers: new Set() }))).toBe('provisioner-missing');
    expect(causeOf(pending({ driverName: 'cinder.csi.openstack.org', csiDrivers: new Set([DRIVER]) }))).toBe(
      'other-driver',
    );
    const late = { ...storageClass, volumeBindingMode: 'WaitForFirstConsumer' };
    expect(diagnose(pending({ storageClass: late }), [])).toMatchObject({
      verdict: 'waiting',
      cause: { id: 'waits-for-pod' },
    });
    expect(causeOf(pending())).toBe('in-progress');
    expect(causeOf(pending({ ageSeconds: 60 }))).toBe('provisioner-silent');
    expect(causeOf(pending({ claim: claimOf({ volumeName: 'pv' }, 'Lost') }))).toBe('volume-lost');
  });

  it('is told by the newest warning, and not by one that passes by itself', () => {
    const event = (message: string, lastTimestamp: string) => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e' },
      type: 'Warning',
      reason: 'ProvisioningFailed',
      message,
      lastTimestamp,
    });
    const claimSaid = warningsOf(
      [
        event('rpc error: code = Aborted desc = volume pvc-u is already being processed', '2026-01-01T00:00:09Z'),
        event(`${FAILED}${ANSWER}413 instead`, '2026-01-01T00:00:08Z'),
        event('error getting secret cloud in namespace ns: secrets "cloud" not found', '2026-01-01T00:00:07Z'),
      ],
      '',
    );
    expect(causeOf(pending({ claimSaid }))).toBe('quota-exceeded');
  });
});

describe('a claim whose pod does not start', () => {
  const mount =
    'MountVolume.SetUp failed for volume "pv" : rpc error: code = Internal desc = mount failed: exit status 32 Output: mount.nfs: ';

  it.each([
    ['mount-denied', `${mount}access denied by server while mounting 10.0.0.10:/x`],
    ['mount-unreachable', `${mount}Connection timed out`],
    ['mount-options', `${mount}an incorrect mount option was specified`],
    ['export-missing', `${mount}mounting 10.0.0.10:/x failed, reason given by server: No such file or directory`],
    [
      'driver-missing-on-node',
      `kubernetes.io/csi: driver name ${DRIVER} not found in the list of registered CSI drivers`,
    ],
    [
      'credential-refused',
      'rpc error: code = Unauthenticated desc = failed to create Manila v2 client: failed to authenticate: got 401 instead',
    ],
    [
      'share-missing',
      'rpc error: code = NotFound desc = failed to retrieve volume with share ID s: Resource not found',
    ],
    ['mount-failed', `${mount}something new`],
  ])('%s', (id, text) => {
    expect(causeOf(bound({ podSaid: said(text) }))).toBe(id);
  });

  it('says whether a rule of the share lets the node in', () => {
    const podSaid = said(`${mount}access denied by server while mounting x`);
    const outside = diagnose(bound({ podSaid, manila: share('10.9.0.0/16') }), []).cause;
    expect(outside?.summary).toContain('access rules are for 10.9.0.0/16');
    expect(outside?.remedy).toContain('access sync');
    const inside = diagnose(bound({ podSaid, manila: share('10.0.0.0/24') }), []).cause;
    expect(inside?.summary).toContain('although a rule lets it in');
  });

  it('tells the pod’s own trouble from the volume’s, and health', () => {
    const unscheduled = { name: 'p', phase: 'Pending', ready: false, reason: '0/2 nodes are available' };
    expect(causeOf(bound({ stuckPod: unscheduled }))).toBe('pod-not-scheduled');
    expect(causeOf(bound({ stuckPod: { ...stuck, reason: 'ImagePullBackOff' } }))).toBe('pod-not-ready');
    expect(causeOf(bound())).toBe('in-progress');
    expect(causeOf(bound({ stuckPod: undefined }))).toBe('healthy');
    expect(causeOf(bound({ stuckPod: undefined, shareMissing: true }))).toBe('share-missing');
    expect(causeOf(bound({ registered: new Map([['node1', false]]) }))).toBe('driver-missing-on-node');
  });
});

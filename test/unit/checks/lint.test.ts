import { describe, expect, it } from 'vitest';
import { lint } from '../../../src/checks/lint/lint.ts';
import { readManifests } from '../../../src/checks/lint/manifests.ts';
import type { LintObject, LintWorld } from '../../../src/checks/lint/types.ts';
import type { ShareType } from '../../../src/openstack/types.ts';
import { CLASS_CASES, classOf, secretCases, secretOf } from '../../support/lint-cases.ts';

const BASE = { name: 'x-', type: 'gold', clients: '10.0.0.0/8', secret: 'cloud', namespace: 'manila-csi' };
const look = (object: object, world: LintWorld = {}) => lint([{ object: object as LintObject }], world, []);
const ids = (object: object, world?: LintWorld) => look(object, world).findings.map(({ id }) => id);
const right = classOf({ name: 'right', values: {}, findings: [] }, BASE);
const withParameters = (parameters: object, more: object = {}) => ({
  ...right,
  ...more,
  parameters: { ...right.parameters, ...parameters },
});

const type = (name: string, extraSpecs: Record<string, string> = {}): ShareType => ({
  id: `id-${name}`,
  name,
  description: '',
  isPublic: true,
  isDefault: false,
  extraSpecs: { driver_handles_share_servers: 'False', ...extraSpecs },
});

describe('rules of classes', () => {
  it.each(CLASS_CASES.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const report = look(classOf(one, BASE));
    expect(report.findings.map(({ id }) => id)).toEqual(one.findings);
    // What the driver refuses is an error here.
    if (one.refused) expect(report.summary.errors).toBeGreaterThan(0);
    for (const { remedy } of report.findings) expect(remedy).not.toBe('');
  });

  it('names the parameter that was meant, and the address of the network', () => {
    expect(look(withParameters({ 'share-network': 'x' })).findings[0]?.remedy).toBe('write shareNetworkID');
    expect(look(withParameters({ 'nfs-shareClient': '10.1.2.3/16' })).findings[0]?.remedy).toBe('write 10.1.0.0/16');
    expect(look(withParameters({ osSecretName: 'x' })).findings).toMatchObject([
      { severity: 'warning', remedy: 'take it out' },
    ]);
  });

  it('looks at roles: expansion, CephFS, and zones that need a pod', () => {
    const bare = { ...right, parameters: { type: 'gold', 'nfs-shareClient': '10.0.0.0/8' } };
    expect(look({ ...bare, allowVolumeExpansion: true }).findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('for the provisioner'),
      expect.stringContaining('for the node-publish'),
      expect.stringContaining('for the controller-expand'),
    ]);
    const cephfs = { ...bare, provisioner: 'cephfs.manila.csi.openstack.org' };
    expect(
      look(cephfs)
        .findings.map(({ message }) => message)
        .join(),
    ).toContain('for the node-stage');
    expect(ids(cephfs)).toContain('no-effect');
    expect(ids(withParameters({ autoTopology: 'true' }))).toEqual(['no-effect']);
    expect(ids(withParameters({ autoTopology: 'true' }, { volumeBindingMode: 'WaitForFirstConsumer' }))).toEqual([]);
  });

  it('knows the classes of other drivers, and names that are nearly this one’s', () => {
    expect(look({ ...right, provisioner: 'nfs.csi.k8s.io' })).toMatchObject({
      objects: [{ verdict: 'not-this-driver', note: expect.stringContaining('csi-driver-nfs') as string }],
      findings: [],
    });
    expect(look({ ...right, provisioner: 'cinder.csi.openstack.org' }).objects).toMatchObject([
      { verdict: 'not-this-driver' },
    ]);
    expect(ids({ ...right, provisioner: 'nfs.manila.csi.openstack.or' })).toEqual(['provisioner-name']);
    const cluster = { drivers: new Set(['nfs.manila.csi.openstack.org']) };
    expect(ids({ ...right, provisioner: 'manila.csi.openstack.org' }, { cluster })).toEqual(['provisioner-name']);
  });

  it('asks the cloud for the type, its network and its zone', () => {
    const cloud = {
      types: [
        type('gold'),
        type('servers', { driver_handles_share_servers: 'True' }),
        type('ceph', { storage_protocol: 'CEPHFS' }),
        type('far', { availability_zones: 'az-b' }),
      ],
      zones: ['nova', 'az-b'],
    };
    const said = (parameters: object) =>
      look(withParameters(parameters), { cloud }).findings.map(({ message, remedy }) => `${message}; ${remedy}`);
    const id = '11111111-1111-1111-1111-111111111111';
    expect(said({})).toEqual([]);
    expect(said({ type: 'id-gold' })).toEqual([]);
    expect(said({ type: 'glod' })).toEqual([
      'the cloud has no share type "glod"; name one that exists: manila-rwx sharetype list',
    ]);
    expect(said({ type: 'goldd' })).toEqual(['the cloud has no share type "goldd"; did you mean gold?']);
    expect(said({ type: 'GOLD' })[0]).toContain('the share type is named gold');
    expect(said({ type: 'servers' })[0]).toContain('has no shareNetworkID');
    expect(said({ type: 'servers', shareNetworkID: id })).toEqual([]);
    expect(said({ shareNetworkID: id })[0]).toContain('refuse a share network');
    expect(said({ type: 'ceph' })[0]).toContain('is for CEPHFS');
    expect(said({ availability: 'mars' })[0]).toContain('no availability zone "mars"');
    expect(said({ type: 'far', availability: 'nova' })[0]).toContain('allows the zones az-b');
  });

  it('knows which Secrets there are, and which the driver may read', () => {
    const secrets = { known: new Set(['manila-csi/other']), complete: true };
    expect(ids(right, { secrets })).toEqual(['secret-reference']);
    expect(ids(right, { secrets: { ...secrets, complete: false } })).toEqual([]);
    const cluster = { drivers: new Set(['nfs.manila.csi.openstack.org']), driverNamespace: 'drivers' };
    expect(look(right, { cluster }).findings[0]?.message).toContain(
      'may read Secrets in its own namespace drivers only',
    );
  });

  it('asks of snapshot classes the one pair that there is', () => {
    const snapshots = {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshotClass',
      metadata: { name: 's' },
      driver: 'nfs.manila.csi.openstack.org',
    };
    const prefix = 'csi.storage.k8s.io/snapshotter-secret';
    expect(ids({ ...snapshots, parameters: {} })).toEqual(['secret-missing']);
    const pair = { [`${prefix}-name`]: 'cloud', [`${prefix}-namespace`]: 'manila-csi' };
    expect(ids({ ...snapshots, parameters: pair })).toEqual([]);
    expect(ids({ ...snapshots, parameters: { ...pair, type: 'gold' } })).toEqual(['unknown-parameter']);
  });
});

describe('rules of Secrets', () => {
  const cases = secretCases('http://10.0.0.1:5000/v3');

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const report = look(secretOf(one, BASE));
    expect(report.findings.map(({ id }) => id)).toEqual(one.findings);
    if (one.refused) expect(report.summary.errors).toBeGreaterThan(0);
    // What a Secret holds is not repeated.
    expect(JSON.stringify(report)).not.toContain('"secret"');
  });

  it('leaves alone what is not for this driver', () => {
    const foreign = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'x', namespace: 'y' },
      data: { password: 'eA==' },
    };
    expect(look(foreign).objects).toMatchObject([{ verdict: 'not-this-driver' }]);
    const named = { ...foreign, metadata: { name: 'cloud', namespace: 'manila-csi' } };
    const report = lint([{ object: right }, { object: named }] as { object: LintObject }[], {}, []);
    expect(report.objects).toMatchObject([{ verdict: 'ok' }, { verdict: 'error' }]);
  });

  it('tells plain text under data', () => {
    const secret = {
      ...secretOf(cases[0] ?? { name: '', values: {}, findings: [] }, BASE),
      data: { 'os-authURL': 'http://x:5000/v3' },
    };
    expect(ids(secret)).toEqual(['secret-encoding', 'secret-user']);
  });
});

describe('manifests', () => {
  it('gives each finding its place, in documents and in lists', () => {
    const text = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: a }
provisioner: nfs.manila.csi.openstack.org
parameters:
  type: gold
  share-network: x
---
apiVersion: v1
kind: List
items:
  - kind: StorageClass
    metadata: { name: b }
    provisioner: nfs.manila.csi.openstack.org
    parameters:
      nfs-shareClient: 10.0.0.1/8
      autoTopology: true
  - { kind: ConfigMap, metadata: { name: c } }
`;
    const report = lint(readManifests(text, 'f.yaml'), {}, []);
    const places = report.findings.map(({ id, place }) => `${id} ${place ?? ''}`);
    expect(places).toContain('unknown-parameter f.yaml:7:3');
    expect(places).toContain('share-clients f.yaml:16:24');
    expect(places).toContain('not-text f.yaml:17:21');
    expect(report.objects.map(({ object }) => object)).toEqual(['StorageClass a', 'StorageClass b']);
  });

  it('refuses what cannot be read, and what holds nothing to check', () => {
    expect(() => readManifests('a: [1\n---\nb: }', 'f')).toThrow(/f:2:1: [^]*f:3:4: /);
    expect(() => readManifests('kind: ConfigMap', 'f')).toThrow('its kinds are ConfigMap');
    expect(() => readManifests('', 'f')).toThrow('there is no Kubernetes object in it');
    expect(() => readManifests('{}', 'f')).toThrow('there is no Kubernetes object in it');
  });
});

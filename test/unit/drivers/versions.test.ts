import { describe, expect, it } from 'vitest';
import { imageReference } from '../../../src/drivers/images.ts';
import {
  compareVersions,
  installedRelease,
  refusedAmong,
  RELEASES,
  releaseNamed,
} from '../../../src/drivers/versions.ts';

describe('the versions that work together', () => {
  it('hold none that is refused', () => {
    expect(RELEASES.flatMap(({ tags }) => refusedAmong(tags))).toEqual([]);
  });

  it.each(['v3.16.1', 'v3.16.2', 'v3.17.0'])('refuse ceph-csi %s, with the reason', (ceph) => {
    expect(refusedAmong({ ceph })).toEqual([expect.stringMatching(/must not be used: it refuses the ids/)]);
  });

  it('refuse an NFS driver with the hole, and nothing that cannot be compared', () => {
    expect(refusedAmong({ nfs: 'v4.12.1' })).toHaveLength(1);
    expect(refusedAmong({ nfs: 'sha256:0011', ceph: 'canary' })).toEqual([]);
    expect(refusedAmong({ ceph: 'v3.16.0', nfs: 'v4.13.1' })).toEqual([]);
  });

  it('are found by what is installed; something newer is not set back', () => {
    expect(installedRelease('v1.35.0')?.name).toBe('1.35.0');
    expect(installedRelease('v1.20.0')).toBeUndefined();
    expect(() => installedRelease('v1.99.0')).toThrow(/knows versions up to v1\.36\.0/);
    expect(releaseNamed('v1.36.0')).toBe(RELEASES[0]);
    expect(() => releaseNamed('1.2.3')).toThrow(/not one that is known to work/);
  });

  it('are compared by number', () => {
    expect(['v8.10.0', 'v8.9.1', '8.9.1-rc1'].sort(compareVersions)[2]).toBe('v8.10.0');
    expect(compareVersions('v8.6.0', '8.6.0')).toBe(0);
  });
});

describe('the reference of an image', () => {
  it('has registry, tag and digest', () => {
    const digests = new Map([['mirror.example.com/x/sig-storage/nfsplugin:v4.13.4', 'sha256:abc']]);
    expect(imageReference('nfs')).toBe('registry.k8s.io/sig-storage/nfsplugin:v4.13.4');
    expect(imageReference('nfs', { registry: 'mirror.example.com/x/', digests })).toBe(
      'mirror.example.com/x/sig-storage/nfsplugin:v4.13.4@sha256:abc',
    );
    expect(imageReference('ceph', { release: releaseNamed('1.35.0') })).toBe('quay.io/cephcsi/cephcsi:v3.16.0');
  });
});

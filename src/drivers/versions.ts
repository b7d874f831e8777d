import { couldNotRun, usageError } from '../core/errors.ts';
import type { ImageName } from './images.ts';

/** Versions that work together, each tried on a cluster. Known by the version of Manila CSI. */
export interface Release {
  /** `1.36.0`, as `--driver-version` takes it. */
  name: string;
  /** Tag of each image. */
  tags: Readonly<Record<ImageName, string>>;
}

const NEWEST: Release = {
  // Sidecars as in cloud-provider-openstack v1.36.0's chart; the NFS driver, registrar and probes as in csi-driver-nfs
  // v4.13.4; snapshotter and snapshot-controller of the same version as the CRDs.
  name: '1.36.0',
  tags: {
    manila: 'v1.36.0',
    ceph: 'v3.17.1',
    nfs: 'v4.13.4',
    provisioner: 'v5.3.0',
    resizer: 'v1.14.0',
    snapshotter: 'v8.6.0',
    snapshotController: 'v8.6.0',
    registrar: 'v2.17.0',
    livenessProbe: 'v2.19.0',
  },
};

/** What can be installed, the newest first. */
export const RELEASES: readonly [Release, ...Release[]] = [
  NEWEST,
  {
    name: '1.35.0',
    tags: {
      ...NEWEST.tags,
      manila: 'v1.35.0',
      ceph: 'v3.16.0',
      snapshotter: 'v8.4.0',
      snapshotController: 'v8.4.0',
      registrar: 'v2.15.0',
      livenessProbe: 'v2.17.0',
    },
  },
];

/** Versions that must not run, from the first to the last of them. */
export const REFUSED: readonly { image: ImageName; from: string; to: string; reason: string }[] = [
  {
    image: 'ceph',
    from: 'v3.16.1',
    to: 'v3.17.0',
    reason: 'it refuses the ids of Manila’s volumes ("the volumeID has an unexpected format", ceph-csi#6332)',
  },
  {
    image: 'nfs',
    from: 'v0.0.0',
    to: 'v4.13.0',
    reason: 'a volume can name a folder outside its share (CVE-2026-3864)',
  },
];

/** @throws CliError `usage` (exit 2) that lists what there is. */
export function releaseNamed(name: string): Release {
  const release = RELEASES.find((one) => one.name === name.replace(/^v/, ''));
  if (release) return release;
  const known = RELEASES.map((one) => one.name).join(', ');
  throw usageError(`driver version ${JSON.stringify(name)} is not one that is known to work`, {
    remedy: `versions of Manila CSI that are: ${known}`,
  });
}

/**
 * The release that an installed Manila CSI belongs to; undefined where it is none of the known ones.
 * @throws CliError `newer-drivers` (exit 3) where it is newer than all of them: this program would set it back.
 */
export function installedRelease(manilaTag: string): Release | undefined {
  const found = RELEASES.find(({ tags }) => tags.manila === manilaTag);
  if (found || compareVersions(manilaTag, NEWEST.tags.manila) <= 0) return found;
  throw couldNotRun(
    'newer-drivers',
    `Manila CSI ${manilaTag} is installed, and this manila-rwx knows versions up to ${NEWEST.tags.manila}`,
    { remedy: 'use the newer manila-rwx that installed it' },
  );
}

/** Why some of these versions (by the name of the program) should not run, a sentence each. */
export function refusedAmong(versions: Readonly<Record<string, string>>): string[] {
  return REFUSED.flatMap(({ image, from, to, reason }) => {
    const version = versions[image];
    if (version === undefined || !/^v?\d/.test(version)) return [];
    const within = compareVersions(version, from) >= 0 && compareVersions(version, to) <= 0;
    return within ? [`${image} ${version} must not be used: ${reason}`] : [];
  });
}

/** Negative where `a` is older. `v8.6.0` or `8.6.0`; what follows the three numbers does not count. */
export function compareVersions(a: string, b: string): number {
  const parts = (text: string): number[] => (/^v?(\d+)\.(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number);
  const [left, right] = [parts(a), parts(b)];
  const at = [0, 1, 2].find((i) => (left[i] ?? 0) !== (right[i] ?? 0));
  return at === undefined ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

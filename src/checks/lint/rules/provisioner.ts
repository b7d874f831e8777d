import { distance } from 'fastest-levenshtein';
import { NFS_DRIVER_NAME } from '../../../drivers/names.ts';
import { isManilaDriver } from '../../../drivers/names.ts';
import type { LintObject, LintRule } from '../types.ts';

const MANILA_NAMES = [NFS_DRIVER_NAME, 'cephfs.manila.csi.openstack.org', 'manila.csi.openstack.org'];

/** More letters apart, it is another driver: cinder.csi.openstack.org is five from Manila's. */
const TYPO = 3;

/** Which of the driver's names was meant by one that is nearly it. */
export function meantDriver(name: string): string | undefined {
  return isManilaDriver(name) ? undefined : MANILA_NAMES.find((known) => distance(known, name) <= TYPO);
}

export function driverOf({ provisioner, driver }: LintObject): string {
  return provisioner ?? driver ?? '';
}

/** Drivers that are met beside Manila's, by their names: who makes classes of them should know that they are others. */
export function ownerOfDriver(name: string): string {
  if (name === 'nfs.csi.k8s.io') return 'csi-driver-nfs, which serves folders of one NFS server and knows no Manila';
  if (name === 'cinder.csi.openstack.org') return 'Cinder CSI, whose volumes are for one node at a time';
  if (/\bcephfs\.csi\.ceph\.com$/.test(name)) return 'ceph-csi, which talks to Ceph and not to Manila';
  return 'another driver';
}

const provisionerName: LintRule = {
  id: 'provisioner-name',
  kinds: ['StorageClass', 'VolumeSnapshotClass'],
  *check(object, { cluster }) {
    const name = driverOf(object);
    const path = [object.kind === 'StorageClass' ? 'provisioner' : 'driver'];
    const meant = meantDriver(name);
    if (meant !== undefined) {
      yield {
        severity: 'error',
        path,
        message: `there is no driver ${JSON.stringify(name)}: claims wait for it forever`,
        remedy: `write ${meant}`,
      };
    } else if (cluster && !cluster.drivers.has(name)) {
      const other = [...cluster.drivers].find(isManilaDriver);
      yield {
        severity: 'error',
        path,
        message: `the cluster has no CSI driver ${name}: claims wait for it forever`,
        remedy: other === undefined ? 'install it: manila-rwx install' : `the one that is installed is ${other}`,
      };
    }
  },
};

export const PROVISIONER_RULES: readonly LintRule[] = [provisionerName];

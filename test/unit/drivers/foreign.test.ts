import { describe, expect, it } from 'vitest';
import type { DaemonSet } from '../../../src/drivers/cluster-objects.ts';
import { refuseForeignDrivers } from '../../../src/drivers/foreign.ts';
import { DRIVERS } from '../../../src/drivers/protocols.ts';
import type { KubeObject } from '../../../src/kube/types.ts';

const OURS = { 'app.kubernetes.io/managed-by': 'manila-rwx', 'app.kubernetes.io/name': 'manila-csi' };

function daemonSet(image: string, args: string[], labels: Record<string, string> = {}): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'nodeplugin', namespace: 'storage', labels },
    spec: { template: { spec: { containers: [{ name: 'x', image, args }] } } },
  };
}

function driver(labels: Record<string, string>, annotations: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: 'nfs.manila.csi.openstack.org', labels, annotations },
  };
}

const NFS = [DRIVERS.NFS];
const MANILA = 'registry.k8s.io/provider-os/manila-csi-plugin:v1.35.0';

describe('a driver that somebody else installed', () => {
  it('is refused, and named with its Helm release', () => {
    const helm = driver({ 'app.kubernetes.io/managed-by': 'Helm' }, { 'meta.helm.sh/release-name': 'shares' });
    expect(() => refuseForeignDrivers(NFS, [helm], [])).toThrow(
      /CSIDriver nfs\.manila\.csi\.openstack\.org \(Helm release shares\)/,
    );
  });

  it.each([
    [MANILA, ['--share-protocol-selector=NFS']],
    ['mirror.local:5000/x/manila-csi-plugin@sha256:00', ['--fwdendpoint=unix:///csi-nfsplugin/csi.sock']],
    ['quay.io/openshift/csi-driver-manila-rhel9:v4', ['--share-protocol-selector=NFS']],
  ])('is known by its image: %s', (image, args) => {
    expect(() => refuseForeignDrivers(NFS, [], [daemonSet(image, args)])).toThrow(/DaemonSet storage\/nodeplugin/);
  });

  it.each([
    ['ours', [driver(OURS)], [daemonSet(MANILA, ['NFS'], OURS)]],
    ['CephFS only', [], [daemonSet(MANILA, ['--share-protocol-selector=CEPHFS'])]],
    ['csi-driver-nfs', [], [daemonSet('registry.k8s.io/sig-storage/nfsplugin:v4.13.4', ['--v=5'])]],
  ])('is not seen in %s', (_what, drivers, sets) => {
    expect(() => refuseForeignDrivers(NFS, drivers, sets)).not.toThrow();
  });

  it('is seen for CephFS where CephFS is to be installed', () => {
    const set = daemonSet(MANILA, ['--share-protocol-selector=CEPHFS']);
    expect(() => refuseForeignDrivers([DRIVERS.NFS, DRIVERS.CEPHFS], [], [set])).toThrow(/NFS or CEPHFS driver/);
  });
});

/** A container image without its tag, and the version that is installed. */
export interface Image {
  repository: string;
  tag: string;
}

/**
 * The images of the drivers and of what belongs to them. Versions that were released and tested together: Manila CSI, provisioner and resizer
 * as in cloud-provider-openstack v1.36.0's chart, the NFS driver and the probes as in csi-driver-nfs v4.13.4, the
 * snapshot-controller of the CRDs' own version. ceph-csi 3.16.1 to 3.17.0 refuse Manila's volume ids.
 */
export const IMAGES = {
  manila: { repository: 'registry.k8s.io/provider-os/manila-csi-plugin', tag: 'v1.36.0' },
  ceph: { repository: 'quay.io/cephcsi/cephcsi', tag: 'v3.17.1' },
  nfs: { repository: 'registry.k8s.io/sig-storage/nfsplugin', tag: 'v4.13.4' },
  provisioner: { repository: 'registry.k8s.io/sig-storage/csi-provisioner', tag: 'v5.3.0' },
  resizer: { repository: 'registry.k8s.io/sig-storage/csi-resizer', tag: 'v1.14.0' },
  snapshotter: { repository: 'registry.k8s.io/sig-storage/csi-snapshotter', tag: 'v8.6.0' },
  snapshotController: { repository: 'registry.k8s.io/sig-storage/snapshot-controller', tag: 'v8.6.0' },
  registrar: { repository: 'registry.k8s.io/sig-storage/csi-node-driver-registrar', tag: 'v2.17.0' },
  livenessProbe: { repository: 'registry.k8s.io/sig-storage/livenessprobe', tag: 'v2.19.0' },
} as const satisfies Record<string, Image>;

export type ImageName = keyof typeof IMAGES;

/** Which image runs in which container of the templates. */
export const CONTAINERS: Readonly<Record<string, ImageName>> = {
  manila: 'manila',
  nfs: 'nfs',
  ceph: 'ceph',
  provisioner: 'provisioner',
  resizer: 'resizer',
  snapshotter: 'snapshotter',
  'snapshot-controller': 'snapshotController',
  registrar: 'registrar',
  'liveness-probe': 'livenessProbe',
  'nfs-liveness-probe': 'livenessProbe',
  'ceph-liveness-probe': 'livenessProbe',
};

/** `registry.k8s.io/sig-storage/nfsplugin:v4.13.4`, or the same path on another registry (host, and prefix if any). */
export function imageReference(image: Image, registry?: string): string {
  const path = image.repository.slice(image.repository.indexOf('/') + 1);
  const repository = registry === undefined ? image.repository : `${registry.replace(/\/+$/, '')}/${path}`;
  return `${repository}:${image.tag}`;
}

import { RELEASES, type Release } from './versions.ts';

/** The images of the drivers and of what belongs to them, without their tags; see `versions.ts` for these. */
export const REPOSITORIES = {
  manila: 'registry.k8s.io/provider-os/manila-csi-plugin',
  ceph: 'quay.io/cephcsi/cephcsi',
  nfs: 'registry.k8s.io/sig-storage/nfsplugin',
  provisioner: 'registry.k8s.io/sig-storage/csi-provisioner',
  resizer: 'registry.k8s.io/sig-storage/csi-resizer',
  snapshotter: 'registry.k8s.io/sig-storage/csi-snapshotter',
  snapshotController: 'registry.k8s.io/sig-storage/snapshot-controller',
  registrar: 'registry.k8s.io/sig-storage/csi-node-driver-registrar',
  livenessProbe: 'registry.k8s.io/sig-storage/livenessprobe',
} as const;

export type ImageName = keyof typeof REPOSITORIES;

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

/** Which images are pulled, and from where. */
export interface ImageSource {
  /** The newest unless told. */
  release?: Release | undefined;
  /** Registry to pull from instead of the images' own: `registry.example.com/mirror`. */
  registry?: string | undefined;
  /** Digests by reference (`registry.example.com/sig-storage/nfsplugin:v4.13.4`), which then take the place of the tag. */
  digests?: ReadonlyMap<string, string> | undefined;
}

/**
 * `registry.k8s.io/sig-storage/nfsplugin:v4.13.4`; the same path on another registry (host, and prefix if any); with
 * the digest behind the tag where it is known.
 */
export function imageReference(
  name: ImageName,
  { release = RELEASES[0], registry, digests }: ImageSource = {},
): string {
  const original = REPOSITORIES[name];
  const path = original.slice(original.indexOf('/') + 1);
  const repository = registry === undefined ? original : `${registry.replace(/\/+$/, '')}/${path}`;
  const reference = `${repository}:${release.tags[name]}`;
  const digest = digests?.get(reference);
  return digest === undefined ? reference : `${reference}@${digest}`;
}

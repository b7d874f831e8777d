/**
 * What Manila CSI and the CSI sidecars know of a StorageClass. The driver passes over parameters that it does not
 * know, so that a typo is seen nowhere (https://github.com/kubernetes/cloud-provider-openstack/issues/1329).
 * Source: pkg/csi/manila/options/shareoptions.go of cloud-provider-openstack 1.35, each tried on the real driver.
 */

export type ShareProtocol = 'NFS' | 'CEPHFS';

export interface ClassParameter {
  /** Only the driver of this protocol looks at it. */
  protocol?: ShareProtocol;
  /** What the driver takes, as a whole. */
  values?: RegExp;
  /** In words, for the remedy. */
  valuesText?: string;
  /** Why the driver passes over it although it knows it. */
  ignored?: string;
}

export const CLASS_PARAMETERS: Readonly<Record<string, ClassParameter>> = {
  type: {},
  shareNetworkID: {},
  autoTopology: { values: /^(true|false)$/i, valuesText: '"true" or "false"' },
  availability: {},
  appendShareMetadata: {},
  affinity: {},
  antiAffinity: {},
  groupID: {},
  protocol: { ignored: 'the driver sets it itself: each driver has one protocol' },
  'nfs-shareClient': { protocol: 'NFS' },
  'cephfs-mounter': { protocol: 'CEPHFS', values: /^(kernel|fuse)$/, valuesText: 'kernel or fuse' },
  'cephfs-clientID': { protocol: 'CEPHFS' },
  'cephfs-kernelMountOptions': { protocol: 'CEPHFS' },
  'cephfs-fuseMountOptions': { protocol: 'CEPHFS' },
};

/** Parameters with this prefix are the sidecars'; one that they do not know stops the provisioner. */
export const SIDECAR_PREFIX = 'csi.storage.k8s.io/';

export type SecretRole =
  'provisioner' | 'controller-expand' | 'node-stage' | 'node-publish' | 'controller-publish' | 'node-expand';

/** The Secrets that external-provisioner reads from a class, by what each is for. */
export const CLASS_SECRETS: Readonly<Record<SecretRole, { for: string }>> = {
  provisioner: { for: 'making and deleting shares' },
  'controller-expand': { for: 'making volumes larger' },
  'node-stage': { for: 'staging CephFS volumes on nodes' },
  'node-publish': { for: 'mounting on nodes' },
  'controller-publish': { for: 'attaching, which Manila CSI does not do' },
  'node-expand': { for: 'expanding on nodes, which Manila CSI does not do' },
};

/** The pair of parameters that name a Secret: `secretKeys('provisioner')`; without a role, the default of all roles. */
export function secretKeys(role?: string): { name: string; namespace: string } {
  const middle = role === undefined ? '' : `${role}-`;
  return { name: `${SIDECAR_PREFIX}${middle}secret-name`, namespace: `${SIDECAR_PREFIX}${middle}secret-namespace` };
}

/** Everything with the prefix that external-provisioner knows in a StorageClass. */
export const PROVISIONER_KEYS: readonly string[] = [
  ...[undefined, ...Object.keys(CLASS_SECRETS)].flatMap((role) => Object.values(secretKeys(role))),
  `${SIDECAR_PREFIX}fstype`,
];

/** Everything that external-snapshotter knows in a VolumeSnapshotClass; Manila CSI itself has no parameters there. */
export const SNAPSHOTTER_KEYS: readonly string[] = ['snapshotter', 'snapshotter-list'].flatMap((role) =>
  Object.values(secretKeys(role)),
);

/** What may stand in `${...}` in the name and the namespace of a Secret (external-provisioner, getSecretReference). */
export const SECRET_TEMPLATES = {
  name: /^(pv\.name|pvc\.namespace|pvc\.name|pvc\.annotations\['[^']+'\])$/,
  namespace: /^(pv\.name|pvc\.namespace)$/,
} as const;

import { DRIVER_SECRET_NAME, NFS_DRIVER_NAME } from '../../drivers/names.ts';
import type { KubeObject } from '../../kube/types.ts';
import type { Share } from '../../openstack/types.ts';

export interface ImportedClaim {
  name: string;
  namespace: string;
  accessMode: 'ReadWriteMany' | 'ReadOnlyMany';
}

/** The share's volume has one name, so that importing it twice is the same as once. */
export function volumeName(share: Share): string {
  return `share-${share.id}`;
}

/** Manila counts in GiB. */
export function sizeOf(share: Share): string {
  return `${share.size}Gi`;
}

/**
 * A static volume. Its handle is the share's id, which expanding and deleting go by, and it stays when its claim goes:
 * the share was there before. The driver looks the export locations up when it mounts.
 */
export function volumeManifest(
  share: Share,
  claim: ImportedClaim,
  secretNamespace: string,
  accessIds: readonly string[],
): KubeObject {
  const secret = { name: DRIVER_SECRET_NAME, namespace: secretNamespace };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: volumeName(share),
      labels: { 'manila-rwx/share-id': share.id },
      annotations: { 'manila-rwx/share-name': share.name },
    },
    spec: {
      capacity: { storage: sizeOf(share) },
      accessModes: [claim.accessMode],
      persistentVolumeReclaimPolicy: 'Retain',
      // Written out, so that no default class takes the claim to another volume.
      storageClassName: '',
      volumeMode: 'Filesystem',
      // Bound beforehand: a claim of another namespace cannot be faster.
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: claim.name, namespace: claim.namespace },
      csi: {
        driver: NFS_DRIVER_NAME,
        volumeHandle: share.id,
        ...(claim.accessMode === 'ReadOnlyMany' ? { readOnly: true } : {}),
        volumeAttributes: { shareID: share.id, shareAccessIDs: accessIds.join(',') },
        nodePublishSecretRef: secret,
        controllerExpandSecretRef: secret,
      },
    },
  };
}

export function claimManifest(share: Share, { name, namespace, accessMode }: ImportedClaim): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace, labels: { 'manila-rwx/share-id': share.id } },
    spec: {
      accessModes: [accessMode],
      storageClassName: '',
      volumeName: volumeName(share),
      resources: { requests: { storage: sizeOf(share) } },
    },
  };
}

import { CliError } from '../core/errors.ts';
import type { KubeClient, KubeObject, ObjectRef } from '../kube/types.ts';
import type { Manila } from '../openstack/manila.ts';
import { isManilaDriver } from '../drivers/names.ts';

/** What the checks ask of Manila. */
export type Shares = Pick<Manila, 'getShare' | 'listShares' | 'messages' | 'isAdmin'>;

interface PersistentVolume extends KubeObject {
  spec: {
    accessModes?: string[];
    capacity?: { storage?: string };
    csi?: { driver: string; volumeHandle: string };
    persistentVolumeReclaimPolicy?: string;
  };
  status?: { phase?: string; message?: string };
}

/** The PersistentVolume of a claim, and the share behind it. */
export interface Volume {
  /** Name of the PersistentVolume. Manila CSI gives the share the same name. */
  pv: string;
  driver: string;
  /** Manila's id of the share; undefined where the driver is not Manila's. */
  share?: string;
  volumeHandle: string;
  accessModes: string[];
  /** As Kubernetes writes it: `1Gi`. */
  capacity: string;
  /** Is the volume kept when its claim goes (reclaim policy Retain)? */
  retained: boolean;
}

export function volumeRef(pv: string): ObjectRef {
  return { apiVersion: 'v1', kind: 'PersistentVolume', name: pv };
}

/** The volume of that name; undefined where there is none, or this user may not see PersistentVolumes. */
export async function readVolume(kube: KubeClient, pv: string, signal: AbortSignal): Promise<Volume | undefined> {
  const found = await kube.get<PersistentVolume>(volumeRef(pv), { signal }).catch((error: unknown) => {
    if (isForbidden(error)) return undefined;
    throw error;
  });
  if (!found) return undefined;
  const { csi, accessModes = [], capacity, persistentVolumeReclaimPolicy } = found.spec;
  return {
    pv,
    driver: csi?.driver ?? '',
    volumeHandle: csi?.volumeHandle ?? '',
    ...(csi && isManilaDriver(csi.driver) ? { share: csi.volumeHandle } : {}),
    accessModes,
    capacity: capacity?.storage ?? '',
    retained: persistentVolumeReclaimPolicy === 'Retain',
  };
}

/** The provisioner names the volume, and the share, after the claim's uid. */
export function volumeNameFor(claimUid: string): string {
  return `pvc-${claimUid}`;
}

export async function sharesNamed(shares: Shares, name: string): Promise<{ id: string; status: string }[]> {
  return shares.listShares({ name, allProjects: await shares.isAdmin() });
}

export function isForbidden(error: unknown): boolean {
  return error instanceof CliError && error.code === 'kube-forbidden';
}

import type { KubeClient, KubeObject } from '../kube/types.ts';
import { NFS_DRIVER_NAME } from './names.ts';

interface PersistentVolume extends KubeObject {
  spec: {
    csi?: { driver: string; volumeHandle: string };
    claimRef?: { namespace: string; name: string };
    capacity?: { storage?: string };
  };
  status?: { phase?: string };
}

/** A volume of the driver. */
export interface DriverVolume {
  /** Name of the PersistentVolume. */
  name: string;
  /** `namespace/name` of its claim; absent where it has none. */
  claim?: string;
  /** `Bound`, `Released` and so on. */
  phase: string;
  /** Id of the Manila share. */
  share: string;
}

/** The driver's PersistentVolumes, by name. */
export async function driverVolumes(kube: KubeClient): Promise<DriverVolume[]> {
  const { items } = await kube.list<PersistentVolume>({ apiVersion: 'v1', kind: 'PersistentVolume' });
  return items
    .filter(({ spec }) => spec.csi?.driver === NFS_DRIVER_NAME)
    .map(({ metadata, spec: { csi, claimRef }, status }) => ({
      name: metadata.name,
      ...(claimRef === undefined ? {} : { claim: `${claimRef.namespace}/${claimRef.name}` }),
      phase: status?.phase ?? 'Unknown',
      share: csi?.volumeHandle ?? '',
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

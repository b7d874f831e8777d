import type { KubeClient, KubeObject } from '../kube/types.ts';
import { driverNamed } from './protocols.ts';

interface PersistentVolume extends KubeObject {
  spec: {
    csi?: { driver: string; volumeHandle: string; volumeAttributes?: Record<string, string> };
    claimRef?: { namespace: string; name: string };
    capacity?: { storage?: string };
  };
  status?: { phase?: string };
}

/** A volume of one of the drivers. */
export interface DriverVolume {
  /** Name of the PersistentVolume. */
  name: string;
  /** `namespace/name` of its claim; absent where it has none. */
  claim?: string;
  /** `Bound`, `Released` and so on. */
  phase: string;
  /** Id of the Manila share. */
  share: string;
  /** Name of its CSI driver. */
  driver: string;
  /** Does ceph-fuse mount it? Such a mount ends with the pod of the node plugin that made it. */
  fuse?: true;
}

/** The drivers' PersistentVolumes, by name. */
export async function driverVolumes(kube: KubeClient, options: { signal?: AbortSignal } = {}): Promise<DriverVolume[]> {
  const { items } = await kube.list<PersistentVolume>({ apiVersion: 'v1', kind: 'PersistentVolume' }, options);
  return items
    .filter(({ spec }) => driverNamed(spec.csi?.driver))
    .map(({ metadata, spec: { csi, claimRef }, status }) => ({
      name: metadata.name,
      ...(claimRef === undefined ? {} : { claim: `${claimRef.namespace}/${claimRef.name}` }),
      phase: status?.phase ?? 'Unknown',
      share: csi?.volumeHandle ?? '',
      driver: csi?.driver ?? '',
      ...(isFuse(csi) && { fuse: true as const }),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Manila CSI mounts CephFS by fuse unless the class said otherwise. */
function isFuse(csi: PersistentVolume['spec']['csi']): boolean {
  return driverNamed(csi?.driver)?.protocol === 'CEPHFS' && csi?.volumeAttributes?.['cephfs-mounter'] !== 'kernel';
}

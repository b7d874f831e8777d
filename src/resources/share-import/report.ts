import type { Change } from '../../reconcile/change.ts';

/** Result of `pvc import`. */
export interface ShareImport {
  /** Name of the PersistentVolumeClaim. */
  name: string;
  /** Its namespace. */
  namespace: string;
  /** Name of the PersistentVolume. */
  volume: string;
  /** Id of the Manila share. */
  shareId: string;
  /** Name of the Manila share. */
  shareName: string;
  /** Size of share, volume and claim, as Kubernetes writes it: `10Gi`. */
  size: string;
  /** ReadWriteMany or ReadOnlyMany. */
  accessModes: string[];
  /** The share's rules that let the nodes in. */
  accessRules: {
    /** Id in Manila; absent where a dry run would make it. */
    id?: string;
    /** Address or CIDR. */
    to: string;
    /** Read and write, or read only. */
    level: 'rw' | 'ro';
    /** Was it there, or was it made now? */
    made: boolean;
  }[];
  /** Pending or Bound; absent where the claim does not exist (a dry run). */
  phase?: string;
  /** `none` where it was done; otherwise it was only tried. */
  dryRun: 'none' | 'client' | 'server';
  /** What was changed, or would be. */
  changes: Change[];
}

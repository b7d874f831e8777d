import type { ChangeSet } from '../reconcile/change.ts';
import type { CredentialReport } from '../resources/credentials.ts';
import type { HeldBackNode } from './roll.ts';
import type { ControllerState, DriverState } from './state.ts';
import type { DriverVolume } from './volumes.ts';

/** Result of `install`. */
export interface InstallReport extends ChangeSet {
  /** Namespace of the drivers. */
  namespace: string;
  /** The kubelet's folder on the nodes, and why it was taken to be that. */
  kubeletDirectory: { path: string; because: string };
  /** Can volumes of the drivers be snapshotted? Only where the cluster has VolumeSnapshots, or is given them. */
  snapshots: boolean;
  /** Versions that are installed, by the name of the program: `manila`, `nfs`, `provisioner` and so on. */
  versions: Record<string, string>;
  /** The drivers' credential; absent where a dry run would make it. */
  credential?: CredentialReport;
  /** How the drivers stand; absent where they were not waited for. */
  drivers?: DriverState[];
  /** How the snapshot-controller stands; absent where it was not installed, or not waited for. */
  snapshotController?: ControllerState;
  /** Seconds from the first change until the drivers were ready; absent where it was not waited for. */
  readySeconds?: number;
}

/** Result of `upgrade`. */
export interface UpgradeReport extends ChangeSet {
  /** Namespace of the drivers. */
  namespace: string;
  /** Version of Manila CSI that is moved to, by which the others are known. */
  release: string;
  /** Versions before, by the name of the program. */
  from: Record<string, string>;
  /** Versions that are moved to. */
  to: Record<string, string>;
  /** Nodes that keep the old version, as mounts of ceph-fuse would end; drained, they can be upgraded. */
  heldBack: HeldBackNode[];
  /** How the drivers stand; absent where nothing was done, or nodes were held back. */
  drivers?: DriverState[];
  /** How the snapshot-controller stands; absent where this program installed none. */
  snapshotController?: ControllerState;
  /** Seconds from the first change until every node had the version; absent where nothing was done. */
  seconds?: number;
}

/** Result of `render`. */
export interface ManifestsReport {
  /** Version of Manila CSI, by which the others are known. */
  release: string;
  /** Names of the files that were written; absent where they go to stdout. */
  files?: string[];
  /** In the order in which they can be applied. */
  documents: RenderedDocument[];
}

/** An object, or the values for a chart. */
export interface RenderedDocument {
  /** Name of the file that it would be written to. */
  name: string;
  content: object;
  /** Says what it is, where it does not say it itself. */
  comment?: string;
}

/** How VolumeSnapshots stand. */
export interface SnapshotStatus {
  /** Does the drivers' controller have a snapshotter? */
  snapshotter: boolean;
  /** Names of the CRDs, and whether `install` made them. */
  definitions: { name: string; ours: boolean }[];
  /** Who binds VolumeSnapshots: a Deployment's `namespace/name`, or the holder of its Lease; absent where nobody does. */
  controller?: { name: string; ours: boolean };
}

/** Result of `status`. */
export interface StatusReport {
  /** Is everything as it should be? */
  healthy: boolean;
  /** Is there anything of a driver in the cluster? */
  installed: boolean;
  /** Namespace of the drivers. */
  namespace: string;
  /** Everything that is wrong, a sentence each. */
  problems: string[];
  /** How the drivers stand that there is anything of. */
  drivers: DriverState[];
  /** How the snapshot-controller stands; absent where this program installed none. */
  snapshotController?: ControllerState;
  /** Versions that are installed, by the name of the program. */
  versions: Record<string, string>;
  /** The drivers' credential; absent where there is none. */
  credential?: CredentialReport & {
    /** Does Keystone take it? Absent where Keystone cannot be asked from here. */
    valid?: boolean;
  };
  /** VolumeSnapshots; absent where the cluster has none of their CRDs. */
  snapshots?: SnapshotStatus;
  /** StorageClasses of the driver, whoever made them. */
  storageClasses: {
    /** Name of the class. */
    name: string;
    /** Share type of its volumes; absent where the class names none. */
    shareType?: string;
    /** Is it the cluster's default class? */
    default: boolean;
  }[];
}

/** Result of `uninstall`. */
export interface UninstallReport extends ChangeSet {
  /** Namespace of the drivers. */
  namespace: string;
  /** Volumes that still need the driver; if there are any, nothing was removed. */
  volumes: DriverVolume[];
  /** What stays, and why, a sentence each. */
  kept: string[];
}

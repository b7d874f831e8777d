/** Something that lost its other half. */
export interface Orphan {
  finding:
    /** A share of this cluster that neither a volume nor a claim stands for. */
    | 'share-without-volume'
    /** A share of this cluster that Manila has in an error state. */
    | 'share-in-error'
    /** A PersistentVolume whose share Manila does not have. */
    | 'volume-without-share'
    /** A snapshot of a share of this cluster that no VolumeSnapshotContent stands for. */
    | 'snapshot-without-content'
    /** A VolumeSnapshotContent whose snapshot Manila does not have. */
    | 'content-without-snapshot';
  kind: 'Share' | 'Snapshot' | 'PersistentVolume' | 'VolumeSnapshotContent';
  /** Manila's id; for objects of Kubernetes the id of what they point to. */
  id: string;
  name: string;
  /** Manila’s status, or the phase of a PersistentVolume. */
  status?: string;
  /** GiB; of shares. */
  sizeGiB?: number;
  /** As Manila writes it, UTC without a zone. */
  createdAt?: string;
  /** `namespace/name` of the claim or VolumeSnapshot that it was made for, where that is known. */
  of?: string;
  /** Why it is listed. */
  reason: string;
  /** Would `--delete` delete it? Only what is surely of this cluster and in nobody's use. */
  deletable: boolean;
  /** What to do where `--delete` does nothing. */
  remedy?: string;
}

/** A share or snapshot that a driver made, but perhaps for another cluster in the same project. Never deleted. */
export interface Foreign {
  kind: 'Share' | 'Snapshot';
  id: string;
  name: string;
  status: string;
  /** As Manila writes it, UTC without a zone. */
  createdAt?: string;
  /** Why it may be another cluster's. */
  reason: string;
}

/** Result of `orphans`. */
export interface OrphanReport {
  /** UID of the namespace kube-system, which the drivers write on the shares of this cluster. */
  clusterId: string;
  /** Names of the projects that were looked through. */
  projects: string[];
  orphans: Orphan[];
  maybeOthers: Foreign[];
  /** What could not be looked at, and why. */
  notLookedAt: string[];
}

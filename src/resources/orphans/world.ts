import type { KubeObject } from '../../kube/types.ts';
import type { Share, Snapshot } from '../../openstack/types.ts';

interface SecretRef {
  name?: string;
  namespace?: string;
}

export interface Volume extends KubeObject {
  spec: {
    claimRef?: { namespace?: string; name?: string };
    csi?: {
      driver: string;
      volumeHandle: string;
      volumeAttributes?: Record<string, string>;
      nodePublishSecretRef?: SecretRef;
      nodeStageSecretRef?: SecretRef;
    };
  };
  status?: { phase?: string };
}

export interface Claim extends KubeObject {
  spec: { volumeName?: string };
}

export interface Content extends KubeObject {
  spec: {
    driver: string;
    volumeSnapshotRef?: { namespace?: string; name?: string; uid?: string };
    source?: { snapshotHandle?: string };
  };
  status?: { snapshotHandle?: string };
}

/** What the login of one Secret sees: the shares and snapshots of its project. */
export interface ProjectView {
  /** Name of the Secret, in the drivers' namespace. */
  secret: string;
  /** Name of the project. */
  project: string;
  shares: Share[];
  snapshots: Snapshot[];
}

/** Both halves, as they are. */
export interface OrphanWorld {
  clusterId: string;
  /** Namespace of the drivers and of the Secrets. */
  namespace: string;
  projects: ProjectView[];
  volumes: Volume[];
  claims: Claim[];
  /** Undefined where the cluster knows no snapshots. */
  snapshots: { contents: Content[]; snapshots: KubeObject[] } | undefined;
  notLookedAt: string[];
}

/** Ids and names by which volumes stand for shares: a volume made by hand may have any handle. */
export function shareRefs({ spec: { csi } }: Volume): string[] {
  if (!csi) return [];
  const { shareID, shareName } = csi.volumeAttributes ?? {};
  return [csi.volumeHandle, shareID, shareName].filter((ref) => ref !== undefined && ref !== '') as string[];
}

/** Name of the Secret by which the driver finds the volume's share; undefined where it is in another namespace. */
export function secretOfVolume({ spec: { csi } }: Volume, namespace: string): string | undefined {
  const ref = csi?.nodePublishSecretRef ?? csi?.nodeStageSecretRef;
  return ref?.namespace === namespace ? ref.name : undefined;
}

/** The external-snapshotter's note of the Secret to delete with. */
export function secretOfContent({ metadata: { annotations } }: Content, namespace: string): string | undefined {
  const key = 'snapshot.storage.kubernetes.io/deletion-secret';
  return annotations?.[`${key}-namespace`] === namespace ? annotations[`${key}-name`] : undefined;
}

export function handleOf({ spec, status }: Content): string | undefined {
  return status?.snapshotHandle ?? spec.source?.snapshotHandle;
}

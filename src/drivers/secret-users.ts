import type { KubeClient, KubeObject } from '../kube/types.ts';

interface SecretRef {
  name?: string;
  namespace?: string;
}

interface PersistentVolume extends KubeObject {
  spec: {
    csi?: { nodePublishSecretRef?: SecretRef; controllerExpandSecretRef?: SecretRef };
    claimRef?: { namespace: string; name: string };
  };
}

interface SnapshotContent extends KubeObject {
  spec: { volumeSnapshotRef?: { namespace?: string; name?: string } };
}

/** A volume or a snapshot that needs a Secret as long as it exists. */
export interface SecretUser {
  kind: 'PersistentVolume' | 'VolumeSnapshotContent';
  name: string;
  /** `namespace/name` of its claim or VolumeSnapshot; absent where it has none. */
  of?: string;
}

/** The external-provisioner's and the external-snapshotter's notes of the Secret to delete with. */
const DELETION_SECRET = {
  PersistentVolume: 'volume.kubernetes.io/provisioner-deletion-secret',
  VolumeSnapshotContent: 'snapshot.storage.kubernetes.io/deletion-secret',
} as const;

/** What exists of the drivers and finds its share by some Secret of a namespace, by the Secret's name. */
export async function secretUsers(kube: KubeClient, namespace: string): Promise<Map<string, SecretUser[]>> {
  const [volumes, contents] = await Promise.all([
    kube.list<PersistentVolume>({ apiVersion: 'v1', kind: 'PersistentVolume' }),
    kube.list<SnapshotContent>({ apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshotContent' }),
  ]);
  const users = new Map<string, SecretUser[]>();
  const add = (refs: (SecretRef | undefined)[], user: SecretUser): void => {
    const names = refs.flatMap((ref) => (ref?.namespace === namespace && ref.name !== undefined ? [ref.name] : []));
    for (const name of new Set(names)) users.set(name, [...(users.get(name) ?? []), user]);
  };
  for (const { metadata, spec } of volumes.items) {
    const refs = [spec.csi?.nodePublishSecretRef, spec.csi?.controllerExpandSecretRef];
    const of = spec.claimRef && `${spec.claimRef.namespace}/${spec.claimRef.name}`;
    add([...refs, deletionSecret(metadata, DELETION_SECRET.PersistentVolume)], {
      kind: 'PersistentVolume',
      name: metadata.name,
      ...(of === undefined ? {} : { of }),
    });
  }
  for (const { metadata, spec } of contents.items) {
    const { namespace: where, name } = spec.volumeSnapshotRef ?? {};
    add([deletionSecret(metadata, DELETION_SECRET.VolumeSnapshotContent)], {
      kind: 'VolumeSnapshotContent',
      name: metadata.name,
      ...(where === undefined || name === undefined ? {} : { of: `${where}/${name}` }),
    });
  }
  return users;
}

/** `2 volumes (team-a/data, team-a/logs) and 1 snapshot (team-a/nightly)`. */
export function describeUsers(users: readonly SecretUser[]): string {
  const part = (kind: SecretUser['kind'], noun: string): string[] => {
    const found = users.filter((user) => user.kind === kind).map(({ of, name }) => of ?? name);
    if (found.length === 0) return [];
    const names = `${found.slice(0, 5).join(', ')}${found.length > 5 ? ', ...' : ''}`;
    return [`${found.length} ${noun}${found.length === 1 ? '' : 's'} (${names})`];
  };
  return [...part('PersistentVolume', 'volume'), ...part('VolumeSnapshotContent', 'snapshot')].join(' and ');
}

function deletionSecret({ annotations }: KubeObject['metadata'], key: string): SecretRef {
  const [name, namespace] = [annotations?.[`${key}-name`], annotations?.[`${key}-namespace`]];
  return { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) };
}

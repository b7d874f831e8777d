import { couldNotRun, usageError } from '../../core/errors.ts';
import { NFS_DRIVER_NAME } from '../../drivers/names.ts';
import type { KubeClient, KubeObject } from '../../kube/types.ts';
import type { Manila } from '../../openstack/manila.ts';
import type { Share } from '../../openstack/types.ts';

export interface Volume extends KubeObject {
  spec: {
    csi?: { driver: string; volumeHandle: string; volumeAttributes?: Record<string, string> };
    claimRef?: { namespace: string; name: string };
  };
}

/**
 * A share by id or name, as the driver sees it: with its own credential, which finds the shares of its project only.
 * @throws CliError `no-share` (exit 3), `usage` (exit 2) where several have the name.
 */
export async function findShare(manila: Manila, wanted: string, project: string): Promise<Share> {
  const byId = await manila.getShare(wanted);
  if (byId) return byId;
  const named = await manila.listShares({ name: wanted });
  const [share, ...more] = named;
  if (!share) {
    throw couldNotRun('no-share', `project ${project} has no share with id or name ${JSON.stringify(wanted)}`, {
      remedy: `the drivers use the shares of project ${project} only: openstack share list shows them`,
    });
  }
  if (more.length === 0) return share;
  throw usageError(`project ${project} has ${named.length} shares named ${JSON.stringify(wanted)}`, {
    remedy: `name one by its id: ${named.map(({ id }) => id).join(', ')}`,
  });
}

/** Everything that forbids a share to be a volume, at once; each is the end of a sentence. */
export async function whyNotUsable(manila: Manila, share: Share): Promise<string[]> {
  const reasons: string[] = [];
  if (share.protocol.toUpperCase() !== 'NFS') {
    reasons.push(`its protocol is ${share.protocol}, and the driver that is installed speaks NFS`);
  }
  if (share.status !== 'available') reasons.push(`its status is ${share.status}, and it must be available`);
  else if ((await manila.exportLocations(share.id)).length === 0) reasons.push('it has no export location');
  return reasons;
}

/** The volume that a share is already, whatever it is called. */
export function volumeOf(share: Share, volumes: readonly Volume[]): Volume | undefined {
  return volumes.find(
    ({ spec: { csi } }) =>
      csi !== undefined &&
      (csi.volumeHandle === share.id ||
        csi.volumeAttributes?.shareID === share.id ||
        (csi.driver === NFS_DRIVER_NAME && csi.volumeAttributes?.shareName === share.name)),
  );
}

export async function listVolumes(kube: KubeClient, signal: AbortSignal): Promise<Volume[]> {
  return (await kube.list<Volume>({ apiVersion: 'v1', kind: 'PersistentVolume' }, { signal })).items;
}

import type { FaultPlan } from '../../faults.ts';
import { uuid } from '../ids.ts';
import { poolName, type ManilaState, type Share, type ShareType, type Snapshot } from './state.ts';
import { exportLocations } from './exports.ts';
import { ACTION, DETAIL } from './messages.ts';
import { freeGb, place } from './scheduler.ts';

/** What a share is created from, beside what it is itself. */
export interface CreateRequest {
  requestId: string;
  type: ShareType | undefined;
  /** Zones that type or share network allow. */
  zones: readonly string[];
  faults: FaultPlan;
}

/** Scheduler and back end at work on a new share: `creating` becomes `available`, or `error` with a user message. */
export function startCreation(state: ManilaState, share: Share, request: CreateRequest): void {
  const fail = (actionId: string, detailId: string): void => {
    share.status = 'error';
    const { projectId, id: resourceId } = share;
    const { requestId } = request;
    state.addMessage({ projectId, resourceId, resourceType: 'SHARE', actionId, detailId, requestId });
  };
  state.later(1, () => {
    if (!schedule(state, share, request, fail)) return;
    const backend = state.backendOf(share.host);
    const handlesServers = backend?.capabilities['driver_handles_share_servers'] === true;
    if (share.networkId !== null && !handlesServers) {
      fail(ACTION.create, DETAIL.unexpectedNetwork);
      return;
    }
    if (share.networkId !== null) useShareServer(state, share, share.networkId);
    state.later(1, () => {
      if (!state.shares.has(share.id) || share.status !== 'creating') return;
      if (request.faults.take({ place: 'manila', method: 'POST', template: '/v2/shares' }, ['share-error'])) {
        fail(ACTION.create, DETAIL.unknown);
        return;
      }
      share.exportLocations = exportLocations(state, share);
      share.status = 'available';
      share.progress = '100%';
    });
  });
}

/** @returns has the share a place now? A share from a snapshot stays where the snapshot is. */
function schedule(
  state: ManilaState,
  share: Share,
  { type, zones }: CreateRequest,
  fail: (actionId: string, detailId: string) => void,
): boolean {
  if (share.host === '') {
    if (!type) {
      fail(ACTION.create, DETAIL.noDefaultType);
      return false;
    }
    // The share itself must not count as taken room while its place is looked for.
    const found = place(state, { type, proto: share.proto, size: share.size, zone: share.zone, zones });
    if ('detailId' in found) {
      fail(ACTION.allocateHost, found.detailId);
      return false;
    }
    share.host = poolName(found);
  }
  share.zone ??= state.backendOf(share.host)?.zone ?? null;
  return true;
}

/** The server of the share network's subnet, made with its first share. */
function useShareServer(state: ManilaState, share: Share, networkId: string): void {
  const subnet = state.networks.get(networkId)?.subnets[0];
  if (!subnet) return;
  const sibling = [...state.shares.values()].find((one) => one.networkId === networkId && one.serverId !== null);
  share.serverId = sibling?.serverId ?? uuid();
  if (subnet.network) return;
  subnet.updatedAt = state.time.manila();
  subnet.network = {
    type: 'vlan',
    segmentationId: 1010,
    cidr: '10.20.0.0/16',
    ipVersion: 4,
    gateway: '10.20.0.1',
    mtu: 1500,
  };
}

export function startDeletion(state: ManilaState, share: Share): void {
  if (share.host === '') {
    state.shares.delete(share.id);
    return;
  }
  share.status = 'deleting';
  state.later(2, () => state.shares.delete(share.id));
}

/**
 * To the new size, or back to `available` at the old one with a user message. The scheduler asks whether the pool has
 * room for the share as it is, not for what it grows by (seen on Zed): a pool can end up with less than nothing free.
 */
export function startExtension(
  state: ManilaState,
  share: Share,
  { size, force, requestId }: { size: number; force: boolean; requestId: string },
): void {
  share.status = 'extending';
  share.growing = size - share.size;
  const backend = state.backendOf(share.host);
  const hasRoom = force || (backend !== undefined && freeGb(state, backend) + share.growing >= share.size);
  state.later(1, () => {
    if (share.status !== 'extending') return;
    if (hasRoom) share.size = size;
    share.growing = 0;
    share.status = 'available';
    if (hasRoom) return;
    const { projectId, id: resourceId } = share;
    const outcome = { actionId: ACTION.extend, detailId: DETAIL.noHost };
    state.addMessage({ projectId, resourceId, resourceType: 'SHARE', requestId, ...outcome });
  });
}

export function startShrinking(state: ManilaState, share: Share, size: number): void {
  share.status = 'shrinking';
  state.later(1, () => {
    if (share.status !== 'shrinking') return;
    share.size = size;
    share.status = 'available';
  });
}

export function startSnapshot(state: ManilaState, snapshot: Snapshot): void {
  state.later(1, () => {
    if (snapshot.status === 'creating') snapshot.status = 'available';
  });
}

export function startSnapshotDeletion(state: ManilaState, snapshot: Snapshot): void {
  snapshot.status = 'deleting';
  state.later(1, () => state.snapshots.delete(snapshot.id));
}

export function startRevert(state: ManilaState, share: Share, snapshot: Snapshot): void {
  share.status = 'reverting';
  snapshot.status = 'restoring';
  state.later(1, () => {
    share.size = snapshot.size;
    share.status = 'available';
    snapshot.status = 'available';
  });
}

import type { LabResponse } from '../http-server.ts';
import { isRecord, pythonInt, pythonText, strictBool } from '../python.ts';
import { accepted, requirePolicy, type ManilaCall, type ManilaRoute } from './call.ts';
import { badRequest, conflict, forbidden, invalidInput, invalidShare, notFound } from './errors.ts';
import { startDeletion, startExtension, startRevert, startShrinking } from './lifecycle.ts';
import { claimGrowth, requireShareSize } from './quotas.ts';
import { findShare } from './share-view.ts';
import { requireProvisionable } from './shares.ts';
import type { Share } from './state.ts';

const PATH = '/shares/{share_id}/action';
const POST = { method: 'POST', path: PATH };

export const shareActionRoutes: ManilaRoute[] = [
  { ...POST, action: 'os-extend', handler: extend, until: 6 },
  { ...POST, action: 'extend', handler: extend, since: 7 },
  { ...POST, action: 'os-shrink', handler: shrink, until: 6 },
  { ...POST, action: 'shrink', handler: shrink, since: 7 },
  { ...POST, action: 'os-reset_status', handler: resetStatus, until: 6, admin: true },
  { ...POST, action: 'reset_status', handler: resetStatus, since: 7, admin: true },
  { ...POST, action: 'os-force_delete', handler: forceDelete, until: 6, admin: true },
  { ...POST, action: 'force_delete', handler: forceDelete, since: 7, admin: true },
  { ...POST, action: 'soft_delete', handler: softDelete, since: 69 },
  { ...POST, action: 'restore', handler: restore, since: 69 },
  { ...POST, action: 'revert', handler: revert, since: 27 },
];

const GONE = 'Resource could not be found.';

/** The body of an action, under its name with or without the old prefix. */
function given(call: ManilaCall, name: string): Record<string, unknown> {
  return call.entity(name) ?? call.entity(`os-${name}`) ?? {};
}

function newSize(call: ManilaCall, action: string): number {
  const size = pythonInt(given(call, action)['new_size']);
  if (size === undefined) throw badRequest('New share size must be specified as an integer.');
  return size;
}

function extend(call: ManilaCall): LabResponse {
  const share = findShare(call, call.param('share_id'), GONE);
  const size = newSize(call, 'extend');
  const force = call.since(64) ? forceFlag(given(call, 'extend')) : false;
  refuseDeleted(share, 'extend');
  if (force) requirePolicy(call, 'share:force_extend');
  if (share.status !== 'available') {
    throw invalidShare(
      `Share ${share.id} status must be 'available' to extend, but current status is: ${share.status}.`,
    );
  }
  const increase = size - share.size;
  if (increase <= 0) {
    throw invalidInput(
      `New size for extend must be greater than current size. (current: ${share.size}, extended: ${size}).`,
    );
  }
  requireShareSize(call.state, call.projectId, size);
  requireProvisionable(call.state.types.get(share.typeId ?? ''), size);
  claimGrowth(call.state, share, increase);
  startExtension(call.state, share, { size, force, requestId: call.context.requestId });
  return accepted;
}

function forceFlag(entity: Record<string, unknown>): boolean {
  if (!('force' in entity)) return false;
  const force = strictBool(entity['force']);
  if (force === undefined) throw badRequest(`Invalid boolean force : ${pythonText(entity['force'])}`);
  return force;
}

function refuseDeleted(share: Share, verb: string): void {
  if (share.softDeleted) {
    throw forbidden(`Cannot ${verb} share '${share.id}' since it has been soft deleted.`);
  }
}

function shrink(call: ManilaCall): LabResponse {
  const share = findShare(call, call.param('share_id'), GONE);
  const size = newSize(call, 'shrink');
  refuseDeleted(share, 'shrink');
  const states = ['available', 'shrinking_possible_data_loss_error'];
  if (!states.includes(share.status)) {
    throw invalidShare(
      `Share ${share.id} status must in (${states.join(', ')}) to shrink, but current status is: ${share.status}.`,
    );
  }
  if (size >= share.size || size <= 0) {
    throw invalidInput(
      `New size for shrink must be less than current size and greater than 0 (current: ${share.size}, new: ${size})`,
    );
  }
  requireProvisionable(call.state.types.get(share.typeId ?? ''), size);
  startShrinking(call.state, share, size);
  return accepted;
}

const SETTABLE = [
  ...['creating', 'available', 'deleting', 'error', 'error_deleting', 'migrating', 'migrating_to'],
  'server_migrating',
];

function resetStatus(call: ManilaCall): LabResponse {
  const id = call.param('share_id');
  const share = findShare(call, id, `ShareNotFound: Share ${id} could not be found.`);
  if (share.softDeleted) {
    throw forbidden(`status cannot be reset for share '${id}' since it has been soft deleted.`);
  }
  const { status } = given(call, 'reset_status');
  if (status === undefined) throw badRequest("Must specify 'status'");
  const text = pythonText(status);
  if (!SETTABLE.includes(text)) throw badRequest(`Invalid state. Valid states: ${SETTABLE.join(', ')}.`);
  share.status = text;
  return accepted;
}

function forceDelete(call: ManilaCall): LabResponse {
  const share = findShare(call, call.param('share_id'));
  startDeletion(call.state, share);
  return accepted;
}

/** Days in the recycle bin. */
const RETENTION_DAYS = 7;

function softDelete(call: ManilaCall): LabResponse {
  const share = findShare(call, call.param('share_id'));
  const refused = (reason: string): Error => forbidden(`Invalid share: ${reason}.`);
  if (share.softDeleted) throw refused('The share has been soft deleted already');
  if (!['available', 'error', 'inactive'].includes(share.status)) {
    throw refused("Share status must be one of ('available', 'error', 'inactive')");
  }
  const snapshots = call.state.snapshotsOf(share.id).length;
  if (snapshots > 0) throw forbidden(`Invalid share: Share still has ${snapshots} dependent snapshots.`);
  share.softDeleted = true;
  const end = call.state.time.now() + RETENTION_DAYS * 86_400_000;
  share.toBeDeletedAt = `${new Date(end).toISOString().slice(0, 23)}000`;
  return accepted;
}

function restore(call: ManilaCall): LabResponse {
  const id = call.param('share_id');
  const share = findShare(call, id, `No share exists with ID ${id}.`);
  if (!share.softDeleted) return { status: 200, contentType: 'text/html; charset=UTF-8' };
  share.softDeleted = false;
  share.toBeDeletedAt = null;
  return accepted;
}

function revert(call: ManilaCall): LabResponse {
  const body = isRecord(call.body) ? call.body['revert'] : undefined;
  if (!isRecord(body)) throw badRequest('Revert entity not found in request body.');
  if (!('snapshot_id' in body)) throw badRequest('Required parameter snapshot_id not found.');
  if (!body['snapshot_id']) throw badRequest('Required parameter snapshot_id is empty.');
  const share = findShare(call, call.param('share_id'), 'NotFound: Resource could not be found.');
  const snapshotId = pythonText(body['snapshot_id']);
  const snapshot = call.state.snapshots.get(snapshotId);
  if (!snapshot) throw badRequest(`Snapshot ${snapshotId} could not be found.`);
  if (!share.revertSupport) {
    throw badRequest(
      `Share ${share.id} may not be reverted to snapshot ${snapshotId}, because the share does not have that capability.`,
    );
  }
  if (snapshot.shareId !== share.id) {
    throw badRequest(`Snapshot ${snapshotId} is not associated with share ${share.id}.`);
  }
  if (share.status !== 'available') {
    throw conflict(
      `Share ${share.id} is in '${share.status}' state, but it must be in 'available' state to be reverted to a snapshot.`,
    );
  }
  if (snapshot.status !== 'available') {
    throw conflict(
      `Snapshot ${snapshotId} is in '${snapshot.status}' state, but it must be in 'available' state to be restored.`,
    );
  }
  const latest = call.state.snapshotsOf(share.id).at(-1);
  if (!latest) throw notFound();
  if (latest.id !== snapshotId) {
    throw conflict(
      `Snapshot ${snapshotId} may not be restored because it is not the most recent snapshot of share ${share.id}. Currently the latest snapshot is ${latest.id}.`,
    );
  }
  if (share.accessRulesStatus !== 'active') {
    throw conflict(`Snapshot ${snapshotId} belongs to a share ${share.id} which has access rules that are not active.`);
  }
  startRevert(call.state, share, snapshot);
  return accepted;
}

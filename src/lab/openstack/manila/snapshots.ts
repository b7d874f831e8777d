import type { LabResponse } from '../http-server.ts';
import { uuid } from '../ids.ts';
import { isRecord, pythonDict, pythonText } from '../python.ts';
import { accepted, allTenants, ok, page, sortedList, type ManilaCall, type ManilaRoute } from './call.ts';
import { badRequest, forbidden, invalidShare, notFound, serverError, unprocessable } from './errors.ts';
import { startSnapshot, startSnapshotDeletion } from './lifecycle.ts';
import { checkMetadata, metadataRoutes, storedMetadata } from './metadata.ts';
import { claimSnapshot } from './quotas.ts';
import { findShare } from './share-view.ts';
import type { Snapshot } from './state.ts';

const ACTION = { method: 'POST', path: '/snapshots/{snapshot_id}/action' };

export const snapshotRoutes: ManilaRoute[] = [
  { method: 'GET', path: '/snapshots', handler: (call) => list(call, summary) },
  { method: 'GET', path: '/snapshots/detail', handler: (call) => list(call, detail) },
  { method: 'POST', path: '/snapshots', handler: create, needsBody: true },
  { method: 'GET', path: '/snapshots/{snapshot_id}', handler: show },
  { method: 'PUT', path: '/snapshots/{snapshot_id}', handler: update, needsBody: true },
  { method: 'DELETE', path: '/snapshots/{snapshot_id}', handler: remove },
  { ...ACTION, action: 'reset_status', handler: resetStatus, since: 7, admin: true },
  { ...ACTION, action: 'force_delete', handler: forceDelete, since: 7, admin: true },
  ...metadataRoutes('/snapshots/{snapshot_id}/metadata', {
    since: 73,
    echo: true,
    find: (call) => findSnapshot(call, call.param('snapshot_id'), 'Share_snapshot not found.'),
  }),
];

export function findSnapshot(call: ManilaCall, id: string, sentence?: string): Snapshot {
  const snapshot = call.state.snapshots.get(id);
  if (!snapshot || !(call.context.isAdmin || snapshot.projectId === call.projectId)) throw notFound(sentence);
  return snapshot;
}

function summary(call: ManilaCall, snapshot: Snapshot): Record<string, unknown> {
  return { id: snapshot.id, name: snapshot.name, links: call.links('snapshots', snapshot.id) };
}

function detail(call: ManilaCall, snapshot: Snapshot): Record<string, unknown> {
  const location = `snapshot_${snapshot.id}_${snapshot.instanceId}`.replaceAll('-', '_');
  return {
    id: snapshot.id,
    share_id: snapshot.shareId,
    share_size: snapshot.size,
    created_at: snapshot.createdAt,
    status: snapshot.status,
    name: snapshot.name,
    description: snapshot.description,
    size: snapshot.size,
    share_proto: snapshot.proto,
    links: call.links('snapshots', snapshot.id),
    ...(call.since(12) &&
      call.context.isAdmin && {
        provider_location: snapshot.status === 'creating' ? null : `/path/to/fake/snapshot/${location}`,
      }),
    ...(call.since(17) && { user_id: snapshot.userId, project_id: snapshot.projectId }),
    ...(call.since(73) && { metadata: snapshot.metadata }),
  };
}

const EQUAL: Record<string, (snapshot: Snapshot) => string | null> = {
  name: (snapshot) => snapshot.name,
  display_name: (snapshot) => snapshot.name,
  status: (snapshot) => snapshot.status,
  share_id: (snapshot) => snapshot.shareId,
  size: (snapshot) => String(snapshot.size),
};
const SORT_KEYS: Record<string, (snapshot: Snapshot) => string | number | null> = {
  ...EQUAL,
  id: (snapshot) => snapshot.id,
  size: (snapshot) => snapshot.size,
  share_size: (snapshot) => snapshot.size,
  created_at: (snapshot) => snapshot.createdAt,
  description: (snapshot) => snapshot.description,
  display_description: (snapshot) => snapshot.description,
  share_proto: (snapshot) => snapshot.proto,
  project_id: (snapshot) => snapshot.projectId,
};

function list(call: ManilaCall, view: (call: ManilaCall, one: Snapshot) => Record<string, unknown>): LabResponse {
  const { limit, offset } = page(call);
  const all = allTenants(call);
  const fits = filters(call);
  const matching = sortedList(
    call,
    [...call.state.snapshots.values()].filter((one) => (all || one.projectId === call.projectId) && fits(one)),
    SORT_KEYS,
  );
  const shown = matching.slice(offset, limit === undefined ? undefined : offset + limit);
  const next = call.nextLink('snapshots', shown);
  return ok({
    snapshots: shown.map((one) => view(call, one)),
    ...(next.length > 0 && { share_snapshots_links: next }),
  });
}

function filters(call: ManilaCall): (snapshot: Snapshot) => boolean {
  const query = call.filters();
  const text = call.since(73) ? query.get('metadata') : undefined;
  const metadata = text === undefined ? {} : pythonDict(text);
  if (!metadata) throw badRequest('Invalid value for metadata filter.');
  const part = call.since(36) ? query.get('name~')?.toLowerCase() : undefined;
  return (snapshot) => {
    if (part && !(snapshot.name ?? '').toLowerCase().includes(part)) return false;
    if (!Object.entries(metadata).every(([key, value]) => snapshot.metadata[key] === value)) return false;
    return [...query].every(([key, wanted]) => {
      const read = EQUAL[key];
      return !read || (read(snapshot) ?? '').toLowerCase() === wanted.toLowerCase();
    });
  };
}

function create(call: ManilaCall): LabResponse {
  const given = call.entity('snapshot');
  if (!given) throw unprocessable();
  if (given['share_id'] === undefined) throw serverError();
  const id = pythonText(given['share_id']);
  const share = findShare(call, id, 'NotFound: Resource could not be found.');
  if (!share.snapshotSupport) {
    throw unprocessable(`Snapshots cannot be created for share '${id}' since it does not have that capability.`);
  }
  if (share.softDeleted) {
    throw forbidden(`Snapshots cannot be created for share '${id}' since it has been soft deleted.`);
  }
  const metadata = call.since(73) && isRecord(given['metadata']) ? given['metadata'] : {};
  checkMetadata(metadata, badRequest());
  if (share.status !== 'available') throw invalidShare('Source share status must be available');
  const { projectId, context } = call;
  claimSnapshot(call.state, { projectId, userId: context.userId, typeId: share.typeId }, share.size);
  const text = (value: unknown): string | null => (value === undefined || value === null ? null : pythonText(value));
  const snapshot: Snapshot = {
    id: uuid(),
    instanceId: uuid(),
    shareId: share.id,
    name: text(given['name'] ?? given['display_name']),
    description: text(given['description'] ?? given['display_description']),
    size: share.size,
    proto: share.proto,
    status: 'creating',
    projectId,
    userId: context.userId,
    createdAt: call.state.time.manila(),
    metadata: storedMetadata(metadata),
  };
  call.state.snapshots.set(snapshot.id, snapshot);
  startSnapshot(call.state, snapshot);
  return { status: 202, json: { snapshot: detail(call, snapshot) } };
}

function show(call: ManilaCall): LabResponse {
  return ok({ snapshot: detail(call, findSnapshot(call, call.param('snapshot_id'))) });
}

function update(call: ManilaCall): LabResponse {
  const given = call.entity('snapshot');
  if (!given) throw unprocessable();
  const snapshot = findSnapshot(call, call.param('snapshot_id'));
  const { display_name: name, display_description: description } = given;
  if (name !== undefined) snapshot.name = name === null ? null : pythonText(name);
  if (description !== undefined) snapshot.description = description === null ? null : pythonText(description);
  return ok({ snapshot: detail(call, snapshot) });
}

function remove(call: ManilaCall): LabResponse {
  const snapshot = findSnapshot(call, call.param('snapshot_id'));
  if (!['available', 'error'].includes(snapshot.status)) {
    throw badRequest("Invalid share snapshot: Share Snapshot status must be one of ('available', 'error').");
  }
  startSnapshotDeletion(call.state, snapshot);
  return accepted;
}

function resetStatus(call: ManilaCall): LabResponse {
  const id = call.param('snapshot_id');
  const status = call.entity('reset_status')?.['status'];
  if (status === undefined) throw badRequest("Must specify 'status'");
  findSnapshot(call, id).status = pythonText(status);
  return accepted;
}

function forceDelete(call: ManilaCall): LabResponse {
  startSnapshotDeletion(call.state, findSnapshot(call, call.param('snapshot_id')));
  return accepted;
}

import type { ManilaCall } from './call.ts';
import { forbidden, notFound } from './errors.ts';
import type { Share } from './state.ts';

/** The share of this id, if the caller may see it. @throws 404; `sentence` where a call has one of its own */
export function findShare(call: ManilaCall, id: string, sentence?: string): Share {
  const share = call.state.shares.get(id);
  if (!share || !(share.isPublic || call.context.isAdmin || share.projectId === call.projectId)) {
    throw notFound(sentence);
  }
  return share;
}

/** As {@link findShare}, for the calls that say that a share of another project is there, and refuse it. @throws 403, 404 */
export function findOwnShare(call: ManilaCall, id: string, sentence: string): Share {
  const share = call.state.shares.get(id);
  if (!share) throw notFound(sentence);
  if (share.isPublic || call.context.isAdmin || share.projectId === call.projectId) return share;
  throw forbidden("Policy doesn't allow share:get to be performed.");
}

export function shareSummary(call: ManilaCall, share: Share): Record<string, unknown> {
  return { id: share.id, name: share.name, links: call.links('shares', share.id) };
}

/** A share with the fields that the request's microversion has. */
export function shareDetail(call: ManilaCall, share: Share): Record<string, unknown> {
  const typeName = call.state.types.get(share.typeId ?? '')?.name ?? null;
  const paths = share.exportLocations.map(({ path }) => path);
  return {
    id: share.id,
    size: share.size,
    availability_zone: share.zone,
    created_at: share.createdAt,
    status: share.status === 'creating_from_snapshot' && !call.since(54) ? 'creating' : share.status,
    name: share.name,
    description: share.description,
    project_id: share.projectId,
    snapshot_id: share.snapshotId,
    share_network_id: share.networkId,
    share_proto: share.proto,
    ...(!call.since(9) && { export_location: paths[0] ?? null, export_locations: paths }),
    metadata: share.metadata,
    share_type: call.since(6) ? share.typeId : (typeName ?? share.typeId),
    volume_type: typeName ?? share.typeId,
    links: call.links('shares', share.id),
    is_public: share.isPublic,
    ...laterFields(call, share, typeName),
    ...(call.context.isAdmin && { share_server_id: share.serverId, host: share.host }),
  };
}

function laterFields(call: ManilaCall, share: Share, typeName: string | null): Record<string, unknown> {
  const rules = share.accessRulesStatus === 'syncing' && !call.since(28) ? 'out_of_sync' : share.accessRulesStatus;
  const fields: [number, Record<string, unknown>][] = [
    [2, { snapshot_support: share.snapshotSupport }],
    [5, { task_state: null }],
    [6, { share_type_name: typeName }],
    [10, { access_rules_status: rules }],
    [11, { replication_type: share.replicationType, has_replicas: false }],
    [16, { user_id: share.userId }],
    [24, { create_share_from_snapshot_support: share.createFromSnapshotSupport }],
    [27, { revert_to_snapshot_support: share.revertSupport }],
    [31, { share_group_id: null, source_share_group_snapshot_member_id: null }],
    [32, { mount_snapshot_support: share.mountSnapshotSupport }],
    [54, { progress: share.progress }],
    [69, { is_soft_deleted: share.softDeleted, scheduled_to_be_deleted_at: share.toBeDeletedAt }],
  ];
  return Object.assign({}, ...fields.flatMap(([since, field]) => (call.since(since) ? [field] : []))) as Record<
    string,
    unknown
  >;
}

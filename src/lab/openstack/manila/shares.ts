import type { FaultPlan } from '../../faults.ts';
import type { LabResponse } from '../http-server.ts';
import { isUuidLike, uuid } from '../ids.ts';
import { isRecord, notBoolean, pythonInt, pythonText, strictBool } from '../python.ts';
import { accepted, ok, type ManilaCall, type ManilaRoute } from './call.ts';
import { badRequest, forbidden, invalidInput, notFound, serverError, unprocessable } from './errors.ts';
import { specBool } from './extra-specs.ts';
import { startCreation, startDeletion } from './lifecycle.ts';
import { checkMetadata, metadataRoutes, storedMetadata } from './metadata.ts';
import { findNetwork, zonesOf } from './share-networks.ts';
import { claimShare, requireShareSize } from './quotas.ts';
import { findSnapshot } from './snapshots.ts';
import { visible } from './share-types.ts';
import { findOwnShare, findShare, shareDetail } from './share-view.ts';
import type { Share, ShareType, Snapshot } from './state.ts';

export function shareRoutes(faults: FaultPlan): ManilaRoute[] {
  return [
    { method: 'POST', path: '/shares', handler: (call) => create(call, faults), needsBody: true },
    { method: 'GET', path: '/shares/{share_id}', handler: show },
    { method: 'PUT', path: '/shares/{share_id}', handler: update, needsBody: true },
    { method: 'DELETE', path: '/shares/{share_id}', handler: remove },
  ];
}

const METADATA = '/shares/{share_id}/metadata';

export const shareMetadataRoutes: ManilaRoute[] = [
  ...metadataRoutes(METADATA, {
    since: 0,
    echo: false,
    find: (call) => findOwnShare(call, call.param('share_id'), 'Share not found.'),
    findToChange: (call) => findOwnShare(call, call.param('share_id'), 'NotFound: Resource could not be found.'),
  }),
  // The code looks for `meta`, and then for `metadata`: no request can be right.
  { method: 'POST', path: `${METADATA}/{key}`, handler: brokenItemUpdate, needsBody: true },
];

function brokenItemUpdate(call: ManilaCall): LabResponse {
  throw call.entity('meta') ? serverError() : badRequest('Malformed request body');
}

function show(call: ManilaCall): LabResponse {
  return ok({ share: shareDetail(call, findShare(call, call.param('share_id'))) });
}

/** Only these three can be changed; `name` is not among them and is passed over in silence. */
function update(call: ManilaCall): LabResponse {
  const given = call.entity('share');
  if (!given) throw unprocessable();
  const share = findShare(call, call.param('share_id'));
  if (share.projectId !== call.projectId && !call.context.isAdmin) throw forbidden();
  const { display_name: name, display_description: description } = given;
  if (name !== undefined) share.name = name === null ? null : pythonText(name);
  if (description !== undefined) share.description = description === null ? null : pythonText(description);
  if ('is_public' in given) share.isPublic = publicFlag(call, given);
  return ok({ share: shareDetail(call, share) });
}

const DELETABLE = ['available', 'error', 'inactive'];

function remove(call: ManilaCall): LabResponse {
  const share = findShare(call, call.param('share_id'));
  requireDeletable(call, share);
  startDeletion(call.state, share);
  return accepted;
}

/** @throws 403 while the share is busy or has snapshots. */
function requireDeletable(call: ManilaCall, share: Share): void {
  if (!DELETABLE.includes(share.status) || call.state.snapshotsOf(share.id).length > 0) {
    throw forbidden('Invalid share: %(reason)s.');
  }
}

/** What a request to create a share says, once it was found to make sense. */
interface Wanted {
  size: number;
  proto: string;
  /** Also that of the snapshot's share, where the share is made from a snapshot. */
  type: ShareType | undefined;
  source: Source | undefined;
  networkId: string | null;
  zone: string | null;
  zones: string[];
  metadata: Record<string, string>;
  isPublic: boolean;
}

function create(call: ManilaCall, faults: FaultPlan): LabResponse {
  const given = call.entity('share');
  if (!given) throw unprocessable();
  const wanted = read(call, given);
  const { state, context, projectId } = call;
  const specs = wanted.type?.extraSpecs ?? {};
  const supports = (key: string): boolean => specBool(specs[key] ?? false) ?? false;
  const replicationType = specs['replication_type'] ?? null;
  requireShareSize(state, projectId, wanted.size);
  const claim = { projectId, userId: context.userId, typeId: wanted.type?.id ?? null };
  claimShare(state, claim, wanted.size, replicationType !== null);
  const share: Share = {
    id: uuid(),
    instanceId: uuid(),
    name: textOrNull(given['name'] ?? given['display_name']),
    description: textOrNull(given['description'] ?? given['display_description']),
    size: wanted.size,
    growing: 0,
    proto: wanted.proto,
    status: 'creating',
    projectId,
    userId: context.userId,
    typeId: wanted.type?.id ?? null,
    networkId: wanted.networkId,
    serverId: null,
    host: wanted.source?.share.host ?? '',
    zone: wanted.zone,
    metadata: wanted.metadata,
    isPublic: wanted.isPublic,
    snapshotId: wanted.source?.snapshot.id ?? null,
    createdAt: state.time.manila(),
    accessRulesStatus: 'active',
    progress: null,
    snapshotSupport: supports('snapshot_support'),
    createFromSnapshotSupport: supports('create_share_from_snapshot_support'),
    revertSupport: supports('revert_to_snapshot_support'),
    mountSnapshotSupport: supports('mount_snapshot_support'),
    replicationType,
    softDeleted: false,
    toBeDeletedAt: null,
    exportLocations: [],
    rules: new Map(),
  };
  state.shares.set(share.id, share);
  startCreation(state, share, { requestId: context.requestId, type: wanted.type, zones: wanted.zones, faults });
  return ok({ share: shareDetail(call, share) });
}

function textOrNull(value: unknown): string | null {
  return value === undefined || value === null || value === '' ? null : pythonText(value);
}

/** Reads and checks in Manila's order, so that a request with two mistakes is refused for the same one. */
function read(call: ManilaCall, given: Record<string, unknown>): Wanted {
  const isPublic = publicFlag(call, given);
  if (given['size'] === undefined || typeof given['share_proto'] !== 'string') throw serverError();
  const proto = given['share_proto'].toUpperCase();
  const askedZone = zoneNamed(call, given['availability_zone']);
  const source = given['snapshot_id'] ? sourceOf(call, pythonText(given['snapshot_id'])) : undefined;
  const networkId = networkNamed(call, given['share_network_id'], source?.share);
  const asked = requestedType(call, given);
  const type = asked ?? (source ? undefined : call.state.defaultType());
  if (networkId === null && !source) refuseWithoutNetwork(type);
  const zones = typeZones(call, type ?? source?.type, askedZone);
  const metadata = metadataOf(given);
  const size = checkedSize(given['size'], source?.snapshot, type);
  const zone = source ? zoneLike(source, askedZone) : askedZone;
  if (source && asked && asked !== source.type) throw invalidInput(OTHER_TYPE);
  requireProtocol(call, proto);
  return {
    size,
    proto,
    type: type ?? source?.type,
    source,
    networkId,
    zone,
    zones: reachableZones(call, networkId, zone, zones),
    metadata,
    isPublic,
  };
}

/** Where the zone was not chosen, the share network's subnets narrow the choice. */
function reachableZones(call: ManilaCall, networkId: string | null, zone: string | null, zones: string[]): string[] {
  return networkId === null || zone !== null ? zones : zonesOf(call, networkId, zones);
}

function metadataOf(given: Record<string, unknown>): Record<string, string> {
  const metadata = isRecord(given['metadata']) ? given['metadata'] : {};
  checkMetadata(metadata, badRequest());
  return storedMetadata(metadata);
}

/** @throws 400 where the back ends of a type make servers, and nothing says in which network. */
function refuseWithoutNetwork(type: ShareType | undefined): void {
  if (specBool(type?.extraSpecs['driver_handles_share_servers'] ?? false) === true) {
    throw badRequest('Share network must be set when the driver_handles_share_servers is true.');
  }
}

/** A share from a snapshot stays in the zone of the snapshot's share. */
function zoneLike({ share }: Source, asked: string | null): string | null {
  if (asked === null || asked === share.zone) return share.zone;
  throw invalidInput(
    'The specified availability zone must be the same as the parent share when creating from snapshot.',
  );
}

function requireProtocol(call: ManilaCall, proto: string): void {
  const { protocols } = call.state.options;
  if (protocols.includes(proto)) return;
  const known = `[${protocols.map((name) => `'${name}'`).join(', ')}]`;
  throw invalidInput(
    `Invalid share protocol provided: ${proto}. It is either disabled or unsupported. Available protocols: ${known}`,
  );
}

const OTHER_TYPE =
  'Invalid share type specified: the requested share type must match the type of the source share. If a share type is not specified when requesting a new share from a snapshot, the share type of the source share will be applied to the new share.';

function publicFlag(call: ManilaCall, given: Record<string, unknown>): boolean {
  const value = 'is_public' in given ? strictBool(given['is_public']) : false;
  if (value === undefined) throw badRequest(notBoolean(pythonText(given['is_public'])));
  if (value && !call.context.isAdmin) {
    throw forbidden("User is not authorized to set 'is_public' to True in the request.");
  }
  return value;
}

function zoneNamed(call: ManilaCall, given: unknown): string | null {
  if (!given) return null;
  const wanted = pythonText(given);
  const zone = call.state.zones.find(({ id, name }) => name === wanted || id === wanted);
  if (!zone) throw notFound('Availability zone %(id)s could not be found.');
  return zone.name;
}

/** What a share is made from, where it is made from a snapshot. */
interface Source {
  snapshot: Snapshot;
  share: Share;
  type: ShareType | undefined;
}

function sourceOf(call: ManilaCall, id: string): Source {
  const gone = `ShareSnapshotNotFound: Snapshot ${id} could not be found.`;
  const snapshot = findSnapshot(call, id, gone);
  const share = call.state.shares.get(snapshot.shareId);
  if (!share) throw notFound(gone);
  if (call.since(24) && !share.createFromSnapshotSupport) {
    throw badRequest(
      `A new share may not be created from snapshot '${id}', because the snapshot's parent share does not have that capability.`,
    );
  }
  return { snapshot, share, type: call.state.types.get(share.typeId ?? '') };
}

function networkNamed(call: ManilaCall, given: unknown, parent: Share | undefined): string | null {
  if (!given) return parent?.networkId ?? null;
  const id = pythonText(given);
  if (parent && id !== parent.networkId) {
    throw badRequest("Share network ID should be the same as snapshot's parent share's or empty");
  }
  return findNetwork(call, id).id;
}

function requestedType(call: ManilaCall, given: Record<string, unknown>): ShareType | undefined {
  if ('share_type' in given && 'volume_type' in given) {
    throw badRequest('Cannot specify both share_type and volume_type');
  }
  const wanted = given['share_type'] ?? given['volume_type'];
  if (!wanted) return undefined;
  const text = pythonText(wanted);
  const type = isUuidLike(text) ? call.state.types.get(text) : call.state.typeByName(text);
  if (!type || !visible(call, type)) throw notFound('Share type not found.');
  return type;
}

function typeZones(call: ManilaCall, type: ShareType | undefined, zone: string | null): string[] {
  const zones = type?.extraSpecs['availability_zones']?.split(',') ?? [];
  if (!call.since(48)) return [];
  if (zone !== null && zones.length > 0 && !zones.includes(zone)) {
    const named = call.entity('share')?.['share_type'];
    const shown = named ? pythonText(named) : `${type?.name ?? ''} (from source snapshot)`;
    throw badRequest(`Share type ${shown} is not supported within the availability zone chosen ${zone}.`);
  }
  return zones;
}

function checkedSize(given: unknown, snapshot: Snapshot | undefined, type: ShareType | undefined): number {
  if (snapshot && snapshot.status !== 'available') {
    throw badRequest("Invalid share snapshot: status must be 'available'.");
  }
  const size = snapshot && !given ? snapshot.size : pythonInt(given);
  if (size === undefined || size <= 0 || (typeof given === 'number' && !Number.isInteger(given))) {
    throw invalidInput(`Share size '${pythonText(given)}' must be an integer and greater than 0`);
  }
  if (snapshot && size < snapshot.size) {
    throw invalidInput(`Share size '${size}' must be equal or greater than snapshot size`);
  }
  requireProvisionable(type, size);
  return size;
}

/** @throws 400 where a type limits the size of its shares. */
export function requireProvisionable(type: ShareType | undefined, size: number): void {
  const min = type?.extraSpecs['provisioning:min_share_size'];
  const max = type?.extraSpecs['provisioning:max_share_size'];
  if (min !== undefined && size < Number(min)) {
    throw invalidInput(
      `Specified share size of '${size}' is less than the minimum required size of '${min}' for share type '${type?.name ?? ''}'`,
    );
  }
  if (max !== undefined && size > Number(max)) {
    throw invalidInput(
      `Specified share size of '${size}' is greater than the maximum allowable size of '${max}' for share type '${type?.name ?? ''}'`,
    );
  }
}

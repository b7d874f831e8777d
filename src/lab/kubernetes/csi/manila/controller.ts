import type { JsonObject } from '../../json.ts';
import type { ShareFolders } from '../../kubelet/share-folders.ts';
import { authOptions } from '../cloud/auth-options.ts';
import { UnexpectedAnswer } from '../cloud/http.ts';
import { type CloudShare, ManilaClient, isMissing } from '../cloud/manila-client.ts';
import {
  type ControllerService,
  type CreateVolumeRequest,
  type CreatedSnapshot,
  type CreatedVolume,
  RpcError,
  type RpcCode,
  type Secrets,
} from '../rpc.ts';
import { nodeContext, shareMetadata, volumeParameters } from './parameters.ts';

const GIB = 1024 ** 3;
const DESCRIPTION = 'provisioned-by=manila.csi.openstack.org';
const SNAPSHOT_DESCRIPTION = 'snapshotted-by=manila.csi.openstack.org';
const ERROR_STATES = new Set(['error', 'error_deleting', 'extending_error']);

/** Which code a user message of Manila becomes, by its detail id (pkg/csi/manila/util.go). */
const CODES: Readonly<Record<string, RpcCode>> = {
  '002': 'OutOfRange',
  '003': 'InvalidArgument',
  '007': 'InvalidArgument',
  '008': 'InvalidArgument',
  '009': 'OutOfRange',
};

/** A share that cannot become what it should; `code` is set where the driver takes it back. */
class ShareFault extends Error {
  readonly code: RpcCode | undefined;

  constructor(message: string, code?: RpcCode) {
    super(message);
    this.code = code;
  }
}

export interface ManilaOptions {
  /** `NFS` */
  protocol: string;
  clusterId: string;
  /** Milliseconds between two looks at a share that is being made. */
  pollMs: number;
  shares: ShareFolders;
}

/** A client for the login that a Secret describes. */
export async function clientFor(secrets: Secrets): Promise<ManilaClient> {
  let options: Record<string, string>;
  try {
    options = authOptions(secrets);
  } catch (error) {
    throw new RpcError('InvalidArgument', `invalid OpenStack secrets: ${(error as Error).message}`);
  }
  try {
    return await ManilaClient.connect(options);
  } catch (error) {
    throw new RpcError('Unauthenticated', `failed to create Manila v2 client: ${(error as Error).message}`);
  }
}

/** Manila CSI's controller: volumes are shares, named as the PV. */
export class ManilaController implements ControllerService {
  readonly #options: ManilaOptions;
  readonly #pending = new Set<string>();

  constructor(options: ManilaOptions) {
    this.#options = options;
  }

  async createVolume(request: CreateVolumeRequest): Promise<CreatedVolume> {
    const { name, requiredBytes, secrets, snapshotId } = request;
    if (request.isBlock) throw new RpcError('InvalidArgument', 'block access type not allowed');
    checkSecrets(secrets, 'secrets cannot be nil or empty');
    const parameters = volumeParameters(request.parameters, this.#options.protocol);
    const metadata = shareMetadata(parameters, this.#options.clusterId);
    return this.#alone(name, async () => {
      const client = await clientFor(secrets);
      const size = Math.max(1, Math.ceil(requiredBytes / GIB));
      if (snapshotId !== undefined) await checkSnapshot(client, snapshotId);
      const share = await this.#shareFor(client, name, snapshotId, {
        name,
        description: DESCRIPTION,
        share_proto: parameters.protocol ?? '',
        size,
        share_type: parameters.type ?? '',
        metadata,
        ...(parameters.availability !== undefined && { availability_zone: parameters.availability }),
        ...(parameters.shareNetworkID !== undefined && { share_network_id: parameters.shareNetworkID }),
        ...(parameters.groupID !== undefined && { share_group_id: parameters.groupID }),
        ...(snapshotId !== undefined && { snapshot_id: snapshotId }),
      });
      checkCompatible(share, name, size, parameters, snapshotId);
      const accessIds = await grant(client, share, (parameters['nfs-shareClient'] ?? '').split(','));
      return {
        volumeId: share.id,
        capacityBytes: size * GIB,
        volumeContext: { ...nodeContext(parameters), shareID: share.id, shareAccessIDs: accessIds.join(',') },
      };
    });
  }

  async deleteVolume(volumeId: string, secrets: Secrets): Promise<void> {
    checkSecrets(secrets, 'secrets cannot be nil or empty');
    const client = await clientFor(secrets);
    try {
      await client.deleteShare(volumeId);
    } catch (error) {
      throw new RpcError('Internal', `failed to delete volume ${volumeId}: ${(error as Error).message}`);
    }
    await this.#options.shares.remove(volumeId);
  }

  async expandVolume(volumeId: string, requiredBytes: number, secrets: Secrets): Promise<number> {
    checkSecrets(secrets, 'volume expand secrets cannot be nil or empty');
    const client = await clientFor(secrets);
    const share = await client.share(volumeId).catch((error: unknown) => {
      const text = (error as Error).message;
      if (isMissing(error)) throw new RpcError('NotFound', `volume ${volumeId} not found: ${text}`);
      throw new RpcError('Internal', `failed to retrieve volume ${volumeId}: ${text}`);
    });
    const size = Math.ceil(requiredBytes / GIB);
    if (share.size >= size) return share.size * GIB;
    return this.#alone(share.name, async () => {
      try {
        await client.extendShare(share.id, size);
        const extended = await this.#settled(client, share.id, ['extending']);
        return extended.size * GIB;
      } catch (error) {
        const text = (error as Error).message;
        if (error instanceof UnexpectedAnswer) throw new RpcError('Unknown', text);
        throw new RpcError('Internal', `failed to resize volume ${share.name}: ${text}`);
      }
    });
  }

  async createSnapshot(name: string, sourceVolumeId: string, secrets: Secrets): Promise<CreatedSnapshot> {
    checkSecrets(secrets, 'secrets cannot be nil or empty');
    const client = await clientFor(secrets);
    const failed = (error: unknown): RpcError => {
      const text = (error as Error).message;
      return isMissing(error)
        ? new RpcError(
            'NotFound',
            `failed to create snapshot ${name} for volume ${sourceVolumeId} because the volume doesn't exist: ${text}`,
          )
        : new RpcError('Internal', `failed to create snapshot ${name} of volume  ${sourceVolumeId}: ${text}`);
    };
    const share = await client.share(sourceVolumeId).catch((error: unknown) => {
      throw failed(error);
    });
    if (!share.snapshot_support || !share.create_share_from_snapshot_support) {
      const why = 'parent share must advertise snapshot_support and create_share_from_snapshot_support capabilities';
      throw new RpcError('InvalidArgument', `cannot create snapshot ${name} for volume ${sourceVolumeId}: ${why}`);
    }
    try {
      const known = await client.snapshotByName(name);
      const snapshot = known ?? (await client.createSnapshot(share.id, name, SNAPSHOT_DESCRIPTION));
      if (!known) await this.#options.shares.snapshot(share.id, snapshot.id);
      if (snapshot.status === 'error') {
        await client.deleteSnapshot(snapshot.id);
        const { message } = await client.lastError(snapshot.id);
        throw new Error(`snapshot ${snapshot.id} of volume ${sourceVolumeId} is in error state: ${message}`);
      }
      return {
        snapshotId: snapshot.id,
        sourceVolumeId,
        sizeBytes: share.size * GIB,
        createdAt: Date.parse(`${snapshot.created_at.replace(/Z$/, '')}Z`),
        readyToUse: snapshot.status === 'available',
      };
    } catch (error) {
      throw failed(error);
    }
  }

  async deleteSnapshot(snapshotId: string, secrets: Secrets): Promise<void> {
    checkSecrets(secrets, 'secrets cannot be nil or empty');
    const client = await clientFor(secrets);
    await client.deleteSnapshot(snapshotId).catch((error: unknown) => {
      throw new RpcError('Internal', `failed to delete snapshot ${snapshotId}: ${(error as Error).message}`);
    });
    await this.#options.shares.removeSnapshot(snapshotId);
  }

  /** The share of this name, made if it is not there, once it is available. */
  async #shareFor(
    client: ManilaClient,
    name: string,
    snapshotId: string | undefined,
    wanted: JsonObject,
  ): Promise<CloudShare> {
    const what =
      snapshotId === undefined
        ? `failed to create volume ${name}`
        : `failed to restore snapshot ${snapshotId} into volume ${name}`;
    let share: CloudShare | undefined;
    try {
      share = await client.shareByName(name);
      if (!share) {
        share = await client.createShare(wanted);
        if (snapshotId !== undefined) await this.#options.shares.restore(snapshotId, share.id);
      }
      return share.status === 'available'
        ? share
        : await this.#settled(client, share.id, ['creating', 'creating_from_snapshot']);
    } catch (error) {
      const code = error instanceof ShareFault ? error.code : undefined;
      if (code !== undefined && share) await client.deleteShare(share.id).catch(() => undefined);
      throw new RpcError(code ?? 'Internal', `${what}: ${(error as Error).message}`);
    }
  }

  /** Waits until the share is available; three seconds and more between two looks at a real cloud, ten looks in all. */
  async #settled(client: ManilaClient, id: string, passing: readonly string[]): Promise<CloudShare> {
    for (let step = 0, wait = this.#options.pollMs; step < 10; step++, wait *= 1.2) {
      const share = await client.share(id);
      if (share.status === 'available') return share;
      if (ERROR_STATES.has(share.status)) {
        const { detailId, message } = await client.lastError(id);
        throw new ShareFault(`share ${id} is in error state "${share.status}": ${message}`, CODES[detailId]);
      }
      if (!passing.includes(share.status)) {
        const wanted = `[${passing.join(' ')}]`;
        throw new ShareFault(
          `share ${id} is in an unexpected state: wanted either ${wanted} or available, got ${share.status}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    throw new RpcError('DeadlineExceeded', `deadline exceeded while waiting for volume ${id} to become available`);
  }

  async #alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#pending.has(name)) throw new RpcError('Aborted', `volume ${name} is already being processed`);
    this.#pending.add(name);
    try {
      return await work();
    } finally {
      this.#pending.delete(name);
    }
  }
}

function checkSecrets(secrets: Secrets, message: string): void {
  if (Object.keys(secrets).length === 0) throw new RpcError('InvalidArgument', message);
}

async function checkSnapshot(client: ManilaClient, id: string): Promise<void> {
  const snapshot = await client.snapshot(id).catch((error: unknown) => {
    const text = (error as Error).message;
    if (isMissing(error)) throw new RpcError('NotFound', `source snapshot ${id} not found: ${text}`);
    throw new RpcError('Internal', `failed to retrieve snapshot ${id}: ${text}`);
  });
  if (snapshot.status === 'available') return;
  if (snapshot.status === 'creating')
    throw new RpcError('Unavailable', `snapshot ${id} is in transient creating state`);
  throw new RpcError(
    'FailedPrecondition',
    `snapshot ${id} is in invalid state: expected 'available', got '${snapshot.status}'`,
  );
}

function checkCompatible(
  share: CloudShare,
  name: string,
  size: number,
  parameters: Readonly<Record<string, string>>,
  snapshotId: string | undefined,
): void {
  const none = (value: string | null | undefined): string => value ?? '<none>';
  const faults = [
    share.size === size ? '' : `size mismatch: wanted ${share.size}, got ${size}`,
    share.share_proto === parameters.protocol
      ? ''
      : `share protocol mismatch: wanted ${share.share_proto}, got ${none(parameters.protocol)}`,
    (share.share_network_id ?? '') === (parameters.shareNetworkID ?? '')
      ? ''
      : `share network ID mismatch: wanted ${none(share.share_network_id)}, got ${none(parameters.shareNetworkID)}`,
    (share.snapshot_id ?? '') === (snapshotId ?? '')
      ? ''
      : `source snapshot ID mismatch: wanted ${none(share.snapshot_id)}, got ${none(snapshotId)}`,
  ];
  const fault = faults.find((text) => text !== '');
  if (fault === undefined) return;
  throw new RpcError('AlreadyExists', `volume ${name} already exists, but is incompatible with the request: ${fault}`);
}

/** Access rules for these clients; ones that are there already are used. Ids of all rules of the share. */
async function grant(client: ManilaClient, share: CloudShare, clients: readonly string[]): Promise<string[]> {
  try {
    const rules = await client.accessRules(share.id);
    for (const to of clients) {
      const isThere = rules.some(
        (rule) => rule.access_to === to && rule.access_type === 'ip' && rule.access_level === 'rw',
      );
      if (!isThere)
        rules.push(
          await client.grantAccess(share.id, to).catch((error: unknown) => {
            throw new Error(`failed to grant access right: ${(error as Error).message}`);
          }),
        );
    }
    return rules.map(({ id }) => id);
  } catch (error) {
    throw new RpcError('Internal', `failed to grant access to volume ${share.name}: ${(error as Error).message}`);
  }
}

import type { Mounted } from '../../kubelet/mounts.ts';
import { type CloudShare, type ExportLocation, type ManilaClient, isMissing } from '../cloud/manila-client.ts';
import { type NodePublishRequest, type NodeService, RpcError, type Sockets } from '../rpc.ts';
import { clientFor } from './controller.ts';
import { nodeParameters } from './parameters.ts';

/** Manila CSI on a node: finds the share's export location at Manila, and has the forwarded driver mount it. */
export class ManilaNode implements NodeService {
  readonly nodeId: string;
  readonly #protocol: string;
  readonly #sockets: Sockets;
  readonly #forward: { place: string | undefined; endpoint: string };

  constructor(options: {
    nodeId: string;
    protocol: string;
    sockets: Sockets;
    forward: { place: string | undefined; endpoint: string };
  }) {
    this.nodeId = options.nodeId;
    this.#protocol = options.protocol;
    this.#sockets = options.sockets;
    this.#forward = options.forward;
  }

  async publishVolume(request: NodePublishRequest): Promise<Mounted> {
    const { secrets, volumeContext, volumeId } = request;
    if (Object.keys(secrets).length === 0)
      throw new RpcError('InvalidArgument', 'volume context cannot be nil or empty');
    const context = nodeParameters(volumeContext);
    const client = await clientFor(secrets);
    const share = await findShare(client, context);
    this.#check(share, volumeId);
    const locations = await locationsOf(client, share, volumeId);
    const [server, path] = split(choose(locations, volumeId), volumeId);
    const forwarded = this.#forwarded();
    return forwarded.publishVolume({
      ...request,
      secrets: {},
      volumeContext: { server, share: path, shareID: share.id },
    });
  }

  async unpublishVolume(volumeId: string, targetPath: string): Promise<void> {
    await this.#forwarded().unpublishVolume(volumeId, targetPath);
  }

  #check({ share_proto: protocol, status }: CloudShare, volumeId: string): void {
    if (protocol.toUpperCase() !== this.#protocol) {
      throw new RpcError(
        'InvalidArgument',
        `wrong share protocol ${protocol} for volume ${volumeId}, the plugin is set to operate in ${this.#protocol}`,
      );
    }
    if (status === 'available') return;
    if (status === 'creating') throw new RpcError('Unavailable', `volume ${volumeId} is in transient creating state`);
    throw new RpcError(
      'FailedPrecondition',
      `invalid share status for volume ${volumeId}: expected 'available', got '${status}'`,
    );
  }

  #forwarded(): NodeService {
    const { place, endpoint } = this.#forward;
    const node = this.#sockets.at(place)?.node;
    if (node) return node;
    throw new RpcError('Unavailable', `connecting to fwd plugin at ${endpoint} failed: context deadline exceeded`);
  }
}

async function findShare(
  client: ManilaClient,
  { shareId, shareName }: { shareId?: string; shareName?: string },
): Promise<CloudShare> {
  const what = shareId === undefined ? `share name ${shareName ?? ''}` : `share ID ${shareId}`;
  try {
    const found = shareId === undefined ? await client.shareByName(shareName ?? '') : await client.share(shareId);
    if (found) return found;
  } catch (error) {
    const code = isMissing(error) ? 'NotFound' : 'Internal';
    throw new RpcError(code, `failed to retrieve volume with ${what}: ${(error as Error).message}`);
  }
  throw new RpcError(
    'NotFound',
    `failed to retrieve volume with ${what}: Unable to find share with name ${shareName ?? ''}`,
  );
}

async function locationsOf(client: ManilaClient, share: CloudShare, volumeId: string): Promise<ExportLocation[]> {
  await client.accessRules(share.id).catch((error: unknown) => {
    throw new RpcError('Internal', `failed to list access rights for volume ${volumeId}: ${(error as Error).message}`);
  });
  return client.exportLocations(share.id).catch((error: unknown) => {
    throw new RpcError(
      'Internal',
      `failed to list export locations for volume ${volumeId}: ${(error as Error).message}`,
    );
  });
}

/** The preferred one of those that are for everybody, or else the first. */
function choose(locations: readonly ExportLocation[], volumeId: string): string {
  const usable = locations.filter(({ is_admin_only: isAdminOnly, path }) => isAdminOnly !== true && path.trim() !== '');
  const found = usable.find(({ preferred }) => preferred === true) ?? usable[0];
  if (found) return found.path;
  const why = 'failed to choose an export location: cannot find any non-admin export location';
  throw new RpcError('InvalidArgument', `failed to build volume context for volume ${volumeId}: ${why}`);
}

function split(path: string, volumeId: string): [server: string, path: string] {
  const at = path.lastIndexOf(':');
  if (at > 0) return [path.slice(0, at), path.slice(at + 1)];
  const why = `failed to parse address and location from export location '${path}'`;
  throw new RpcError('InvalidArgument', `failed to build volume context for volume ${volumeId}: ${why}`);
}

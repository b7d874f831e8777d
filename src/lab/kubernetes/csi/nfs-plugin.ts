import type { Kubelets } from '../kubelet/kubelets.ts';
import { type Mounted, nfsOptions } from '../kubelet/mounts.ts';
import type { Program, ProgramContext } from '../kubelet/programs.ts';
import { Flags, socketPath } from './flags.ts';
import { type NodePublishRequest, type NodeService, RpcError, type Sockets } from './rpc.ts';

/** How long csi-driver-nfs waits for mount(8). */
const MOUNT_TIMEOUT_MS = 110_000;

/** The program `nfsplugin` of csi-driver-nfs: on the lab's nodes a share is a folder that all of them see. */
export function nfsPlugin(sockets: Sockets, kubelets: Kubelets, addressOf: (node: string) => string) {
  return (context: ProgramContext): Program => {
    const flags = new Flags(context.args, ['v']);
    const place = context.place(socketPath(flags.text('endpoint', 'unix://tmp/csi.sock')));
    const name = flags.text('drivername', 'nfs.csi.k8s.io');
    if (place === undefined) {
      context.log(`F0000 00:00:00.000000       1 server.go:67] Failed to listen: no such file or directory`);
      setImmediate(() => context.exit(255));
      return {};
    }
    const { node } = context;
    const service = new NfsNode(node, addressOf(node), kubelets);
    const close = sockets.listen(place, { driverName: name, probe: () => true, node: service });
    context.log(`I0000 00:00:00.000000       1 nfs.go:90] Driver: ${name} version: v4.13.4`);
    return { stop: close };
  };
}

class NfsNode implements NodeService {
  readonly nodeId: string;
  readonly #address: string;
  readonly #kubelets: Kubelets;

  constructor(node: string, address: string, kubelets: Kubelets) {
    this.nodeId = node;
    this.#address = address;
    this.#kubelets = kubelets;
  }

  async publishVolume(request: NodePublishRequest): Promise<Mounted> {
    const { volumeContext, mountFlags, readOnly, targetPath, signal } = request;
    const { server, share, shareID } = volumeContext;
    if (!server) throw new RpcError('InvalidArgument', 'server is a required parameter');
    if (!share) throw new RpcError('InvalidArgument', 'share is a required parameter');
    const source = `${server}:${share}`;
    const occasion = { place: 'node', node: this.nodeId } as const;
    const { faults } = this.#kubelets;
    if (faults.take(occasion, ['mount-hang'])) await hang(source, targetPath, signal);
    if (faults.take(occasion, ['mount-denied']))
      throw denied(source, targetPath, [...mountFlags, ...(readOnly ? ['ro'] : [])]);
    const isReadOnly = faults.take(occasion, ['mount-read-only']) !== undefined;
    const isFull = faults.take(occasion, ['mount-full']) !== undefined;
    const isAlone = faults.take(occasion, ['not-shared']) !== undefined;
    const id = shareID ?? source;
    const folder = await (isAlone ? this.#kubelets.shares.openAlone(id, this.nodeId) : this.#kubelets.shares.open(id));
    const writeFault = isReadOnly || readOnly || mountFlags.includes('ro') ? 'read-only' : isFull ? 'full' : undefined;
    return {
      source,
      fstype: 'nfs4',
      options: nfsOptions(mountFlags, this.#address, server, writeFault === 'read-only'),
      folder,
      writeFault,
    };
  }

  async unpublishVolume(): Promise<void> {
    // The share's folder stays: other pods may have it, and the share is Manila's to delete.
  }
}

function denied(source: string, target: string, flags: readonly string[]): RpcError {
  const options = flags.length === 0 ? '' : ` -o ${flags.join(',')}`;
  return new RpcError(
    'Internal',
    `mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs${options} ${source} ${target}\nOutput: mount.nfs: access denied by server while mounting ${source}\n`,
  );
}

/** What a server that does not answer does to a mount. */
async function hang(source: string, target: string, signal: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, MOUNT_TIMEOUT_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  throw new RpcError(
    'Internal',
    `mount volume ${source} to ${target} failed: timeout after ${MOUNT_TIMEOUT_MS / 1000}s`,
  );
}

import type { ShareFolders } from '../../kubelet/share-folders.ts';
import type { Program, ProgramContext } from '../../kubelet/programs.ts';
import { Flags, socketPath } from '../flags.ts';
import type { CsiService, Sockets } from '../rpc.ts';
import { ManilaController } from './controller.ts';
import { ManilaNode } from './node.ts';

/** How long the driver waits for the one that it forwards to, before it gives up. */
const FORWARD_MS = 15_000;
/** A real cloud is looked at every three seconds; the lab's makes shares faster. */
const POLL_MS = 100;

/** The program `manila-csi-plugin`: its flags, the services it offers and the driver it forwards to. */
export function manilaPlugin(sockets: Sockets, nodeIdOf: (node: string) => string, shares: ShareFolders) {
  return (context: ProgramContext): Program => {
    const flags = new Flags(context.args, ['v', 'with-topology', 'pvc-annotations']);
    let close: (() => void) | undefined;
    const fail = (message: string): void => {
      context.log(`F0000 00:00:00.000000       1 main.go:1] ${message}`);
      // In the next turn, so that the container is seen to have run.
      setImmediate(() => context.exit(1));
    };
    const name = flags.text('drivername', 'manila.csi.openstack.org');
    const protocol = flags.text('share-protocol-selector').toUpperCase();
    const forward = flags.text('fwdendpoint');
    if (protocol !== 'NFS' && protocol !== 'CEPHFS') {
      fail(
        protocol === '' ? 'required flag(s) "share-protocol-selector" not set' : `unknown share adapter ${protocol}`,
      );
      return {};
    }
    if (forward === '') {
      fail('required flag(s) "fwdendpoint" not set');
      return {};
    }
    const path = socketPath(flags.text('endpoint', 'unix://tmp/csi.sock'));
    const place = context.place(path);
    const forwardPlace = context.place(socketPath(forward));
    context.log(`I0000 00:00:00.000000       1 driver.go:108] Driver: ${name}`);
    context.log(`I0000 00:00:00.000000       1 driver.go:114] Operating on ${protocol} shares`);
    void (async () => {
      // Its health is the forwarded driver's, whichever services it offers.
      const forwarded = await sockets.when(forwardPlace, context.signal, FORWARD_MS);
      if (context.signal.aborted) return;
      if (!forwarded) {
        fail(
          `driver initialization failed: failed to initialize proxied CSI driver: probe failed: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix ${socketPath(forward)}: connect: no such file or directory"`,
        );
        return;
      }
      if (place === undefined) {
        fail(`failed to listen on ${path}: listen unix ${path}: bind: no such file or directory`);
        return;
      }
      const service: CsiService = { driverName: name, probe: () => sockets.at(forwardPlace)?.probe() === true };
      if (flags.bool('provide-controller-service', true)) {
        service.controller = new ManilaController({
          protocol,
          clusterId: flags.text('cluster-id'),
          pollMs: POLL_MS,
          shares,
        });
      }
      if (flags.bool('provide-node-service', true)) {
        service.node = new ManilaNode({
          nodeId: nodeIdOf(context.node),
          protocol,
          sockets,
          forward: { place: forwardPlace, endpoint: `unix://${socketPath(forward)}` },
        });
      }
      close = sockets.listen(place, service);
      context.log(`I0000 00:00:00.000000       1 driver.go:300] listening for connections on unix://${path}`);
    })();
    return { healthy: () => close !== undefined, stop: () => close?.() };
  };
}

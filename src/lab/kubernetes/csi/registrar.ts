import { without } from '../json.ts';
import type { Cluster } from '../cluster.ts';
import type { Program, ProgramContext } from '../kubelet/programs.ts';
import { Flags, socketPath } from './flags.ts';
import type { CsiService, Sockets } from './rpc.ts';

const NODE_ID = 'csi.volume.kubernetes.io/nodeid';

/** Which driver is registered on which node, and at which socket the kubelet finds it. */
export class Registrations {
  readonly #cluster: Cluster;
  readonly #services = new Map<string, { place: string; name: string; node: string }>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** The socket of a driver on a node. */
  placeOf(node: string, driver: string): string | undefined {
    return this.#services.get(`${node}/${driver}`)?.place;
  }

  add(node: string, name: string, nodeId: string, place: string): void {
    this.#services.set(`${node}/${name}`, { node, name, place });
    const csiNode = this.#cluster.get('CSINode', undefined, node);
    if (csiNode) {
      this.#cluster.edit('CSINode', csiNode, 'kubelet', ({ spec }) => {
        const others = (spec.drivers ?? []).filter((one) => one.name !== name);
        spec.drivers = [...others, { name, nodeID: nodeId, topologyKeys: null }];
      });
    }
    this.#annotate(node, (ids) => ({ ...ids, [name]: nodeId }));
  }

  remove(node: string, name: string): void {
    if (!this.#services.delete(`${node}/${name}`)) return;
    const csiNode = this.#cluster.get('CSINode', undefined, node);
    if (csiNode) {
      this.#cluster.edit('CSINode', csiNode, 'kubelet', ({ spec }) => {
        spec.drivers = (spec.drivers ?? []).filter((one) => one.name !== name);
        if (spec.drivers.length === 0) spec.drivers = null;
      });
    }
    this.#annotate(node, (ids) => Object.fromEntries(Object.entries(ids).filter(([key]) => key !== name)));
  }

  /** The node says in an annotation under which id each driver knows it. */
  #annotate(node: string, change: (ids: Record<string, string>) => Record<string, string>): void {
    const object = this.#cluster.get('Node', undefined, node);
    if (!object) return;
    this.#cluster.edit('Node', object, 'kubelet', ({ metadata }) => {
      const before = JSON.parse(metadata.annotations?.[NODE_ID] ?? '{}') as Record<string, string>;
      const others = without(metadata.annotations ?? {}, NODE_ID);
      const ids = change(before);
      metadata.annotations = Object.keys(ids).length > 0 ? { ...others, [NODE_ID]: JSON.stringify(ids) } : others;
    });
  }
}

/**
 * The program `csi-node-driver-registrar`: tells the kubelet of the driver at its socket. The kubelet finds the driver
 * by the path that the flag names, on the node.
 */
export function registrar(sockets: Sockets, registrations: Registrations, kubeletFolder: string) {
  return (context: ProgramContext): Program => {
    const flags = new Flags(context.args, ['v']);
    const address = socketPath(flags.text('csi-address', '/run/csi/socket'));
    const registration = flags.text('kubelet-registration-path');
    let registered: string | undefined;
    if (registration === '') {
      context.log('E0000 00:00:00.000000       1 main.go:1] kubelet-registration-path is a required parameter');
      setImmediate(() => context.exit(1));
      return {};
    }
    context.log(
      `I0000 00:00:00.000000       1 main.go:135] "Attempting to open a gRPC connection" csiAddress="${address}"`,
    );
    const isSeenByKubelet =
      context.place('/registration/x') === `node ${context.node}:${kubeletFolder}/plugins_registry/x`;
    void sockets.when(context.place(address), context.signal).then((service) => {
      if (!service || context.signal.aborted || !isSeenByKubelet) return;
      const place = `node ${context.node}:${registration}`;
      const driver: CsiService | undefined = sockets.at(place);
      if (driver?.node === undefined) {
        context.log(
          `E0000 00:00:00.000000       1 main.go:1] "Registration process failed with error, restarting registration container" err="RegisterPlugin error -- dial unix ${registration}: connect: no such file or directory"`,
        );
        context.exit(1);
        return;
      }
      registered = service.driverName;
      registrations.add(context.node, registered, driver.node.nodeId, place);
      context.log(
        `I0000 00:00:00.000000       1 main.go:190] "Received NotifyRegistrationStatus call" status="plugin_registered:true"`,
      );
    });
    return {
      stop() {
        if (registered !== undefined) registrations.remove(context.node, registered);
      },
    };
  };
}

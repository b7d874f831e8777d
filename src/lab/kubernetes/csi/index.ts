import type { Cluster } from '../cluster.ts';
import type { Rbac } from '../http/rbac.ts';
import type { Kubelets } from '../kubelet/kubelets.ts';
import type { Mounted } from '../kubelet/mounts.ts';
import type { Program, ProgramContext, ProgramRegistry, PublishRequest } from '../kubelet/programs.ts';
import { at } from '../json.ts';
import { asJson } from '../objects.ts';
import { manilaPlugin } from './manila/plugin.ts';
import { livenessProbe } from './liveness.ts';
import { nfsPlugin } from './nfs-plugin.ts';
import { Registrations, registrar } from './registrar.ts';
import { Sockets } from './rpc.ts';
import { provisioner } from './sidecars/provisioner.ts';
import { resizer } from './sidecars/resizer.ts';
import { snapshotController } from './sidecars/snapshot-controller.ts';
import { snapshotter } from './sidecars/snapshotter.ts';

const KUBELET_FOLDER = '/var/lib/kubelet';

type Start = (context: ProgramContext) => Program;

/** The drivers and sidecars that the lab runs in place of their images, and the drivers registered on its nodes. */
export class CsiDrivers implements ProgramRegistry {
  readonly #sockets = new Sockets();
  readonly #registrations: Registrations;
  readonly #programs: Readonly<Record<string, Start>>;

  constructor({ cluster, rbac, kubelets }: { cluster: Cluster; rbac: Rbac; kubelets: Kubelets }) {
    this.#registrations = new Registrations(cluster);
    const parts = { cluster, rbac, sockets: this.#sockets };
    const addressOf = (node: string): string =>
      cluster.get('Node', undefined, node)?.status.addresses?.[0]?.address ?? '';
    const nodeIdOf = (node: string): string => {
      const object = cluster.get('Node', undefined, node);
      const id = object && at(asJson(object), 'spec', 'providerID');
      return typeof id === 'string' ? id.replace(/^openstack:\/\/\//, '') : node;
    };
    this.#programs = {
      'manila-csi-plugin': manilaPlugin(this.#sockets, nodeIdOf, kubelets.shares),
      nfsplugin: nfsPlugin(this.#sockets, kubelets, addressOf),
      'csi-node-driver-registrar': registrar(this.#sockets, this.#registrations, KUBELET_FOLDER),
      'csi-provisioner': provisioner(parts),
      'csi-resizer': resizer(parts),
      'csi-snapshotter': snapshotter(parts),
      'snapshot-controller': snapshotController(parts),
      livenessprobe: livenessProbe(this.#sockets),
    };
  }

  programFor(image: string): Start | undefined {
    const name = image.split('/').at(-1)?.split(/[:@]/)[0] ?? '';
    return this.#programs[name];
  }

  async publish(node: string, driver: string, request: PublishRequest): Promise<Mounted> {
    const service = this.#sockets.at(this.#registrations.placeOf(node, driver));
    if (!service?.node) {
      throw new Error(
        `kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name ${driver} not found in the list of registered CSI drivers`,
      );
    }
    const { volumeHandle, targetPath, readOnly, mountOptions, volumeContext, secrets, signal } = request;
    return service.node.publishVolume({
      volumeId: volumeHandle,
      targetPath,
      readOnly,
      mountFlags: mountOptions,
      volumeContext,
      secrets,
      signal,
    });
  }

  async unpublish(node: string, driver: string, volumeHandle: string, targetPath: string): Promise<void> {
    const service = this.#sockets.at(this.#registrations.placeOf(node, driver));
    await service?.node?.unpublishVolume(volumeHandle, targetPath);
  }
}

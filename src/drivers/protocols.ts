import type { Protocol } from '../config/types.ts';

/** What is around the driver of one share protocol. */
export interface ProtocolDriver {
  protocol: Protocol;
  /** Name of the CSIDriver and of its classes' provisioner, as Manila CSI composes it. PVs freeze it. */
  name: string;
  /** Folder below `templates/`. */
  templates: string;
  /** Component label, and name, of the objects around the controller. */
  controller: { component: string; name: string };
  /** Component label, and name, of the objects around the node plugin. */
  node: { component: string; name: string };
}

function protocolDriver(protocol: Protocol): ProtocolDriver {
  const short = protocol.toLowerCase();
  return {
    protocol,
    name: `${short}.manila.csi.openstack.org`,
    templates: `manila-${short}`,
    controller: { component: `${short}-controller`, name: `manila-csi-${short}-controller` },
    node: { component: `${short}-node`, name: `manila-csi-${short}-node` },
  };
}

/** The drivers that this program installs, by the protocol of their shares. */
export const DRIVERS: Readonly<Record<Protocol, ProtocolDriver>> = {
  NFS: protocolDriver('NFS'),
  CEPHFS: protocolDriver('CEPHFS'),
};

export const ALL_DRIVERS: readonly ProtocolDriver[] = Object.values(DRIVERS);

/** The driver behind the name of a CSIDriver, or `provisioner` of a class; undefined for everybody else's. */
export function driverNamed(name: string | undefined): ProtocolDriver | undefined {
  return ALL_DRIVERS.find((driver) => driver.name === name);
}

/**
 * Leases of a driver's sidecars, in the drivers' namespace; the sidecars compose the names from the driver's and leave the
 * leases behind when they end.
 */
export function leasesOf({ name }: ProtocolDriver): string[] {
  const dashed = name.replaceAll('.', '-');
  return [dashed, `external-resizer-${dashed}`, `external-snapshotter-leader-${dashed}`];
}

/**
 * The parameters of a class by which a share is mounted, beside `type` and the Secrets.
 *
 * NFS: who may mount, as IPv4 addresses and CIDRs; the driver splits at commas and does not trim.
 * CephFS: who has the share's key may mount; by the kernel, as a mount by ceph-fuse dies with the pod of the node plugin.
 */
export function classParameters(protocol: Protocol, shareClients: readonly string[]): Record<string, string> {
  return protocol === 'NFS' ? { 'nfs-shareClient': shareClients.join(',') } : { 'cephfs-mounter': 'kernel' };
}

/** Does Manila's word for what a back end speaks (`NFS_CIFS`, `<or> NFS <or> CIFS`, `<in> NFS`) hold this protocol? */
export function speaks(words: string, protocol: Protocol): boolean {
  return new RegExp(`(^|[^a-z])${protocol}([^a-z]|$)`, 'i').test(words);
}

/** Key of a node's zone, as Manila CSI reports it with `--with-topology`. */
export const TOPOLOGY_KEY = 'topology.manila.csi.openstack.org/zone';

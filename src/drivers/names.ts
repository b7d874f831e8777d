/** Namespace of the drivers and of their Secret, unless the file or `-n` names another. */
export const DEFAULT_NAMESPACE = 'manila-csi';

/** The Secret with the drivers' OpenStack credential. PVs freeze this name, so it never changes. */
export const DRIVER_SECRET_NAME = 'manila-rwx-credential';

/**
 * Secret of a tenant, in the drivers' namespace; classes name it by the template `tenant-${pvc.namespace}`. A namespace
 * is a DNS label, so no two of them lead to one name, and none leads to the drivers' own Secret.
 */
export function tenantSecretName(namespace: string): string {
  return `tenant-${namespace}`;
}

/** On a tenant's Secret: the namespace that it is for. */
export const TENANT_LABEL = 'manila-rwx/tenant';

/** Name of the NFS driver's CSIDriver and of its classes' provisioner, as Manila CSI composes it. */
export const NFS_DRIVER_NAME = 'nfs.manila.csi.openstack.org';

/** What all objects of the drivers carry in `app.kubernetes.io/name`. */
export const DRIVER_APP = 'manila-csi';

/** Label selector of the drivers' objects and pods. */
export const DRIVER_SELECTOR = `app.kubernetes.io/name=${DRIVER_APP}`;

export const COMPONENT_LABEL = 'app.kubernetes.io/component';

/** Component, and name, of the objects around the NFS driver's controller. */
export const NFS_CONTROLLER = { component: 'nfs-controller', name: 'manila-csi-nfs-controller' } as const;

/** Component, and name, of the objects around the NFS driver's node plugin. */
export const NFS_NODE = { component: 'nfs-node', name: 'manila-csi-nfs-node' } as const;

/** Component, and name, of the objects around the snapshot-controller. */
export const SNAPSHOT_CONTROLLER = {
  component: 'snapshot-controller',
  name: 'manila-csi-snapshot-controller',
} as const;

/** Lease of a snapshot-controller, whoever runs it. */
export const SNAPSHOT_CONTROLLER_LEASE = 'snapshot-controller-leader';

/**
 * Leases of the controller's sidecars, in the drivers' namespace; the sidecars compose the names from the driver's and
 * leave the leases behind when they end.
 */
export const NFS_LEASES = [
  'nfs-manila-csi-openstack-org',
  'external-resizer-nfs-manila-csi-openstack-org',
  'external-snapshotter-leader-nfs-manila-csi-openstack-org',
] as const;

/** Namespace of the drivers and of their Secret, unless the file or `-n` names another. */
export const DEFAULT_NAMESPACE = 'manila-csi';

/** The Secret with the drivers' OpenStack credential. PVs freeze this name, so it never changes. */
export const DRIVER_SECRET_NAME = 'manila-rwx-credential';

/** Name of the NFS driver's CSIDriver and of its classes' provisioner, as Manila CSI composes it. */
export const NFS_DRIVER_NAME = 'nfs.manila.csi.openstack.org';

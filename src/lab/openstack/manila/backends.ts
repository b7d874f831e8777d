/** One storage back end with its one pool, and what it says about itself to the scheduler. */
export interface Backend {
  host: string;
  backend: string;
  pool: string;
  zone: string;
  capabilities: Record<string, unknown>;
}

const ANY = {
  // Reported so whatever exists in a pool, as Manila's dummy driver does.
  total_capacity_gb: 1230,
  free_capacity_gb: 1210,
  reserved_percentage: 0,
  reserved_snapshot_percentage: 0,
  reserved_share_extend_percentage: 0,
  storage_protocol: 'NFS_CIFS',
  vendor_name: 'Open Source',
  driver_version: '1.0',
  driver_handles_share_servers: false,
  snapshot_support: true,
  create_share_from_snapshot_support: true,
  revert_to_snapshot_support: true,
  mount_snapshot_support: true,
  dedupe: false,
  compression: false,
  replication_type: null,
  replication_domain: null,
  sg_consistent_snapshot_support: 'pool',
  security_service_update_support: true,
  network_allocation_update_support: true,
  share_server_multiple_subnet_support: true,
  ipv4_support: true,
  ipv6_support: false,
};

function backend(name: string, differs: Record<string, unknown>): Backend {
  const pool = `fake_pool_for_${name}`;
  return {
    host: 'rwx',
    backend: name.toLowerCase(),
    pool,
    zone: 'nova',
    capabilities: { pool_name: pool, ...ANY, share_backend_name: name, ...differs },
  };
}

const REPLICATED = { replication_type: 'readable', replication_domain: 'rwx' };

/**
 * The back ends of a small cloud: two for NFS and CIFS with replication, one that makes share servers, and one for
 * CephFS. In the order in which the scheduler lists them.
 */
export const BACKENDS: readonly Backend[] = [
  backend('DELTA', {
    storage_protocol: 'CEPHFS',
    revert_to_snapshot_support: false,
    mount_snapshot_support: false,
  }),
  backend('BETA', { driver_handles_share_servers: true }),
  backend('GAMMA', REPLICATED),
  backend('ALPHA', REPLICATED),
];

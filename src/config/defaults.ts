import type { Config, ConfigFile } from './types.ts';

/** Fills in what the file leaves out. The defaults are those that the schema documents. */
export function withDefaults(file: ConfigFile): Config {
  return {
    installation: file.installation,
    cloud: file.cloud ?? {},
    cluster: { namespace: 'manila-csi', ...file.cluster },
    drivers: { protocols: ['NFS'], snapshots: 'auto', topology: false, replicas: 2, ...file.drivers },
    credential: { user: 'create', expiresIn: '180d', rotateBefore: '30d', ...file.credential },
    shareTypes: (file.shareTypes ?? []).map((type) => ({
      protocol: 'NFS',
      driverHandlesShareServers: false,
      extraSpecs: {},
      access: 'public',
      ...type,
    })),
    quotas: file.quotas ?? [],
    storageClasses: {
      prefix: 'csi-manila-',
      include: ['*'],
      exclude: [],
      userEdits: 'keep',
      overrides: {},
      ...file.storageClasses,
    },
    tenants: (file.tenants ?? []).map((tenant) => ({
      user: 'create',
      storageClasses: ['*'],
      resourceQuota: false,
      ...tenant,
    })),
  };
}

import type { TenantEntry } from '../../resources/tenants/list.ts';
import { table } from '../table.ts';
import type { View } from '../view.ts';

export const tenantListView: View<'tenant-list'> = {
  table: ({ tenants }, style) => {
    if (tenants.length === 0) return 'there are no tenants';
    const rows = table<TenantEntry>(
      [
        { title: 'namespace', value: ({ namespace }) => namespace },
        { title: 'phase', value: ({ phase }) => phase },
        { title: 'project', value: ({ project }) => project },
        { title: 'credential', value: ({ credential }) => credential.standing },
        { title: 'ends', value: ({ credential }) => credential.credential?.expiresAt?.slice(0, 10) },
        { title: 'classes', value: ({ storageClasses }) => storageClasses.join(',') },
        { title: 'volumes', value: ({ volumes }) => volumes },
        { title: 'snapshots', value: ({ snapshots }) => snapshots },
        { title: 'quota', value: ({ resourceQuota }) => (resourceQuota ? 'yes' : 'no') },
        { title: 'in file', value: ({ inFile }) => (inFile ? 'yes' : 'no') },
      ],
      tenants,
      style,
    );
    const notes = tenants.flatMap(({ namespace, credential: { reason } }) =>
      reason === undefined ? [] : [style.chalk.red(`- ${namespace}: ${reason}`)],
    );
    return [rows, ...notes].join('\n');
  },
  names: ({ tenants }) => tenants.map(({ namespace }) => `namespace/${namespace}`),
};

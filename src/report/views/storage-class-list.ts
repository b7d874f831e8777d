import { table } from '../table.ts';
import type { View } from '../view.ts';
import { byReason } from './types-without-class.ts';

/** As `kubectl get storageclass`, with the share type and how the class stands to it. */
export const storageClassListView: View<'storage-class-list'> = {
  table({ classes, withoutClass }, style) {
    const lines = byReason(withoutClass).map(([reason, names]) => `no class for share type ${names}: ${reason}`);
    if (classes.length === 0) return ['no StorageClass of the driver', ...lines].join('\n');
    const rows = table(
      [
        { title: 'name', value: (one) => `${one.name}${one.default ? ' (default)' : ''}` },
        { title: 'share type', value: (one) => one.shareType },
        { title: 'reclaim', value: (one) => one.reclaimPolicy },
        { title: 'binding', value: (one) => one.volumeBindingMode },
        { title: 'share clients', value: (one) => one.shareClients.join(',') },
        { title: 'state', value: (one) => one.state },
        { title: 'reason', value: (one) => one.reason },
      ],
      classes,
      style,
    );
    return [rows, ...lines].join('\n');
  },
  names: ({ classes }) => classes.map(({ name }) => `storageclass/${name}`),
};

import { table } from '../table.ts';
import type { View } from '../view.ts';

export const quotaView: View<'quota'> = {
  table({ quotas }, style) {
    const amount = (limit: number): string | number => (limit === -1 ? 'unlimited' : limit);
    return table(
      [
        { title: 'quota', value: (one) => one.key },
        { title: 'limit', value: (one) => amount(one.limit) },
        { title: 'in use', value: (one) => one.inUse },
        { title: 'reserved', value: (one) => one.reserved },
      ],
      quotas,
      style,
    );
  },
  names: ({ quotas }) => quotas.map(({ key }) => key),
};

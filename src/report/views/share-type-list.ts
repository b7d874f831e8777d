import { table } from '../table.ts';
import type { View } from '../view.ts';

export const shareTypeListView: View<'share-type-list'> = {
  table: ({ shareTypes }, style) =>
    shareTypes.length === 0
      ? 'no share types'
      : table(
          [
            { title: 'name', value: (type) => (type.isDefault ? `${type.name} (default)` : type.name) },
            { title: 'visibility', value: (type) => (type.isPublic ? 'public' : 'private') },
            { title: 'share servers', value: (type) => (type.driverHandlesShareServers ? 'by driver' : 'none') },
            { title: 'snapshots', value: (type) => (type.snapshots ? 'yes' : 'no') },
            { title: 'back end', value: (type) => type.extraSpecs.share_backend_name },
            { title: 'description', value: (type) => type.description },
            { title: 'id', value: (type) => type.id },
          ],
          shareTypes,
          style,
        ),
  names: ({ shareTypes }) => shareTypes.map(({ name }) => name),
};

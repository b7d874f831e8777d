import { table } from '../table.ts';
import type { View } from '../view.ts';

export const imageListView: View<'image-list'> = {
  table: ({ images }, style) =>
    table(
      [
        { title: 'image', value: ({ image }) => image },
        { title: 'use', value: ({ use }) => use },
      ],
      images,
      style,
    ),
  names: ({ images }) => images.map(({ image }) => image),
};

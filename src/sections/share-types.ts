import { ShareTypesResource } from '../resources/share-types.ts';
import type { Section, SectionParts } from './section.ts';

/** Manila share types; as `sharetype apply`. */
export const shareTypesSection: Section<SectionParts> = {
  name: 'shareTypes',
  keys: ['shareTypes'],
  needsCluster: false,
  byEntry: true,
  open(ctx, parts) {
    const { manila, keystone, loaded, options } = parts;
    const resource = new ShareTypesResource(ctx, { manila, keystone, loaded, ...options });
    parts.shareTypes = resource;
    return { resource: resource };
  },
};

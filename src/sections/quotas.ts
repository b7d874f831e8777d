import { QuotasResource } from '../resources/quotas.ts';
import type { Section, SectionParts } from './section.ts';

/** Manila quotas; as `quota apply`. */
export const quotasSection: Section<SectionParts> = {
  name: 'quotas',
  keys: ['quotas'],
  needsCluster: false,
  byEntry: true,
  open(ctx, { manila, keystone, loaded, options, shareTypes }) {
    const coming = new Set(shareTypes ? loaded.config.shareTypes.map(({ name }) => name) : []);
    const { force } = options;
    return { resource: new QuotasResource(ctx, { manila, keystone, loaded, force, coming }) };
  },
};

import { nearest } from '../../../core/nearest.ts';
import type { Cause } from '../types.ts';

export const classMissing: Cause = {
  id: 'class-missing',
  stage: 'claim',
  find: ({ claim, classes, storageClass }) => {
    const wanted = claim.spec.storageClassName ?? '';
    if (claim.status?.phase === 'Bound' || wanted === '' || storageClass) return undefined;
    const names = classes.map(({ metadata }) => metadata.name);
    const near = nearest(wanted, names);
    const choice = near === undefined ? `the classes are ${names.join(', ') || 'none'}.` : `did you mean ${near}?`;
    return {
      summary: `there is no StorageClass ${wanted}`,
      remedy: `${choice} A claim cannot change its class: delete it and make it anew`,
    };
  },
};

import type { Cause } from '../types.ts';

export const volumeLost: Cause = {
  id: 'volume-lost',
  stage: 'claim',
  find: ({ claim, volume }) => {
    const name = claim.spec.volumeName ?? '';
    const gone = name !== '' && volume === undefined;
    if (claim.status?.phase !== 'Lost' && !gone) return undefined;
    return {
      summary: `its PersistentVolume ${name} was deleted`,
      remedy: 'the share may still be there: find it with manila-rwx orphans, delete this claim, and use pvc import',
    };
  },
};

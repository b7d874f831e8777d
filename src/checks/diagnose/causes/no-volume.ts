import type { Cause } from '../types.ts';

export const noVolume: Cause = {
  id: 'no-volume',
  stage: 'claim',
  find: ({ claim, volume }) => {
    if (claim.status?.phase === 'Bound' || claim.spec.storageClassName !== '') return undefined;
    const named = claim.spec.volumeName;
    if (volume) {
      const ref = volume.spec.claimRef;
      return {
        summary: `volume ${volume.metadata.name} does not take it${ref ? `: it is for claim ${ref.namespace}/${ref.name}` : ''}`,
        remedy: 'compare size, access mode and storageClassName of both',
      };
    }
    return {
      summary: `storageClassName is empty, so nobody makes a volume for it${named === undefined ? '' : `, and there is no volume ${named}`}`,
      remedy: 'make the claim anew with a class, or make a share its volume: manila-rwx pvc import SHARE',
    };
  },
};

import type { Cause } from '../types.ts';

export const shareNotAvailable: Cause = {
  id: 'share-not-available',
  stage: 'mounting',
  find: ({ manila, claim }) => {
    if (!manila || claim.status?.phase !== 'Bound' || manila.share.status === 'available') return undefined;
    const { share, messages } = manila;
    return {
      summary: `share ${share.id} is in status ${share.status}${messages[0] ? `: ${messages[0].message}` : ''}; the driver mounts available ones only`,
      remedy: `have the cloud’s operator look at it: openstack share show ${share.id}`,
    };
  },
};

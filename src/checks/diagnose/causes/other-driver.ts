import { isManilaDriver } from '../../../drivers/names.ts';
import type { Cause } from '../types.ts';

export const otherDriver: Cause = {
  id: 'other-driver',
  stage: 'claim',
  find: ({ driverName, claimSaid, podSaid, claim, stuckPod }) => {
    if (driverName === undefined || isManilaDriver(driverName)) return undefined;
    const bound = claim.status?.phase === 'Bound';
    if (bound && !stuckPod) return undefined;
    const [newest] = bound ? podSaid : claimSaid;
    return {
      summary: `it is a claim of driver ${driverName}, not of Manila’s${newest ? `; the newest that was said: ${newest.text}` : ''}`,
      remedy: 'ask that driver; for a share of Manila make a claim with another class (manila-rwx storageclass list)',
      ...(newest && { evidence: [newest] }),
    };
  },
};

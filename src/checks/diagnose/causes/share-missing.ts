import { saidAt } from '../said.ts';
import type { Cause } from '../types.ts';

export const shareMissing: Cause = {
  id: 'share-missing',
  stage: 'mounting',
  find: (facts) => {
    const handle = facts.volume?.spec.csi?.volumeHandle;
    const [newest] = saidAt(facts, 'mounting');
    const said =
      newest && /failed to retrieve volume with share (?:ID|name).*(?:404|not found)/i.test(newest.text)
        ? newest
        : undefined;
    if (!facts.shareMissing && !said) return undefined;
    return {
      summary: `Manila has no share ${handle ?? ''} any more (or the drivers’ project does not see it); the data is gone with it`,
      remedy: 'restore it from a backup; manila-rwx orphans lists the volumes without a share',
      evidence: said ? [said] : [],
    };
  },
};

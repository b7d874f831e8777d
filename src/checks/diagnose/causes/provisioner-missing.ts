import { isManilaDriver } from '../../../drivers/names.ts';
import type { Cause } from '../types.ts';

export const provisionerMissing: Cause = {
  id: 'provisioner-missing',
  stage: 'provisioning',
  find: ({ claim, storageClass, csiDrivers }) => {
    if (claim.status?.phase === 'Bound' || !storageClass || csiDrivers.has(storageClass.provisioner)) return undefined;
    const { provisioner } = storageClass;
    const other = [...csiDrivers].filter(isManilaDriver);
    return {
      summary: `the cluster has no driver ${provisioner}, which class ${storageClass.metadata.name} names`,
      remedy:
        other.length > 0
          ? `use a class of ${other.join(' or ')}: manila-rwx storageclass list`
          : 'install it: manila-rwx install',
    };
  },
};

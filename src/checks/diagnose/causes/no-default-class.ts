import { isDefault } from '../../../resources/storage-classes/class.ts';
import type { Cause } from '../types.ts';

export const noDefaultClass: Cause = {
  id: 'no-default-class',
  stage: 'claim',
  find: ({ claim, classes }) => {
    if (claim.status?.phase === 'Bound' || claim.spec.storageClassName !== undefined) return undefined;
    if (classes.some(isDefault)) return undefined;
    return {
      summary: 'the claim names no StorageClass, and the cluster has no default class',
      remedy: `make the claim anew with storageClassName: ${classes[0]?.metadata.name ?? '(first: manila-rwx storageclass sync)'}, or name a default in manila-rwx.yaml (storageClasses.default)`,
    };
  },
};

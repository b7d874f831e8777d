import { core, sentenceCause } from '../said.ts';

export const quotaExceeded = sentenceCause({
  id: 'quota-exceeded',
  stage: 'provisioning',
  pattern: /got 413 instead|overLimit|ExceedsAvailableQuota|LimitExceeded|quota/i,
  summary: ({ claim }, said) =>
    `the quota of the drivers’ project does not allow a share of ${claim.spec.resources?.requests?.storage ?? 'this size'}: ${core(said)}`,
  remedy: () =>
    'see manila-rwx quota show and raise it, or delete shares that nobody needs (manila-rwx orphans); the claim is tried again by itself',
});

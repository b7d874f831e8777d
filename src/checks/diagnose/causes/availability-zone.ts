import { parameterOf, sentenceCause } from '../said.ts';

export const availabilityZone = sentenceCause({
  id: 'availability-zone',
  stage: 'provisioning',
  pattern: /Availability zone .*(?:could not be found|not found)/i,
  summary: (facts) => `Manila has no availability zone ${JSON.stringify(parameterOf(facts, 'availability') ?? '')}`,
  remedy: (facts) =>
    `see manila-rwx storageclass lint ${facts.storageClass?.metadata.name ?? ''}, and make the class anew`,
});

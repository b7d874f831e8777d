import { className, core, parameterOf, sentenceCause } from '../said.ts';

export const accessRuleRefused = sentenceCause({
  id: 'access-rule-refused',
  stage: 'provisioning',
  pattern: /failed to grant access/,
  summary: (facts, said) =>
    `the share was made, and Manila refuses an access rule of nfs-shareClient ${parameterOf(facts, 'nfs-shareClient') ?? ''}: ${core(said)}`,
  remedy: (facts) => `see manila-rwx storageclass lint ${className(facts)}, make the class anew, then the claim`,
});

import { className, core, sentenceCause } from '../said.ts';

export const badParameter = sentenceCause({
  id: 'bad-parameter',
  stage: 'provisioning',
  pattern:
    /invalid volume parameters|failed to strip CSI Parameters|failed to get name and namespace template|invalid tokens|failed to parse appendShareMetadata/,
  summary: (facts, said) => `class ${className(facts)} has a parameter that cannot be: ${core(said)}`,
  remedy: (facts) => `see manila-rwx storageclass lint ${className(facts)}, and make the class anew`,
});

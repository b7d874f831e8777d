import { className, parameterOf, sentenceCause } from '../said.ts';

export const shareTypeMissing = sentenceCause({
  id: 'share-type-missing',
  stage: 'provisioning',
  pattern: /Share type (?:\S+ )?(?:not found|could not be found)/i,
  summary: (facts) =>
    `Manila has no share type ${JSON.stringify(parameterOf(facts, 'type') ?? 'default')} that the drivers’ project may use; class ${className(facts)} names it`,
  remedy: (facts) =>
    `see manila-rwx sharetype list; then let manila-rwx storageclass sync make the classes, and make the claim anew with another class than ${className(facts)}`,
});

import { className, sentenceCause } from '../said.ts';

export const secretMissing = sentenceCause({
  id: 'secret-missing',
  stage: 'provisioning',
  pattern: /error getting secret (\S+) in namespace (\S+): secrets "[^"]*" not found|secrets cannot be nil or empty/,
  summary: (facts, _said, [, name, namespace]) =>
    name === undefined
      ? `class ${className(facts)} names no Secret for the provisioner`
      : `class ${className(facts)} names Secret ${namespace ?? ''}/${name}, which is not there`,
  remedy: (facts) =>
    `make the drivers’ Secret with manila-rwx install, then see manila-rwx storageclass lint ${className(facts)}`,
});

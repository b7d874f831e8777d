import { className, sentenceCause } from '../said.ts';

export const secretForbidden = sentenceCause({
  id: 'secret-forbidden',
  stage: 'provisioning',
  pattern: /error getting secret (\S+) in namespace (\S+): secrets "[^"]*" is forbidden/,
  summary: (facts, _said, [, name = '', namespace = '']) =>
    `the driver may not read Secret ${namespace}/${name}, which class ${className(facts)} names`,
  remedy: ({ driverNamespace }) =>
    `put the Secret into ${driverNamespace}, the only namespace whose Secrets the driver may read, and make the class anew`,
});

import { sentenceCause } from '../said.ts';

export const secretGoneOnNode = sentenceCause({
  id: 'secret-missing',
  stage: 'mounting',
  pattern: /failed to find the secret (\S+) in the namespace (\S+)/,
  summary: (_facts, _said, [, name = '', namespace = '']) =>
    `Secret ${namespace}/${name} is gone, which the volume names for mounting`,
  remedy: () => 'make it again under this name: manila-rwx install',
});

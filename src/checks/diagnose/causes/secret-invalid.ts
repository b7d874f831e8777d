import { className, core, sentenceCause } from '../said.ts';

export const secretInvalid = sentenceCause({
  id: 'secret-invalid',
  stage: 'provisioning',
  pattern:
    /invalid OpenStack secrets: (.*)|failed to authenticate: (Exactly one of .*|You must provide .*|parse ".*|failed to parse os-certAuthority.*|failed to read .*|Get "\/": unsupported protocol scheme.*)/,
  summary: (_facts, said, [, keys, login]) =>
    `the driver cannot use the keys of its Secret: ${keys ?? login ?? core(said)}`,
  remedy: (facts) => `see what is wrong with it: manila-rwx storageclass lint ${className(facts)}`,
});

import { core, sentenceCause } from '../said.ts';

export const credentialForbidden = sentenceCause({
  id: 'credential-forbidden',
  stage: 'provisioning',
  pattern: /got 403 instead/,
  summary: (_facts, said) => `Manila forbids the drivers’ user to do that: ${core(said)}`,
  remedy: () => 'see the roles of the drivers’ user on its project, and Manila’s policy',
});

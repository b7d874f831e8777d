import { className, core, parameterOf, sentenceCause } from '../said.ts';

export const shareNetwork = sentenceCause({
  id: 'share-network',
  stage: 'provisioning',
  pattern: /share[- ]network/i,
  summary: (facts, said) =>
    parameterOf(facts, 'shareNetworkID') === undefined
      ? `share type ${parameterOf(facts, 'type') ?? ''} makes share servers (driver_handles_share_servers), and class ${className(facts)} names no share network`
      : `the share network of class ${className(facts)} does not serve: ${core(said)}`,
  remedy: (facts) =>
    parameterOf(facts, 'shareNetworkID') === undefined
      ? 'make the class anew with shareNetworkID: the id of a share network of the drivers’ project'
      : `see manila-rwx storageclass lint ${className(facts)}`,
});

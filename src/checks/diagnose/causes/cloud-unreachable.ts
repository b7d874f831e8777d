import { core, sentenceCause } from '../said.ts';

const pattern =
  /dial tcp|no such host|i\/o timeout|no route to host|connection refused|x509|certificate|No suitable endpoint|EOF$|got 50[234] instead/i;

export const cloudUnreachable = sentenceCause({
  id: 'cloud-unreachable',
  stage: 'provisioning',
  pattern,
  summary: (_facts, said) => `the driver’s controller does not get through to Keystone or Manila: ${core(said)}`,
  remedy: () =>
    'see address, region and CA in the drivers’ Secret, and routes and firewalls from the cluster to the cloud',
});

export const cloudUnreachableFromNode = sentenceCause({
  id: 'cloud-unreachable',
  stage: 'mounting',
  pattern:
    /failed to (?:create Manila|authenticate|retrieve volume|list).*(?:dial tcp|no such host|timeout|refused|x509|No suitable endpoint|50[234])/i,
  summary: ({ stuckPod }, said) =>
    `node ${stuckPod?.node ?? ''} does not get through to Keystone or Manila, which each mount asks: ${core(said)}`,
  remedy: () => 'open the way from the nodes’ network to both services',
});

import { sentenceCause } from '../said.ts';
import type { Facts } from '../types.ts';

export const mountUnreachable = sentenceCause({
  id: 'mount-unreachable',
  stage: 'mounting',
  pattern: /connection timed out|no route to host|connection refused|timeout after|network is unreachable/i,
  summary: (facts) => `node ${facts.stuckPod?.node ?? ''} does not reach the storage${locationOf(facts)}`,
  remedy: () => 'open TCP port 2049 from the nodes to the export location: routes, security groups, VLAN',
});

function locationOf({ manila }: Facts): string {
  const [location] = manila?.locations ?? [];
  return location ? ` at ${location.path}` : '';
}

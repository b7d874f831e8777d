import { isCovered } from '../../../resources/storage-classes/share-clients.ts';
import { sentenceCause } from '../said.ts';
import type { Facts } from '../types.ts';

export const mountDenied = sentenceCause({
  id: 'mount-denied',
  stage: 'mounting',
  pattern: /access denied|permission denied|operation not permitted/i,
  summary: (facts) => {
    const rules = rulesOf(facts);
    const who = `node ${facts.stuckPod?.node ?? ''} (${facts.nodeAddresses.join(', ')})`;
    if (!rules) return `the storage denies ${who} the mount`;
    if (rules.length === 0) return `the storage denies ${who} the mount: the share has no access rule`;
    return isLetIn(facts)
      ? `the storage denies ${who} the mount although a rule lets it in (${rules.join(', ')}): it may see the node under another address`
      : `the storage denies ${who} the mount: the share’s access rules are for ${rules.join(', ')}`;
  },
  remedy: (facts) =>
    rulesOf(facts) && !isLetIn(facts)
      ? 'let the nodes in: manila-rwx access sync (with --dry-run first)'
      : 'find the address under which the storage sees the node (NAT, a second interface), and put it into nfs-shareClient',
});

function rulesOf({ manila }: Facts): string[] | undefined {
  return manila?.rules.filter(({ type, state }) => type === 'ip' && state === 'active').map(({ to }) => to);
}

function isLetIn(facts: Facts): boolean {
  const rules = rulesOf(facts) ?? [];
  return facts.nodeAddresses.some((address) => isCovered(address, rules));
}

import { clientProblem, isOpenToAll, networkOf } from '../../../resources/storage-classes/share-clients.ts';
import { isIPv4 } from 'node:net';
import type { Fault, LintRule } from '../types.ts';
import { parameter, protocolOf } from './parameters.ts';

const PATH = ['parameters', 'nfs-shareClient'];

/** Each entry becomes an access rule as it stands: the driver splits at commas and does not trim. */
const shareClients: LintRule = {
  id: 'share-clients',
  kinds: ['StorageClass'],
  *check(object) {
    const list = parameter(object, 'nfs-shareClient');
    if (list === undefined || list === '' || protocolOf(object) === 'CEPHFS') return;
    const seen = new Map<string, string>();
    for (const client of list.split(',')) {
      yield* faultsOf(client);
      const rule = ruleOf(client);
      const twin = seen.get(rule);
      if (twin !== undefined && twin !== client) {
        yield error(`${twin} and ${client} are the same rule, and Manila refuses the second`, `keep ${client}`);
      }
      seen.set(rule, client);
    }
  },
};

function* faultsOf(client: string): Iterable<Fault> {
  if (client.trim() === '') {
    yield error('the list has an empty entry, which Manila refuses: Address cannot be empty', 'take the comma out');
    return;
  }
  if (client !== client.trim()) {
    yield error(
      `there is a blank around ${JSON.stringify(client.trim())}; the driver does not trim, and Manila refuses the rule`,
      'write the list without blanks: 10.0.0.0/24,10.1.0.0/24',
    );
  }
  const problem = clientProblem(client.trim());
  if (problem !== undefined) {
    const remedy = problem.startsWith('has bits') ? `write ${networkOf(client.trim())}` : REMEDY;
    yield error(`${JSON.stringify(client.trim())} ${problem}, so Manila refuses the rule`, remedy);
  }
}

const REMEDY = 'write IPv4 addresses and CIDRs of the nodes, such as 10.0.0.0/16';

/** Manila takes an address and its /32 for one rule. */
function ruleOf(client: string): string {
  const text = client.trim();
  return isIPv4(text) ? `${text}/32` : text;
}

function error(message: string, remedy: string): Fault {
  return { severity: 'error', path: PATH, message, remedy };
}

const openToAll: LintRule = {
  id: 'open-to-all',
  kinds: ['StorageClass'],
  *check(object) {
    if (protocolOf(object) === 'CEPHFS') return;
    const list = parameter(object, 'nfs-shareClient');
    if (list !== undefined && !isOpenToAll(list.split(','))) return;
    yield {
      severity: 'warning',
      path: list === undefined ? ['parameters'] : PATH,
      message: `every machine that reaches the storage can mount every volume: ${list === undefined ? 'without nfs-shareClient the driver takes 0.0.0.0/0' : `nfs-shareClient is ${list}`}`,
      remedy: 'set nfs-shareClient to the CIDRs of the nodes',
    };
  },
};

export const SHARE_CLIENT_RULES: readonly LintRule[] = [shareClients, openToAll];

import { clientProblem, networkOf, nodeAddresses } from '../../resources/storage-classes/share-clients.ts';
import { agreedClients } from '../../resources/storage-classes/class.ts';
import type { Question, View } from '../question.ts';

/** Left out of the file: `storageclass sync` asks Neutron, or takes what its classes have. */
const AUTO = 'auto';
/** Single nodes, which `access sync` follows. */
const NODES = 'nodes';
/** Room for nodes to come. */
const PREFIX = 24;
const MAX_NETWORKS = 4;

export const shareClients: Question<'shareClients'> = {
  inFile: (file) => listed(file.storageClasses?.shareClients),
  look(view) {
    const { subnets, cluster, file } = view;
    if (subnets)
      return { state: 'settled', answer: [AUTO], because: `Neutron: the nodes are in ${subnets.join(', ')}` };
    const same = agreedClients(cluster?.classes ?? []);
    if (same) return { state: 'settled', answer: [AUTO], because: `as the classes have it: ${same.join(', ')}` };
    const before = listed(file?.storageClasses?.shareClients);
    const networks = networksOf(view);
    const suggestion = before ?? networks;
    return {
      state: 'open',
      ...(suggestion && { suggestion: suggestion.join(',') }),
      hint: before ? 'as the file has it' : networks ? nodesOf(view) : 'CIDRs of the nodes, with commas: 10.0.0.0/16',
    };
  },
  problem(clients) {
    if (clients.length === 1 && [AUTO, NODES].includes(clients[0] ?? '')) return undefined;
    const problems = clients.flatMap((client) => {
      const problem = clientProblem(client);
      return problem === undefined
        ? []
        : [clients.length === 1 ? problem : `has ${JSON.stringify(client)}, which ${problem}`];
    });
    return problems.length === 0 ? undefined : problems.join('; ');
  },
  edits: (clients) => [
    {
      path: ['storageClasses', 'shareClients'],
      value: clients.includes(AUTO) ? undefined : clients.includes(NODES) ? NODES : clients,
      comment: 'the nodes: who may mount',
    },
  ],
};

function listed(clients: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof clients === 'string' ? [clients] : clients;
}

/** The networks of the nodes' addresses, as far as addresses alone tell: undefined where they are all over the place. */
function networksOf({ cluster }: View): string[] | undefined {
  const addresses = nodeAddresses(cluster?.nodes ?? []);
  const networks = [...new Set(addresses.map(({ address }) => networkOf(`${address}/${PREFIX}`)))].sort();
  return networks.length > 0 && networks.length <= MAX_NETWORKS ? networks : undefined;
}

function nodesOf({ cluster }: View): string {
  const addresses = nodeAddresses(cluster?.nodes ?? []).map(({ address }) => address);
  const shown = addresses.slice(0, 3).join(', ');
  return `the nodes are ${shown}${addresses.length > 3 ? ' and others' : ''}; Neutron does not tell their network`;
}

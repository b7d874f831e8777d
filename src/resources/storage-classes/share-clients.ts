import { isIPv4, isIPv6 } from 'node:net';
import type { KubeObject } from '../../kube/types.ts';

export interface Node extends KubeObject {
  spec: { providerID?: string };
  status?: { addresses?: { type: string; address: string }[] };
}

/**
 * Says what is wrong with an entry of a list of share clients; undefined where nothing is. Manila refuses set host
 * bits, and the driver's Manila API version (2.37) knows no IPv6 rules, so both are told before a class is made.
 */
export function clientProblem(client: string): string | undefined {
  const [address = '', bits, ...rest] = client.split('/');
  if (isIPv6(address)) return 'is IPv6, which the driver cannot make access rules for';
  if (!isIPv4(address) || rest.length > 0) return 'is neither an IPv4 address nor a CIDR such as 10.0.0.0/16';
  if (bits === undefined) return undefined;
  if (!/^\d{1,2}$/.test(bits) || Number(bits) > 32) return `has no prefix length between 0 and 32`;
  const network = networkOf(client);
  return network === client ? undefined : `has bits set beyond its prefix length; the network is ${network}`;
}

/** `10.0.1.7/16` -> `10.0.0.0/16`. */
export function networkOf(cidr: string): string {
  const [address = '', bits = '32'] = cidr.split('/');
  return `${textOf(numberOf(address) & maskOf(Number(bits)))}/${bits}`;
}

/** Is the IPv4 address in one of these addresses and CIDRs? Entries in IPv6, which people may have made, hold none. */
export function isCovered(address: string, clients: readonly string[]): boolean {
  return clients.some((client) => covers(client, address));
}

/** Is the whole of an IPv4 client, an address or a CIDR, inside the other? */
export function covers(outer: string, client: string): boolean {
  if (outer.includes(':') || client.includes(':')) return false;
  const [network = '', bits = '32'] = outer.split('/');
  const [address = '', ownBits = '32'] = client.split('/');
  const mask = maskOf(Number(bits));
  return Number(bits) <= Number(ownBits) && (numberOf(address) & mask) === (numberOf(network) & mask);
}

/** Are both the same to Manila, which takes an address and its /32 for one? */
export function isSameClient(a: string, b: string): boolean {
  return a === b || (covers(a, b) && covers(b, a));
}

/** Everything on the network may mount. */
export function isOpenToAll(clients: readonly string[]): boolean {
  return clients.some((client) => client.endsWith('/0'));
}

/** The nodes' own IPv4 addresses, by node. */
export function nodeAddresses(nodes: readonly Node[]): { node: string; address: string }[] {
  return nodes.flatMap(({ metadata, status }) =>
    (status?.addresses ?? [])
      .filter(({ type, address }) => type === 'InternalIP' && isIPv4(address))
      .map(({ address }) => ({ node: metadata.name, address })),
  );
}

/** The nodes as Neutron knows them: by address, and by server where the cloud provider has told it. */
export function machinesOf(nodes: readonly Node[]): { address: string; serverId: string | undefined }[] {
  return nodes.flatMap((node) => nodeAddresses([node]).map(({ address }) => ({ address, serverId: serverId(node) })));
}

/** The id of a node's OpenStack server, from `openstack:///<id>` or `openstack://<region>/<id>`. */
export function serverId({ spec }: Node): string | undefined {
  return /^openstack:\/\/[^/]*\/([\w-]+)$/.exec(spec.providerID ?? '')?.[1];
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => ((sum << 8) | Number(byte)) >>> 0, 0);
}

function maskOf(bits: number): number {
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

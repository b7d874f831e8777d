import { isIPv4 } from 'node:net';
import { CliError } from '../core/errors.ts';
import type { Session } from './types.ts';

interface Port {
  device_id: string;
  fixed_ips: { subnet_id: string; ip_address: string }[];
}

/** A machine by its address, and by the id of its server where that is known. */
export interface Machine {
  address: string;
  serverId?: string | undefined;
}

/** This many filters a request keep its address below what proxies take (8 KB). */
const BATCH = 80;

/**
 * CIDRs (IPv4) of the subnets in which these machines have these addresses. Undefined where the catalog has no
 * Neutron, or where it cannot tell: an address that no port has, or, without a server's id, one that several subnets
 * have (projects may use the same addresses).
 */
export async function subnetsOf(session: Session, machines: readonly Machine[]): Promise<string[] | undefined> {
  const root = await neutronRoot(session);
  if (root === undefined || machines.length === 0) return undefined;
  const filters = machines.map(({ address, serverId }) =>
    serverId === undefined ? `fixed_ips=ip_address%3D${address}` : `device_id=${encodeURIComponent(serverId)}`,
  );
  const byServer = await ask<Port>(
    session,
    `${root}/ports`,
    'ports',
    filters.filter((one) => one.startsWith('device')),
  );
  const byAddress = await ask<Port>(
    session,
    `${root}/ports`,
    'ports',
    filters.filter((one) => one.startsWith('fixed')),
  );
  const subnets = new Set<string>();
  for (const { address, serverId } of machines) {
    const ports = serverId === undefined ? byAddress : byServer.filter((port) => port.device_id === serverId);
    const found = new Set(
      ports.flatMap((port) => port.fixed_ips.filter((ip) => ip.ip_address === address).map((ip) => ip.subnet_id)),
    );
    const [subnet] = found;
    if (subnet === undefined || found.size > 1) return undefined;
    subnets.add(subnet);
  }
  const details = await ask<{ cidr: string }>(
    session,
    `${root}/subnets`,
    'subnets',
    [...subnets].map((id) => `id=${id}`),
  );
  return [...new Set(details.map(({ cidr }) => cidr))].filter((cidr) => isIPv4(cidr.split('/')[0] ?? '')).sort();
}

/** `https://host:9696/v2.0`: catalogs have it with and without the version. */
async function neutronRoot(session: Session): Promise<string | undefined> {
  try {
    const { url } = await session.endpoint(['network']);
    return `${url.replace(/\/+$/, '').replace(/\/v2\.0$/, '')}/v2.0`;
  } catch (error) {
    if (error instanceof CliError && error.code === 'no-endpoint') return undefined;
    throw error;
  }
}

async function ask<T>(session: Session, url: string, key: string, filters: string[]): Promise<T[]> {
  const found: T[] = [];
  for (let start = 0; start < filters.length; start += BATCH) {
    // Repeated filters of one name are alternatives.
    const query = filters.slice(start, start + BATCH).join('&');
    const { body } = await session.request({ method: 'GET', url: `${url}?${query}` });
    found.push(...((body as Record<string, T[]>)[key] ?? []));
  }
  return found;
}

import type { LabResponse } from '../http-server.ts';
import { uuid } from '../ids.ts';
import { isRecord, pythonText } from '../python.ts';
import { accepted, allTenants, ok, page, type ManilaCall, type ManilaRoute } from './call.ts';
import { badRequest, conflict, ManilaFault, notFound, unprocessable } from './errors.ts';
import { claimNetwork } from './quotas.ts';
import type { ShareNetwork, Subnet } from './state.ts';

const SUBNETS = '/share-networks/{share_network_id}/subnets';

export const shareNetworkRoutes: ManilaRoute[] = [
  { method: 'GET', path: '/share-networks', handler: (call) => list(call, false) },
  { method: 'GET', path: '/share-networks/detail', handler: (call) => list(call, true) },
  { method: 'POST', path: '/share-networks', handler: create, needsBody: true },
  { method: 'GET', path: '/share-networks/{share_network_id}', handler: show },
  { method: 'PUT', path: '/share-networks/{share_network_id}', handler: update, needsBody: true },
  { method: 'DELETE', path: '/share-networks/{share_network_id}', handler: remove },
  { method: 'GET', path: SUBNETS, handler: listSubnets, since: 51 },
  { method: 'POST', path: SUBNETS, handler: createSubnet, since: 51, needsBody: true },
  { method: 'GET', path: `${SUBNETS}/{subnet_id}`, handler: showSubnet, since: 51 },
  { method: 'DELETE', path: `${SUBNETS}/{subnet_id}`, handler: removeSubnet, since: 51 },
];

export function findNetwork(call: ManilaCall, id: string): ShareNetwork {
  const network = call.state.networks.get(id);
  if (!network || !(call.context.isAdmin || network.projectId === call.projectId)) {
    throw notFound(`Share network ${id} could not be found.`);
  }
  return network;
}

/** A share network is always active here; it can only be gone. */
export function requireActiveNetwork(call: ManilaCall, id: string | null): void {
  if (id !== null) findNetwork(call, id);
}

/** Zones that a share network's subnets serve, among those that a type allows. @throws 400 where none is left */
export function zonesOf(call: ManilaCall, networkId: string, allowed: readonly string[]): string[] {
  const { subnets } = findNetwork(call, networkId);
  const served = call.state.zones
    .map(({ name }) => name)
    .filter((name) => subnets.some(({ zone }) => zone === null || zone === name));
  const left = allowed.length === 0 ? served : allowed.filter((zone) => served.includes(zone));
  if (left.length > 0) return left;
  throw badRequest(
    "The share network is not supported within any requested availability zone. Check the share type's 'availability_zones' extra-spec and the availability zones of the share network subnets",
  );
}

function subnetFields(subnet: Subnet | undefined): Record<string, unknown> {
  const { network } = subnet ?? {};
  return {
    segmentation_id: network?.segmentationId ?? null,
    neutron_net_id: subnet?.neutronNetId ?? null,
    neutron_subnet_id: subnet?.neutronSubnetId ?? null,
    ip_version: network?.ipVersion ?? null,
    cidr: network?.cidr ?? null,
    network_type: network?.type ?? null,
    mtu: network?.mtu ?? null,
    gateway: network?.gateway ?? null,
  };
}

function view(call: ManilaCall, network: ShareNetwork, isDetail = true): Record<string, unknown> {
  const { id, name } = network;
  if (!isDetail) return { id, name };
  const shared = {
    id,
    name,
    project_id: network.projectId,
    created_at: network.createdAt,
    updated_at: network.updatedAt,
    description: network.description,
  };
  if (!call.since(51)) {
    const { gateway, mtu, ...fields } = subnetFields(network.subnets.find(({ zone }) => zone === null));
    return {
      ...shared,
      ...fields,
      ...(call.since(18) && { gateway }),
      ...(call.since(20) && { mtu }),
      ...(!call.since(26) && { nova_net_id: null }),
    };
  }
  return {
    ...shared,
    share_network_subnets: network.subnets.map((subnet) => ({
      id: subnet.id,
      availability_zone: subnet.zone,
      created_at: subnet.createdAt,
      updated_at: subnet.updatedAt,
      ...subnetFields(subnet),
    })),
    ...(call.since(63) && { status: 'active', security_service_update_support: true }),
    ...(call.since(70) && { network_allocation_update_support: true }),
  };
}

function list(call: ManilaCall, isDetail: boolean): LabResponse {
  const { limit, offset } = page(call);
  const { isAdmin } = call.context;
  const project = isAdmin ? (call.query.get('project_id') ?? undefined) : undefined;
  const all = project === undefined && allTenants(call);
  const wanted = (network: ShareNetwork): boolean =>
    (all || network.projectId === (project ?? call.projectId)) && named(call, network);
  const networks = [...call.state.networks.values()].filter(wanted).sort((a, b) => (a.id < b.id ? -1 : 1));
  // Here a limit of 0 means none.
  const shown = networks.slice(offset, offset + (limit ? limit : 1000));
  return ok({ share_networks: shown.map((network) => view(call, network, isDetail)) });
}

/** Filters by the network's or its subnets' own fields; `name~` looks for a part. */
function named(call: ManilaCall, network: ShareNetwork): boolean {
  const ignored = [
    'all_tenants',
    'created_since',
    'created_before',
    'limit',
    'offset',
    'security_service_id',
    'project_id',
  ];
  const fields: Record<string, string | null> = {
    name: network.name,
    description: network.description,
    id: network.id,
    neutron_net_id: network.subnets[0]?.neutronNetId ?? null,
    neutron_subnet_id: network.subnets[0]?.neutronSubnetId ?? null,
  };
  return [...call.query].every(([key, wanted]) => {
    if (ignored.includes(key)) return true;
    if (key.endsWith('~')) return call.since(36) && (fields[key.slice(0, -1)] ?? '').includes(wanted);
    return fields[key] === wanted;
  });
}

function show(call: ManilaCall): LabResponse {
  return ok({ share_network: view(call, findNetwork(call, call.param('share_network_id'))) });
}

function create(call: ManilaCall): LabResponse {
  const given = call.entity('share_network');
  if (!given) throw unprocessable();
  refuseNova(given);
  const zone = call.since(51) && 'availability_zone' in given ? zoneNamed(call, given['availability_zone']) : null;
  requireBothIds(given);
  claimNetwork(call.state, call.projectId, call.context.userId);
  const createdAt = call.state.time.manila();
  const network: ShareNetwork = {
    id: uuid(),
    name: textOrNull(given['name']),
    description: textOrNull(given['description']),
    projectId: call.projectId,
    userId: call.context.userId,
    createdAt,
    updatedAt: null,
    subnets: [newSubnet(given, zone, createdAt)],
  };
  call.state.networks.set(network.id, network);
  return ok({ share_network: view(call, network) });
}

function newSubnet(given: Record<string, unknown>, zone: string | null, createdAt: string): Subnet {
  return {
    id: uuid(),
    zone,
    neutronNetId: textOrNull(given['neutron_net_id']),
    neutronSubnetId: textOrNull(given['neutron_subnet_id']),
    createdAt,
    updatedAt: null,
    network: null,
  };
}

function textOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : pythonText(value);
}

function refuseNova(given: Record<string, unknown>): void {
  if ('nova_net_id' in given) throw badRequest('nova networking is not supported starting in Ocata.');
}

function requireBothIds(given: Record<string, unknown>): void {
  if ('neutron_net_id' in given === 'neutron_subnet_id' in given) return;
  throw badRequest(
    'When creating a new share network subnet you need to specify both neutron_net_id and neutron_subnet_id or none of them.',
  );
}

function zoneNamed(call: ManilaCall, given: unknown): string {
  const wanted = pythonText(given);
  const zone = call.state.zones.find(({ id, name }) => id === wanted || name === wanted);
  if (!zone) throw badRequest(`The provided availability zone ${wanted} does not exist.`);
  return zone.name;
}

function update(call: ManilaCall): LabResponse {
  const given = call.entity('share_network');
  if (!given) throw unprocessable();
  const network = findNetwork(call, call.param('share_network_id'));
  refuseNova(given);
  const used = sharesOf(call, network.id).length > 0;
  if (used && Object.keys(given).some((key) => key !== 'name' && key !== 'description')) {
    throw new ManilaFault(
      403,
      `Cannot update share network ${network.id}. It is used by share servers. Only 'name' and 'description' fields are available for update`,
    );
  }
  const [subnet] = network.subnets;
  if (subnet && 'neutron_net_id' in given) subnet.neutronNetId = textOrNull(given['neutron_net_id']);
  if (subnet && 'neutron_subnet_id' in given) subnet.neutronSubnetId = textOrNull(given['neutron_subnet_id']);
  if ('name' in given) network.name = textOrNull(given['name']);
  if ('description' in given) network.description = textOrNull(given['description']);
  network.updatedAt = call.state.time.manila();
  return ok({ share_network: view(call, network) });
}

function sharesOf(call: ManilaCall, networkId: string): unknown[] {
  return [...call.state.shares.values()].filter((share) => share.networkId === networkId);
}

function remove(call: ManilaCall): LabResponse {
  const network = findNetwork(call, call.param('share_network_id'));
  const shares = sharesOf(call, network.id).length;
  if (shares > 0) throw conflict(`Can not delete share network ${network.id}, it has ${shares} share(s).`);
  if (network.subnets.length > 1) {
    throw conflict(
      `The share network ${network.id} has more than one subnet attached. Please remove the subnets untill you have one or no subnets remaining.`,
    );
  }
  call.state.networks.delete(network.id);
  return accepted;
}

function subnetView(network: ShareNetwork, subnet: Subnet): Record<string, unknown> {
  return {
    id: subnet.id,
    availability_zone: subnet.zone,
    share_network_id: network.id,
    share_network_name: network.name,
    created_at: subnet.createdAt,
    updated_at: subnet.updatedAt,
    ...subnetFields(subnet),
  };
}

function listSubnets(call: ManilaCall): LabResponse {
  const network = findNetwork(call, call.param('share_network_id'));
  return ok({ share_network_subnets: network.subnets.map((subnet) => subnetView(network, subnet)) });
}

function createSubnet(call: ManilaCall): LabResponse {
  const given = isRecord(call.body) ? call.body['share-network-subnet'] : undefined;
  if (!isRecord(given)) throw badRequest('Share Network Subnet is missing from the request body.');
  requireBothIds(given);
  const network = findNetwork(call, call.param('share_network_id'));
  const zone = given['availability_zone'] ? zoneNamed(call, given['availability_zone']) : null;
  if (!call.since(70) && network.subnets.some((subnet) => subnet.zone === zone)) {
    throw conflict(
      `Another share network subnet was found in the specified availability zone. Only one share network subnet is allowed per availability zone for share network ${network.id}.`,
    );
  }
  const subnet = newSubnet(given, zone, call.state.time.manila());
  network.subnets.push(subnet);
  return ok({ share_network_subnet: subnetView(network, subnet) });
}

function findSubnet(call: ManilaCall, network: ShareNetwork): Subnet {
  const id = call.param('subnet_id');
  const subnet = network.subnets.find((one) => one.id === id);
  if (!subnet) throw notFound(`Share network subnet ${id} could not be found.`);
  return subnet;
}

function showSubnet(call: ManilaCall): LabResponse {
  const network = findNetwork(call, call.param('share_network_id'));
  return ok({ share_network_subnet: subnetView(network, findSubnet(call, network)) });
}

function removeSubnet(call: ManilaCall): LabResponse {
  const network = findNetwork(call, call.param('share_network_id'));
  const subnet = findSubnet(call, network);
  if (subnet.network && sharesOf(call, network.id).length > 0) {
    throw conflict(`Cannot delete share network subnet ${subnet.id}, it has one or more shares.`);
  }
  network.subnets = network.subnets.filter((one) => one !== subnet);
  return accepted;
}

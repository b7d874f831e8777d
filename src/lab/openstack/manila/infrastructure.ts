import type { LabResponse } from '../http-server.ts';
import { isRecord, pythonText } from '../python.ts';
import { ok, type ManilaCall, type ManilaRoute } from './call.ts';
import { badRequest, notFound } from './errors.ts';
import { satisfies } from './capabilities.ts';
import { usage } from './quotas.ts';
import { enabledBackends } from './scheduler.ts';
import { poolName } from './state.ts';

export const infrastructureRoutes: ManilaRoute[] = [
  { method: 'GET', path: '/scheduler-stats/pools', handler: (call) => pools(call, false), admin: true },
  { method: 'GET', path: '/scheduler-stats/pools/detail', handler: (call) => pools(call, true), admin: true },
  { method: 'GET', path: '/services', handler: services, since: 7, admin: true },
  { method: 'PUT', path: '/services/{action}', handler: setService, since: 7, admin: true, needsBody: true },
  { method: 'GET', path: '/availability-zones', handler: zones, since: 7 },
  { method: 'GET', path: '/limits', handler: limits },
];

/** Pools of the scheduler. `share_type` keeps those that fit the type, as the scheduler's own filter does. */
function pools(call: ManilaCall, isDetail: boolean): LabResponse {
  const query = call.filters();
  const typeName = call.since(23) ? query.get('share_type') : undefined;
  if (call.since(23)) query.delete('share_type');
  const specs = typeName ? typeSpecs(call, typeName) : {};
  const timestamp = call.state.time.manila();
  const found = enabledBackends(call.state).map((backend) => ({
    name: poolName(backend),
    host: backend.host,
    backend: backend.backend,
    pool: backend.pool,
    capabilities: { ...backend.capabilities, timestamp },
  }));
  const shown = found.filter((pool) => {
    const fields: Record<string, string> = { name: pool.name, host: pool.host, backend: pool.backend, pool: pool.pool };
    // Filters are regular expressions, anchored at the start only.
    const fits = [...query].every(([key, pattern]) => fields[key] !== undefined && matches(pattern, fields[key]));
    return fits && satisfies(pool.capabilities, specs);
  });
  const summary = ({ name, host, backend, pool }: (typeof found)[number]): object => ({ name, host, backend, pool });
  return ok({ pools: isDetail ? shown : shown.map(summary) });
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})`).test(text);
  } catch {
    return false;
  }
}

function typeSpecs(call: ManilaCall, nameOrId: string): Record<string, string | null> {
  const type = call.state.types.get(nameOrId) ?? call.state.typeByName(nameOrId);
  if (!type) throw badRequest(`Share type ${nameOrId} not found.`);
  return type.extraSpecs;
}

function services(call: ManilaCall): LabResponse {
  const updatedAt = call.state.time.manila();
  const all = call.state.services.map((service) => ({
    id: service.id,
    binary: service.binary,
    host: service.host,
    zone: call.state.zones[0]?.name ?? 'nova',
    status: service.disabled ? 'disabled' : 'enabled',
    state: 'up',
    updated_at: updatedAt,
  }));
  const keys = ['host', 'binary', 'zone', 'state', 'status'] as const;
  const shown = all.filter((service) => keys.every((key) => [null, service[key]].includes(call.query.get(key))));
  return ok({ services: shown });
}

function setService(call: ManilaCall): LabResponse {
  const action = call.param('action');
  if (action !== 'enable' && action !== 'disable') throw notFound();
  const { host, binary } = isRecord(call.body) ? call.body : {};
  if (host === undefined || binary === undefined) throw badRequest();
  const service = call.state.services.find((one) => one.host === host && one.binary === binary);
  if (!service) {
    throw notFound(`HostBinaryNotFound: Could not find binary ${pythonText(binary)} on host ${pythonText(host)}.`);
  }
  service.disabled = action === 'disable';
  return ok({ host, binary, disabled: service.disabled });
}

function zones(call: ManilaCall): LabResponse {
  return ok({
    availability_zones: call.state.zones.map(({ id, name, createdAt }) => ({
      id,
      name,
      created_at: createdAt,
      updated_at: null,
    })),
  });
}

/** Names under which quotas appear among the limits: `[quota, limit, use, microversion]`. */
const LIMITS: [string, string, string, number][] = [
  ['shares', 'maxTotalShares', 'totalSharesUsed', 0],
  ['snapshots', 'maxTotalShareSnapshots', 'totalShareSnapshotsUsed', 0],
  ['gigabytes', 'maxTotalShareGigabytes', 'totalShareGigabytesUsed', 0],
  ['snapshot_gigabytes', 'maxTotalSnapshotGigabytes', 'totalSnapshotGigabytesUsed', 0],
  ['share_networks', 'maxTotalShareNetworks', 'totalShareNetworksUsed', 0],
  ['share_groups', 'maxTotalShareGroups', 'totalShareGroupsUsed', 58],
  ['share_group_snapshots', 'maxTotalShareGroupSnapshots', 'totalShareGroupSnapshotsUsed', 58],
  ['share_replicas', 'maxTotalShareReplicas', 'totalShareReplicasUsed', 53],
  ['replica_gigabytes', 'maxTotalReplicaGigabytes', 'totalReplicaGigabytesUsed', 53],
];

function limits(call: ManilaCall): LabResponse {
  const { projectId, state } = call;
  const set = state.quotas.limits({ projectId });
  const use = usage(state, { projectId });
  const shown = LIMITS.filter(([, , , since]) => call.since(since));
  const absolute = Object.fromEntries([
    ...shown.map(([quota, limit]) => [limit, set[quota]]),
    ...shown.map(([quota, , used]) => [used, use[quota]?.in_use ?? 0]),
  ]) as Record<string, number>;
  return ok({ limits: { rate: [], absolute } });
}

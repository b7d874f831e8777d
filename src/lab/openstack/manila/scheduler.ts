import type { Backend } from './backends.ts';
import { satisfies } from './capabilities.ts';
import { BOOLEAN } from './extra-specs.ts';
import { poolName, type ManilaState, type ShareType } from './state.ts';

/** What a user message says about a scheduler that found no place, by the filter that took away the last one. */
export const NO_HOST = { availabilityZone: '007', capabilities: '008', capacity: '009' } as const;

export interface PlacementRequest {
  type: ShareType;
  proto: string;
  /** GiB. */
  size: number;
  /** Name of the zone that was asked for. */
  zone: string | null;
  /** Names of the zones that type or share network allow; empty where all do. */
  zones: readonly string[];
}

/** The pool with the most room among those that pass every filter, or the `detail_id` of the filter that left none. */
export function place(state: ManilaState, request: PlacementRequest): Backend | { detailId: string } {
  const specs = schedulerSpecs(request);
  const filters: [string, (backend: Backend) => boolean][] = [
    [
      NO_HOST.availabilityZone,
      ({ zone }) =>
        (request.zone === null || zone === request.zone) &&
        (request.zones.length === 0 || request.zones.includes(zone)),
    ],
    [NO_HOST.capacity, (backend) => freeGb(state, backend) >= request.size],
    [NO_HOST.capabilities, ({ capabilities }) => satisfies(capabilities, specs)],
  ];
  let pools = enabledBackends(state);
  for (const [detailId, passes] of filters) {
    pools = pools.filter(passes);
    if (pools.length === 0) return { detailId };
  }
  return pools.reduce((best, pool) => (freeGb(state, pool) > freeGb(state, best) ? pool : best));
}

/** Back ends whose service takes new shares. */
export function enabledBackends(state: ManilaState): Backend[] {
  const disabled = new Set(state.services.filter((service) => service.disabled).map((service) => service.host));
  return state.options.backends.filter(({ host, backend }) => !disabled.has(`${host}@${backend}`));
}

/** GiB that the scheduler still gives away in a pool, whatever the pool itself reports. */
export function freeGb(state: ManilaState, backend: Backend): number {
  const reported = Number(backend.capabilities.free_capacity_gb);
  // A driver may also say `infinite` or `unknown`, and then its pools are never full.
  if (Number.isNaN(reported)) return Infinity;
  const name = poolName(backend);
  const taken = [...state.shares.values()].filter((share) => share.host === name);
  return reported - taken.reduce((sum, share) => sum + share.size + share.growing, 0);
}

/** The type's specs with what the scheduler adds: booleans as `<is>`, and the protocol where the type names none. */
function schedulerSpecs({ type, proto }: PlacementRequest): Record<string, string | null> {
  const specs = Object.fromEntries(
    Object.entries(type.extraSpecs).map(([key, value]) => [
      key,
      BOOLEAN.includes(key) && value !== null && !value.startsWith('<is>') ? `<is> ${value}` : value,
    ]),
  );
  specs['storage_protocol'] ??= `<in> ${proto}`;
  return specs;
}

import type { LoadedConfig } from '../config/types.ts';
import { type CliError, configError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { capabilityPath, lookUp, mismatch } from '../openstack/manila/capabilities.ts';
import type { Pool } from '../openstack/types.ts';
import type { WantedShareType } from './share-type-spec.ts';

/** What the scheduler has to choose from. */
export interface BackEnds {
  pools: readonly Pool[];
  /** Names of the availability zones; empty where no type names one. */
  zones: readonly string[];
}

/** Names of the pools that can serve the type now: the scheduler's own comparison, before the type exists. */
export function poolsFor({ protocol, extraSpecs }: WantedShareType, { pools }: BackEnds): string[] {
  const specs = { storage_protocol: `<in> ${protocol}`, ...extraSpecs };
  return pools.filter((pool) => mismatch(pool, specs) === undefined).map(({ name }) => name);
}

/**
 * Why no share of this type could be made, which Manila itself tells only when the first share fails; undefined where
 * one could, and where no pool reports, as after a restart of the scheduler.
 */
export function whyUnserved(type: WantedShareType, backEnds: BackEnds, loaded: LoadedConfig): CliError | undefined {
  const { pools, zones } = backEnds;
  if (pools.length === 0) return undefined;
  const name = JSON.stringify(type.name);
  const unknown = unknownCapability(type, pools);
  if (unknown) {
    const place = loaded.where(['shareTypes', type.index, 'extraSpecs', unknown.key]);
    return configError(
      'no-such-capability',
      `${place}: share type ${name}: no storage pool of this cloud has a capability ${JSON.stringify(unknown.key)}${didYouMean(unknown.key, unknown.known)}, so no share of it could ever be made`,
      { remedy: 'correct the key; what is meant for a driver has a scope in front, such as netapp:dedup' },
    );
  }
  const problem = missingZone(type, zones) ?? noPool(type, backEnds);
  if (problem === undefined) return undefined;
  return configError(
    'no-back-end',
    `${loaded.where(['shareTypes', type.index, 'name'])}: share type ${name}: ${problem}`,
    {
      remedy: 'correct its extra specs; --force where the back end is still to come',
    },
  );
}

/** An unscoped key that no pool has heard of: mostly a slip of the pen. */
function unknownCapability(
  type: WantedShareType,
  pools: readonly Pool[],
): { key: string; known: string[] } | undefined {
  for (const key of Object.keys(type.extraSpecs)) {
    const path = capabilityPath(key);
    if (path === undefined || pools.some(({ capabilities }) => lookUp(capabilities, path) !== undefined)) continue;
    const known = [...new Set(pools.flatMap(({ capabilities }) => Object.keys(capabilities)))];
    // A capability that pools report as null is known; no value of it matches now.
    if (path.length === 1 && known.includes(path[0] ?? '')) continue;
    return { key, known };
  }
  return undefined;
}

function missingZone({ extraSpecs }: WantedShareType, zones: readonly string[]): string | undefined {
  const wanted = (extraSpecs.availability_zones ?? '').split(',').map((zone) => zone.trim());
  const missing = wanted.filter((zone) => zone !== '' && !zones.includes(zone));
  return missing.length > 0
    ? `there is no availability zone ${missing.join(', ')} (there are ${zones.join(', ')})`
    : undefined;
}

function noPool(type: WantedShareType, { pools, zones }: BackEnds): string | undefined {
  if (poolsFor(type, { pools, zones }).length > 0) return undefined;
  const specs = { storage_protocol: `<in> ${type.protocol}`, ...type.extraSpecs };
  const reasons = pools.map((pool) => {
    const found = mismatch(pool, specs);
    return `${pool.name} has ${found?.key ?? ''} ${found?.reported === undefined ? 'not at all' : JSON.stringify(found.reported)}, not ${JSON.stringify(found?.wanted)}`;
  });
  return `no storage pool can serve it now: ${summary(reasons)}`;
}

/** Clouds have dozens of pools; the first ones tell enough. */
function summary(reasons: string[]): string {
  const shown = reasons.slice(0, 4).join('; ');
  return reasons.length > 4 ? `${shown}; and ${reasons.length - 4} more` : shown;
}

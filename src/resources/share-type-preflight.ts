import type { LoadedConfig } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import { configError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { capabilityPath, lookUp, mismatch } from '../openstack/manila/capabilities.ts';
import type { Pool, ShareType } from '../openstack/types.ts';
import type { WantedShareType } from './share-type-spec.ts';

/**
 * Tells before a type is made that no pool can serve it: Manila itself accepts it and then fails every share. A
 * warning, since a back end may be about to come; but a new type with a capability that no pool of the cloud has ever
 * heard of is a slip of the pen, and refused.
 *
 * @throws CliError `no-such-capability` (exit 2), before anything was written.
 */
export function preflight(
  ctx: Context,
  loaded: LoadedConfig,
  wanted: WantedShareType[],
  { types, pools, zones }: { types: ShareType[]; pools: Pool[]; zones: string[] },
): void {
  if (pools.length === 0) {
    ctx.io.warn('Manila reports no storage pools, so it cannot be told whether these share types can be served');
    return;
  }
  for (const type of wanted) {
    const isNew = !types.some(({ name }) => name === type.name);
    if (isNew) refuseUnknownCapabilities(type, pools, loaded);
    const problem = problemOf(type, pools, zones);
    if (problem !== undefined) ctx.io.warn(`share type ${JSON.stringify(type.name)}: ${problem}`);
  }
}

function refuseUnknownCapabilities(type: WantedShareType, pools: Pool[], loaded: LoadedConfig): void {
  for (const key of Object.keys(type.extraSpecs)) {
    const path = capabilityPath(key);
    if (path === undefined || pools.some(({ capabilities }) => lookUp(capabilities, path) !== undefined)) continue;
    const known = [...new Set(pools.flatMap(({ capabilities }) => Object.keys(capabilities)))];
    // A capability that pools report as null is known; no value of it matches now.
    if (path.length === 1 && known.includes(path[0] ?? '')) continue;
    throw configError(
      'no-such-capability',
      `${loaded.where(['shareTypes', type.index, 'extraSpecs', key])}: no storage pool of this cloud has a capability ${JSON.stringify(key)}${didYouMean(key, known)}, so no share of type ${JSON.stringify(type.name)} could ever be made`,
      { remedy: 'correct the key; what is meant for a driver has a scope in front, such as netapp:dedup' },
    );
  }
}

function problemOf(type: WantedShareType, pools: Pool[], zones: string[]): string | undefined {
  const wantedZones = (type.extraSpecs.availability_zones ?? '').split(',').map((zone) => zone.trim());
  const missing = wantedZones.filter((zone) => zone !== '' && !zones.includes(zone));
  if (missing.length > 0) return `there is no availability zone ${missing.join(', ')} (there are ${zones.join(', ')})`;
  const specs = { storage_protocol: `<in> ${type.protocol}`, ...type.extraSpecs };
  const mismatches = pools.map((pool) => mismatch(pool, specs));
  if (mismatches.includes(undefined)) return undefined;
  const reasons = pools.map((pool, i) => {
    const found = mismatches[i];
    return `${pool.name} has ${found?.key ?? ''} ${found?.reported === undefined ? 'not at all' : JSON.stringify(found.reported)}, not ${JSON.stringify(found?.wanted)}`;
  });
  return `no storage pool can serve it now: ${summary(reasons)}`;
}

/** Clouds have dozens of pools; the first ones tell enough. */
function summary(reasons: string[]): string {
  const shown = reasons.slice(0, 4).join('; ');
  return reasons.length > 4 ? `${shown}; and ${reasons.length - 4} more` : shown;
}

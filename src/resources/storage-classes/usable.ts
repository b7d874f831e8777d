import type { Protocol, StorageClassOverride } from '../../config/types.ts';
import { speaks } from '../../drivers/protocols.ts';
import { asBoolean, mismatch } from '../../openstack/manila/capabilities.ts';
import type { Pool, ShareNetwork, ShareType } from '../../openstack/types.ts';
import { matchesPattern } from './names.ts';

/** What decides whether a share type gets a class, and what kind of class. */
export interface UsableRules {
  include: readonly string[];
  exclude: readonly string[];
  /** Protocols that drivers are installed for. */
  protocols: readonly Protocol[];
  /** Share network that the file names for all types, by name or id. */
  shareNetwork?: string | undefined;
}

/** What is known of the cloud. */
export interface CloudFacts {
  /** Pools of the cloud; undefined where this user may not see them. */
  pools: readonly Pool[] | undefined;
  /** Ids of the types that the drivers' project may use. */
  visible: ReadonlySet<string>;
  /** Name of the drivers' project. */
  project: string;
  /** Share networks of that project; empty where no type needs one. */
  shareNetworks: readonly ShareNetwork[];
}

/** What volumes of a share type can do in this cluster. */
export interface Usable {
  protocol: Protocol;
  /** Share network of the shares, where the back end makes share servers. */
  shareNetworkId?: string;
  /** Zones that the type is limited to; empty where it is not. */
  zones: readonly string[];
  /** Can shares of it be snapshotted, and shares be made from the snapshots? The driver wants both. */
  snapshots: boolean;
}

/** The answer for one type: what it can do, or why volumes cannot work or are not wanted, as the end of a sentence. */
export type Verdict = { usable: Usable; reason?: undefined } | { usable?: undefined; reason: string };

/** Classifies a share type for the classes of the drivers' own project. */
export function classify(
  type: ShareType,
  rules: UsableRules,
  cloud: CloudFacts,
  override: StorageClassOverride = {},
): Verdict {
  if (!rules.include.some((pattern) => matchesPattern(pattern, type.name))) {
    return { reason: 'storageClasses.include does not name it' };
  }
  if (rules.exclude.some((pattern) => matchesPattern(pattern, type.name))) {
    return { reason: 'storageClasses.exclude names it' };
  }
  if (!cloud.visible.has(type.id)) return { reason: `it is private, and project ${cloud.project} has no access to it` };
  return byCapabilities(type, rules, cloud, override);
}

/** The part that has nothing to do with whose shares they are, but for share networks. */
export function byCapabilities(
  type: ShareType,
  { protocols, shareNetwork }: Pick<UsableRules, 'protocols' | 'shareNetwork'>,
  cloud: CloudFacts,
  override: StorageClassOverride = {},
): Verdict {
  const found = protocolFor(type, protocols, cloud.pools, override.protocol);
  if (typeof found !== 'string') return found;
  const zones = zonesOf(type);
  const zone = override.availabilityZone;
  if (zone !== undefined && zones.length > 0 && !zones.includes(zone)) {
    return { reason: `it is limited to zones ${zones.join(', ')}, and the file puts its class into ${zone}` };
  }
  const usable: Usable = { protocol: found, zones, snapshots: hasSnapshots(type) };
  if (!handlesServers(type)) return { usable };
  const network = networkFor(override.shareNetwork ?? shareNetwork, cloud, zone === undefined ? zones : [zone]);
  return typeof network === 'string' ? { reason: network } : { usable: { ...usable, shareNetworkId: network.id } };
}

/** Does the back end make a share server for each share network? */
export function handlesServers({ extraSpecs }: ShareType): boolean {
  return asBoolean(extraSpecs.driver_handles_share_servers ?? '') === true;
}

function hasSnapshots({ extraSpecs }: ShareType): boolean {
  return [extraSpecs.snapshot_support, extraSpecs.create_share_from_snapshot_support].every(
    (value) => asBoolean(value ?? '') === true,
  );
}

function zonesOf({ extraSpecs }: ShareType): string[] {
  return (extraSpecs.availability_zones ?? '')
    .split(',')
    .map((zone) => zone.trim())
    .filter((zone) => zone !== '');
}

/**
 * The protocol of the volumes: what the file says, else what the extra spec says, else what the pools speak that the
 * scheduler would choose from. Where no pool fits, the back end may be down for a moment, and nothing is concluded.
 */
function protocolFor(
  type: ShareType,
  installed: readonly Protocol[],
  pools: readonly Pool[] | undefined,
  chosen: Protocol | undefined,
): Protocol | Verdict {
  const [first] = installed;
  if (first === undefined) return { reason: 'no driver is installed' };
  const drivers =
    installed.length === 1 ? 'the driver that is installed speaks' : 'the drivers that are installed speak';
  const none = (what: string): Verdict => ({ reason: `${what}, and ${drivers} ${installed.join(' and ')}` });
  if (chosen !== undefined) return installed.includes(chosen) ? chosen : none(`the file says that it is ${chosen}`);
  const spec = type.extraSpecs.storage_protocol;
  const bySpec = spec === undefined ? installed : installed.filter((protocol) => speaks(spec, protocol));
  if (bySpec.length === 0) return none(`its extra spec storage_protocol is ${spec ?? ''}`);
  const rest = Object.fromEntries(Object.entries(type.extraSpecs).filter(([key]) => key !== 'storage_protocol'));
  const fitting = (pools ?? []).filter((pool) => mismatch(pool, rest) === undefined);
  const spoken = [...new Set(fitting.map(({ capabilities }) => protocolOf(capabilities)))];
  const byPools = bySpec.filter((protocol) => spoken.some((words) => speaks(words, protocol)));
  if (fitting.length === 0) return bySpec[0] ?? first;
  const backEnd = type.extraSpecs.share_backend_name;
  return (
    byPools[0] ??
    none(
      backEnd === undefined
        ? `the back ends that can serve it speak ${spoken.join(' and ')}`
        : `its back end ${backEnd} speaks ${spoken.join(' and ')}`,
    )
  );
}

export function protocolOf({ storage_protocol: protocol }: Pool['capabilities']): string {
  return typeof protocol === 'string' ? protocol : 'NFS';
}

/** The share network that a class names, or why there is none. `zones`: where shares may be made; empty for anywhere. */
function networkFor(
  wanted: string | undefined,
  { shareNetworks, project }: CloudFacts,
  zones: readonly string[],
): ShareNetwork | string {
  const needed = 'its back end makes share servers (driver_handles_share_servers), for which a share network is needed';
  const sorted = [...shareNetworks].sort((a, b) => (a.id < b.id ? -1 : 1));
  const found = wanted === undefined ? sorted : sorted.filter(({ id, name }) => id === wanted || name === wanted);
  const listed = (networks: readonly ShareNetwork[]): string =>
    networks.map(({ id, name }) => (name === '' ? id : name)).join(', ');
  if (sorted.length === 0) return `${needed}, and project ${project} has none`;
  if (found.length === 0) {
    return `${needed}, and project ${project} has no ${wanted ?? ''}; it has ${listed(sorted)}`;
  }
  const [network] = found;
  if (network === undefined || found.length > 1) {
    return wanted === undefined
      ? `${needed}, and project ${project} has several (${listed(sorted)}): name one as storageClasses.shareNetwork`
      : `${needed}, and project ${project} has several that are called ${wanted}: name one by its id`;
  }
  if (network.status !== 'active') return `share network ${listed([network])} is in status ${network.status}`;
  const serves = (zone: string): boolean => network.zones.includes(undefined) || network.zones.includes(zone);
  if (network.zones.length === 0) return `share network ${listed([network])} has no subnet`;
  if (zones.length > 0 && !zones.some(serves)) {
    return `share network ${listed([network])} has no subnet in zone ${zones.join(' or ')}`;
  }
  return network;
}

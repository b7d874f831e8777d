import type { Pool, ShareType } from '../../openstack/types.ts';
import { matchesPattern } from './names.ts';

/** What decides whether a share type gets a class. */
export interface UsableRules {
  include: readonly string[];
  exclude: readonly string[];
  /** Pools of the cloud; undefined where this user may not see them. */
  pools: readonly Pool[] | undefined;
  /** Ids of the types that the drivers' project may use. */
  visible: ReadonlySet<string>;
  /** Name of the drivers' project. */
  project: string;
}

/** Why volumes of this type cannot work, or are not wanted, as the end of a sentence; undefined where they can. */
export function whyNoClass(type: ShareType, rules: UsableRules): string | undefined {
  if (!rules.include.some((pattern) => matchesPattern(pattern, type.name))) {
    return 'storageClasses.include does not name it';
  }
  if (rules.exclude.some((pattern) => matchesPattern(pattern, type.name))) return 'storageClasses.exclude names it';
  if (!rules.visible.has(type.id)) return `it is private, and project ${rules.project} has no access to it`;
  const protocol = otherProtocol(type, rules.pools);
  if (protocol !== undefined) return `${protocol}, and the driver that is installed speaks NFS`;
  if (isTrue(type.extraSpecs.driver_handles_share_servers)) {
    return 'its back end makes share servers (driver_handles_share_servers), for which a share network is needed';
  }
  return undefined;
}

/** Said of a type whose shares cannot be NFS: by its extra spec, or by all pools of the back end that it names. */
function otherProtocol(type: ShareType, pools: readonly Pool[] | undefined): string | undefined {
  const wanted = type.extraSpecs.storage_protocol;
  if (wanted !== undefined && !speaksNfs(wanted)) return `its extra spec storage_protocol is ${wanted}`;
  const backEnd = type.extraSpecs.share_backend_name;
  if (backEnd === undefined || pools === undefined) return undefined;
  const own = pools.filter(({ capabilities }) => capabilities.share_backend_name === backEnd);
  const protocols = [...new Set(own.map(({ capabilities }) => protocolOf(capabilities)))];
  if (protocols.length === 0 || protocols.some(speaksNfs)) return undefined;
  return `its back end ${backEnd} speaks ${protocols.join(' and ')}`;
}

function protocolOf({ storage_protocol: protocol }: Pool['capabilities']): string {
  return typeof protocol === 'string' ? protocol : 'NFS';
}

/** `NFS`, `NFS_CIFS`, `<or> NFS <or> CIFS`, `<in> NFS`. */
function speaksNfs(protocol: string): boolean {
  return /(^|[^a-z])nfs([^a-z]|$)/i.test(protocol);
}

/** Extra specs are text; these are the words that Manila takes for true (oslo_utils.strutils). */
function isTrue(value: string | undefined): boolean {
  return /^(?:<is>\s*)?(?:true|t|1|yes|y|on)$/i.test(value?.trim() ?? '');
}

import type { ShareType } from './types.ts';

/** A share type as it is listed. */
export interface ShareTypeEntry {
  /** Id in Manila. */
  id: string;
  /** Unique, without regard to case on most clouds. */
  name: string;
  /** Empty where there is none. */
  description: string;
  /** May every project use it? Otherwise only those on its access list. */
  isPublic: boolean;
  /** Is it the cloud's default type (`default_share_type` in manila.conf)? */
  isDefault: boolean;
  /** Does the driver make share servers, so that shares need a share network? */
  driverHandlesShareServers: boolean;
  /** Can shares of this type have snapshots? */
  snapshots: boolean;
  /** All extra specs that this user may see, as stored. */
  extraSpecs: Record<string, string>;
}

export interface ShareTypeList {
  /** In the order of their names. */
  shareTypes: ShareTypeEntry[];
}

/** A share type with what belongs to it. */
export interface ShareTypeDetails extends ShareTypeEntry {
  /** Ids of the projects that may use a private type. Absent for a public one, and for users who may not see it. */
  projects?: string[];
  /** Names (`host@backend#pool`) of the pools whose capabilities match now. Absent for users who may not see them. */
  pools?: string[];
}

export function shareTypeEntry(type: ShareType): ShareTypeEntry {
  const { id, name, description, isPublic, isDefault, extraSpecs } = type;
  const isTrue = (key: string): boolean => /^(<is>\s*)?(true|1|yes|on|t|y)$/i.test(extraSpecs[key]?.trim() ?? '');
  return {
    id,
    name,
    description,
    isPublic,
    isDefault,
    driverHandlesShareServers: isTrue('driver_handles_share_servers'),
    snapshots: isTrue('snapshot_support'),
    extraSpecs: Object.fromEntries(Object.entries(extraSpecs).sort(([a], [b]) => a.localeCompare(b))),
  };
}

export function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name);
}

import type { Config, ConfigPath, LoadedConfig } from '../config/types.ts';
import { unstorable } from '../core/database-text.ts';
import { type CliError, configError } from '../core/errors.ts';
import type { Findings } from '../reconcile/findings.ts';
import type { Microversion } from '../openstack/manila/api.ts';
import { asBoolean } from '../openstack/manila/capabilities.ts';
import { isMark } from './share-type-mark.ts';

/** A share type as the file wants it, in Manila's words. */
export interface WantedShareType {
  /** Place in the file, for messages. */
  index: number;
  name: string;
  /** undefined: whatever it is. */
  description: string | undefined;
  protocol: string;
  isPublic: boolean;
  /** Projects by name or id as the file has them; empty for a public type. */
  projects: string[];
  extraSpecs: Record<string, string>;
  /** Keys that the type must not have, whoever set them. */
  without: string[];
}

export const DHSS = 'driver_handles_share_servers';
const SNAPSHOT_KEYS = {
  create: 'snapshot_support',
  restore: 'create_share_from_snapshot_support',
  revert: 'revert_to_snapshot_support',
  mount: 'mount_snapshot_support',
} as const;
const BOOLEAN_KEYS = new Set<string>([
  DHSS,
  ...Object.values(SNAPSHOT_KEYS),
  'mount_point_name_support',
  'snapshot_inherit_share_access_support',
]);
const SIZE_KEYS = new Set([
  'provisioning:min_share_size',
  'provisioning:max_share_size',
  'provisioning:max_share_extend_size',
]);

/** Extra specs without a scope that older clouds take for the name of a capability, which no back end then has. */
const SPEC_VERSIONS: Readonly<Record<string, Microversion>> = {
  replication_type: '2.11',
  create_share_from_snapshot_support: '2.24',
  revert_to_snapshot_support: '2.27',
  mount_snapshot_support: '2.32',
  availability_zones: '2.48',
  'provisioning:min_share_size': '2.61',
  'provisioning:max_share_size': '2.61',
  'provisioning:max_share_extend_size': '2.68',
  mount_point_name_support: '2.84',
  snapshot_inherit_share_access_support: '2.99',
};

/** The microversion from which on a cloud knows an extra spec. */
export function specVersion(key: string): Microversion {
  return SPEC_VERSIONS[key] ?? '2.7';
}

/**
 * The share types of the file. What Manila would refuse is found here: Yoga and Zed answer it with an unfilled
 * template (`Invalid extra_spec: %(reason)s.`). Every fault goes to `findings` with its place; types that have one,
 * there or in the file, are left out.
 */
export function wantedShareTypes({ config, where, faulty }: LoadedConfig, findings: Findings): WantedShareType[] {
  return config.shareTypes.flatMap((type, index) => {
    if (faulty?.(['shareTypes', index])) return [];
    const faults: CliError[] = [];
    const fault: Fault = (path, sentence) => {
      faults.push(
        configError(
          'config-invalid',
          `${where(['shareTypes', index, ...path])}: share type ${JSON.stringify(type.name)}: ${sentence}`,
        ),
      );
    };
    refuseUnstorable(type.name, ['name'], fault);
    refuseUnstorable(type.description ?? '', ['description'], fault);
    const wanted: WantedShareType = {
      index,
      name: type.name,
      description: type.description,
      protocol: type.protocol,
      isPublic: type.access === 'public',
      projects: type.access === 'public' ? [] : type.access,
      extraSpecs: extraSpecsOf(type, fault),
      without: Object.keys(type.extraSpecs).filter((key) => type.extraSpecs[key] === null),
    };
    for (const error of faults) findings.refuse(error);
    return faults.length === 0 ? [wanted] : [];
  });
}

type Fault = (path: ConfigPath, sentence: string) => void;

function refuseUnstorable(text: string, path: ConfigPath, fault: Fault): void {
  const char = unstorable(text);
  if (char !== undefined)
    fault(path, `Manila's database cannot hold the character ${char} (it keeps three bytes a character)`);
}

function extraSpecsOf(type: Config['shareTypes'][number], fault: Fault): Record<string, string> {
  const specs: Record<string, string> = { [DHSS]: specText(type.driverHandlesShareServers) };
  for (const [name, key] of Object.entries(SNAPSHOT_KEYS)) {
    const value = type.snapshots?.[name as keyof typeof SNAPSHOT_KEYS];
    if (value !== undefined) specs[key] = specText(value);
  }
  for (const [key, raw] of Object.entries(type.extraSpecs)) {
    const path = ['extraSpecs', key];
    const own = specs[key];
    if (raw === null) {
      const fixed =
        own === undefined ? undefined : `${key} is ${own} by ${OWN_WORDS[key] ?? 'another key'}, and to go here`;
      if (fixed !== undefined) fault(path, `${fixed}; say it once`);
      continue;
    }
    const value = specText(raw);
    const problem = faultOf(key, value);
    if (problem !== undefined) fault(path, problem);
    refuseUnstorable(value, path, fault);
    if (own !== undefined && !sameSpec(key, own, value)) {
      fault(path, `${key} is ${value} here and ${own} by ${OWN_WORDS[key] ?? 'another key'}; say it once`);
    }
    specs[key] ??= value;
  }
  return specs;
}

const OWN_WORDS: Record<string, string> = {
  [DHSS]: 'driverHandlesShareServers',
  ...Object.fromEntries(Object.entries(SNAPSHOT_KEYS).map(([name, key]) => [key, `snapshots.${name}`])),
};

/** Manila compares the words True and False; JSON booleans it would store as "1". */
function specText(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

/** What Manila has against an extra spec: manila/share/share_types.py and api/v2/share_types_extra_specs.py. */
function faultOf(key: string, value: string): string | undefined {
  if (!/^[\w.:-]{1,255}$/.test(key)) return `${key} is no name of an extra spec: letters, digits and _ . : - only`;
  if (isMark(key)) return `${key} is kept by manila-rwx itself`;
  if (/\.(json|xml)$/.test(key)) return `${key} could never be read or removed: Manila takes the ending for a format`;
  if (value.length === 0 || value.length > 255) return `${key} must have 1 to 255 characters`;
  if (BOOLEAN_KEYS.has(key) && asBoolean(value) === undefined) return `${key} must be true or false, not ${value}`;
  if (key === DHSS && value.trim().startsWith('<is>')) return `${key} must be true or false without <is>`;
  if (key === 'replication_type' && !['writable', 'readable', 'dr'].includes(value)) {
    return `${key} must be writable, readable or dr, not ${value}`;
  }
  if (key === 'availability_zones' && value.split(',').some((zone) => zone.trim() === '')) {
    return `${key} has an empty name between its commas`;
  }
  if (SIZE_KEYS.has(key) && !/^[1-9]\d*$/.test(value)) return `${key} must be a whole number of GiB, not ${value}`;
  return undefined;
}

/** Do both say the same? `True`, `true`, `1` and `<is> True` do where a boolean is meant. */
export function sameSpec(key: string, wanted: string, present: string): boolean {
  if (wanted.trim() === present.trim()) return true;
  if (key === 'availability_zones') return zones(wanted).join() === zones(present).join();
  const meansBoolean = BOOLEAN_KEYS.has(key) || /^(<is>\s*)?(true|false)$/i.test(wanted.trim());
  return meansBoolean && asBoolean(wanted) !== undefined && asBoolean(wanted) === asBoolean(present);
}

function zones(list: string): string[] {
  return list
    .split(',')
    .map((zone) => zone.trim())
    .sort();
}

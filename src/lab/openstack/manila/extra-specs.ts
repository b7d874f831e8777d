import { pythonText, strictBool } from '../python.ts';
import { badRequest, type ManilaFault } from './errors.ts';

/** Extra specs that the API itself knows, in its order. The first is required; tenants see all of these and no others. */
export const TENANT_VISIBLE = [
  'driver_handles_share_servers',
  'snapshot_support',
  'create_share_from_snapshot_support',
  'revert_to_snapshot_support',
  'replication_type',
  'mount_snapshot_support',
  'availability_zones',
  'provisioning:max_share_size',
  'provisioning:min_share_size',
];
/** What a type that does not say otherwise has, for its shares and in the eyes of tenants. */
export const INFERRED = [
  'snapshot_support',
  'create_share_from_snapshot_support',
  'revert_to_snapshot_support',
  'mount_snapshot_support',
];
export const BOOLEAN = ['driver_handles_share_servers', ...INFERRED];

/** `True`, or `<is> True` in the scheduler's manner. Undefined where it is no boolean. */
export function specBool(value: unknown): boolean | undefined {
  const inner = /^<is>\s*(True|False)$/i.exec(pythonText(value).trim())?.[1];
  return strictBool(inner ?? value);
}

/** @returns is the value good for this key? Undefined for keys that the API does not know. */
export function specIsValid(key: string, value: unknown): boolean | undefined {
  if (key === 'driver_handles_share_servers') return strictBool(value) !== undefined;
  if (INFERRED.includes(key)) return specBool(value) !== undefined;
  if (key === 'replication_type') return ['writable', 'readable', 'dr'].includes(pythonText(value));
  if (key === 'availability_zones') {
    return pythonText(value)
      .split(',')
      .every((zone) => zone.trim() !== '');
  }
  if (key.startsWith('provisioning:') && TENANT_VISIBLE.includes(key)) return sizeIsValid(value);
  return undefined;
}

/** @throws 400: the sentence does not name the key, and takes the place of the usual one. */
function sizeIsValid(value: unknown): boolean {
  const text = pythonText(value).trim();
  if (!/^[+-]?\d+$/.test(text)) throw badRequest('share_size must be an integer');
  if (Number(text) < 1) throw badRequest('share_size must be >= 1');
  return true;
}

const INVALID_SPEC = 'Invalid extra_spec: %(reason)s.';

/** The specs of a new type, as they are stored. @throws 400 */
export function specsOfNewType(given: Record<string, unknown>): Record<string, string | null> {
  if (specIsValid('driver_handles_share_servers', given['driver_handles_share_servers']) !== true) {
    throw badRequest(INVALID_SPEC);
  }
  for (const [key, value] of Object.entries(given)) {
    if (specIsValid(key, value) === false) throw badRequest(`Invalid share type: ${INVALID_SPEC}`);
  }
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, value === null ? null : stored(key, pythonText(value))]),
  );
}

/**
 * Specs that are added to a type. Booleans become `1` and `0` here, and `True` and `False` at its creation.
 *
 * @param noBoolean the refusal of a word that is no boolean, which differs from call to call
 * @throws 400
 */
export function specsToAdd(
  given: Record<string, unknown>,
  noBoolean: (key: string, value: string) => ManilaFault,
): Record<string, string> {
  const text = (value: unknown): boolean => typeof value === 'string' && value.length >= 1 && value.length <= 255;
  for (const [key, value] of Object.entries(given)) {
    if (INFERRED.includes(key) && specBool(value) === undefined) throw noBoolean(key, pythonText(value));
    if (!text(key) || !(text(value) || typeof value === 'boolean') || specIsValid(key, value) === false) {
      throw badRequest(`Invalid extra_spec: ${key}: ${pythonText(value)}`);
    }
  }
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      stored(key, typeof value === 'boolean' ? String(Number(value)) : pythonText(value)),
    ]),
  );
}

function stored(key: string, value: string): string {
  if (key !== 'availability_zones') return value;
  return value
    .split(',')
    .map((zone) => zone.trim())
    .join(',');
}

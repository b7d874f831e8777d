import type { AccessRule } from '../openstack/identity-admin.ts';
import { MANILA_TYPES } from '../openstack/session.ts';
import type { Session } from '../openstack/types.ts';

/**
 * Every call that Manila CSI makes, below the endpoint's path: read in its source (v1.36.0,
 * pkg/csi/manila/manilaclient) and seen in Manila's log. `GET /share-access-rules` is what versions after 1.36 use
 * instead of the action `access_list`. `*` is any one segment, so `/shares/*` is `/shares/detail` too.
 */
const DRIVER_CALLS: readonly (readonly [AccessRule['method'], string])[] = [
  ['POST', '/shares'],
  ['GET', '/shares/*'],
  ['DELETE', '/shares/*'],
  ['POST', '/shares/*/action'],
  ['GET', '/shares/*/export_locations'],
  ['GET', '/share-access-rules'],
  ['POST', '/snapshots'],
  ['GET', '/snapshots/*'],
  ['DELETE', '/snapshots/*'],
  ['GET', '/messages'],
];

type Catalog = Awaited<ReturnType<Session['catalog']>>;

/**
 * Access rules that limit an application credential to what the driver does. Manila compares a rule's `service` with
 * its own setting `[keystone_authtoken] service_type`, which no API tells and which may be another name than that of
 * the endpoint (Kolla sets `share` and serves `sharev2`): so there is a set for each name of Manila in the catalog.
 * A name that Manila does not go by allows nothing, since no other service has it.
 *
 * The path is what Manila sees: with the prefix that it is mounted under, and the project where the URL holds it.
 */
export function driverAccessRules(catalog: Catalog): AccessRule[] {
  const entries = catalog.filter(({ type }) => (MANILA_TYPES as readonly string[]).includes(type));
  const services = [...new Set(entries.map(({ type }) => type))].sort();
  const urls = entries.flatMap(({ endpoints }) => endpoints.map(({ url }) => new URL(url).pathname));
  const paths = [...new Set(urls.map((path) => path.replace(/\/+$/, '')))].filter(isV2).sort();
  return services.flatMap((service) =>
    paths.flatMap((path) => [
      // The version document, which the driver asks for at each login.
      { method: 'GET', path: `${path.replace(/\/v2\b.*$/, '/v2')}/`, service } as const,
      ...DRIVER_CALLS.map(([method, below]) => ({ method, path: path + below, service })),
    ]),
  );
}

function isV2(path: string): boolean {
  return /\/v2(\/|$)/.test(path);
}

/** Does the credential allow all of these calls? One without rules allows everything. */
export function allowsAll(credential: { accessRules: readonly AccessRule[] }, wanted: readonly AccessRule[]): boolean {
  const key = ({ method, path, service }: AccessRule): string => `${service} ${method} ${path}`;
  const has = new Set(credential.accessRules.map(key));
  return has.size === 0 || wanted.every((rule) => has.has(key(rule)));
}

/** What Manila has and the lab does not: answered with 501 and the path, so that nobody takes it for something else. */
const UNSERVED = [
  ...['share-groups', 'share-group-types', 'share-group-snapshots', 'share-replicas', 'share_instances'],
  ...['snapshot-instances', 'share-servers', 'security-services', 'shares/manage', 'snapshots/manage'],
  ...['os-availability-zone', 'os-services', 'os-quota-sets', 'os-quota-class-sets', 'os-share-manage'],
  ...['os-share-unmanage', 'shares/[^/]+/instances', 'snapshots/[^/]+/(?:access-list|export-locations)'],
  ...['share-networks/[^/]+/action', 'types/[^/]+/os-share-type-access'],
];
const PATTERN = new RegExp(`^/v2/(?:[0-9a-f-]+/)?(?:${UNSERVED.join('|')})(?:/|$)`);

export function isUnserved(path: string): boolean {
  return PATTERN.test(path);
}

export const EXPERIMENTAL_ACTIONS = [
  ...['migration_start', 'migration_complete', 'migration_cancel', 'migration_get_progress', 'reset_task_state'],
];

export const UNSERVED_ACTIONS = [
  ...EXPERIMENTAL_ACTIONS,
  ...['manage', 'unmanage', 'allow_access', 'deny_access', 'os-reset_status', 'os-force_delete'],
];

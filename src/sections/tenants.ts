import { tenantsResource } from '../resources/tenants/tenants.ts';
import type { Section } from './section.ts';

/** Namespaces, credentials, Secrets and quotas of tenants; as `tenant apply`. */
export const tenantsSection: Section = {
  name: 'tenants',
  keys: ['tenants'],
  needsCluster: true,
  byEntry: true,
  // Secrets lie in the drivers' namespace; a ResourceQuota names classes, and says what Manila's quota says.
  builtOn: ['quotas', 'drivers', 'storageClasses'],
  open(ctx, { kube, session, manila, loaded, options }) {
    return { resource: tenantsResource(ctx, { kube, session, manila, loaded, prune: options.prune === true }) };
  },
};

import type { Cause } from '../types.ts';

/** Longer than any provisioner needs to take a claim up. */
const PATIENCE_SECONDS = 20;

export const provisionerSilent: Cause = {
  id: 'provisioner-silent',
  stage: 'provisioning',
  find: ({ claim, provisionerSpoke, ageSeconds, claimSaid, driverNamespace, driverName }) => {
    if (claim.status?.phase === 'Bound' || provisionerSpoke || claimSaid.length > 0) return undefined;
    if (ageSeconds < PATIENCE_SECONDS) return undefined;
    return {
      summary: `the provisioner of ${driverName ?? 'the class'} has not taken the claim up`,
      remedy: `see its log: kubectl -n ${driverNamespace} logs -l app.kubernetes.io/component=nfs-controller -c provisioner`,
    };
  },
};

import type { Cause } from '../types.ts';

/** The provisioner has said nothing yet, and its pods are not well. */
export const controllerDown: Cause = {
  id: 'controller-down',
  stage: 'provisioning',
  find: ({ claim, driver, driverName, provisionerSpoke, driverNamespace }) => {
    if (claim.status?.phase === 'Bound' || provisionerSpoke || !driver || driver.driver !== driverName)
      return undefined;
    const { available, wanted, reason } = driver.controller;
    if (available > 0) return undefined;
    return {
      summary: `the driver’s controller does not run (${available} of ${wanted} pods): ${reason ?? 'no reason given'}`,
      remedy: `see its pods: kubectl -n ${driverNamespace} get pods, then manila-rwx status`,
    };
  },
};

import { core, sentenceCause } from '../said.ts';

/** What no other cause knows. */
export const mountFailed = sentenceCause({
  id: 'mount-failed',
  stage: 'mounting',
  pattern: /./,
  summary: ({ stuckPod }, said) => `the mount fails on node ${stuckPod?.node ?? ''}: ${core(said)}`,
  remedy: ({ driverNamespace }) =>
    `see the node plugin’s log: kubectl -n ${driverNamespace} logs -l app.kubernetes.io/component=nfs-node -c nfs`,
});

export const provisioningFailed = sentenceCause({
  id: 'provisioning-failed',
  stage: 'provisioning',
  pattern: /./,
  summary: (_facts, said) => `the share is not made: ${core(said)}`,
  remedy: ({ driverNamespace }) =>
    `see the driver’s log: kubectl -n ${driverNamespace} logs -l app.kubernetes.io/component=nfs-controller -c manila`,
});

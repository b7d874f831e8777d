import type { Cause } from '../types.ts';

export const podNotScheduled: Cause = {
  id: 'pod-not-scheduled',
  stage: 'pod',
  find: ({ stuckPod }) =>
    stuckPod && stuckPod.node === undefined
      ? {
          summary: `pod ${stuckPod.name} has no node yet: ${stuckPod.reason ?? 'the scheduler gives no reason'}`,
          remedy: 'the volume is not what it waits for: see taints, resources and affinities of the pod',
        }
      : undefined,
};

import type { Cause } from '../types.ts';

export const podNotReady: Cause = {
  id: 'pod-not-ready',
  stage: 'pod',
  find: ({ stuckPod, podSaid }) =>
    stuckPod && podSaid.length === 0 && stuckPod.reason !== undefined
      ? {
          summary: `the volume is not the trouble: pod ${stuckPod.name} is ${stuckPod.phase}: ${stuckPod.reason}`,
          remedy: `see the pod: kubectl describe pod ${stuckPod.name}`,
        }
      : undefined,
};

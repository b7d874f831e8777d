import type { Cause } from '../types.ts';

/** Nobody's fault: the class makes the volume where the first pod will be. */
export const waitsForPod: Cause = {
  id: 'waits-for-pod',
  stage: 'claim',
  find: ({ claim, storageClass, pods, name }) => {
    const waits = storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && claim.status?.phase === 'Pending';
    if (!waits || pods.length > 0) return undefined;
    return {
      summary: `class ${storageClass.metadata.name} makes the volume when the first pod uses the claim, and no pod does`,
      remedy: `start a pod that mounts ${name}`,
    };
  },
};

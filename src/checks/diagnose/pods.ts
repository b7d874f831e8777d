import type { KubeObject } from '../../kube/types.ts';
import type { ClaimPod } from './types.ts';

interface Waiting {
  state?: { waiting?: { reason?: string; message?: string } };
}

interface Pod extends KubeObject {
  spec?: { nodeName?: string; volumes?: { persistentVolumeClaim?: { claimName?: string } }[] };
  status?: {
    phase?: string;
    conditions?: { type: string; status: string; message?: string }[];
    containerStatuses?: Waiting[];
    initContainerStatuses?: Waiting[];
  };
}

/** States that every pod passes through, and in which one whose volume cannot be mounted stays. */
const PASSING = new Set([undefined, 'ContainerCreating', 'PodInitializing']);

/** The pods that mount a claim. */
export function claimPods(pods: readonly KubeObject[], claim: string): ClaimPod[] {
  return (pods as readonly Pod[])
    .filter(
      ({ spec, metadata }) =>
        metadata.deletionTimestamp === undefined &&
        spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim),
    )
    .map((pod) => {
      const reason = reasonOf(pod);
      return {
        name: pod.metadata.name,
        ...(pod.spec?.nodeName === undefined ? {} : { node: pod.spec.nodeName }),
        phase: pod.status?.phase ?? 'Pending',
        ready: pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
        ...(reason === undefined ? {} : { reason }),
      };
    });
}

function reasonOf({ status = {} }: Pod): string | undefined {
  const unscheduled = status.conditions?.find((one) => one.type === 'PodScheduled' && one.status === 'False');
  if (unscheduled) return unscheduled.message;
  const waiting = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
    .map(({ state }) => state?.waiting)
    .find((one) => one && !PASSING.has(one.reason));
  return waiting && [waiting.reason, waiting.message].filter(Boolean).join(': ');
}

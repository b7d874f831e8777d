import { createHash } from 'node:crypto';
import { canonical } from '../json.ts';
import type { Pod, PodTemplate } from '../kinds.ts';
import { type Cluster, controllerReference, isControlledBy } from '../cluster.ts';
import type { KubeObject } from '../objects.ts';
import { ApiError } from '../status.ts';

/** Ten letters and digits that stand for a pod template. */
export function templateHash(template: PodTemplate): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  const digest = createHash('sha256').update(canonical(template)).digest();
  return [...digest.subarray(0, 10)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

export function isReady(pod: Pod): boolean {
  return pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
}

/** Has it been ready for so many seconds? */
export function isAvailable(pod: Pod, minReadySeconds = 0): boolean {
  return isReady(pod) && availableInMs(pod, minReadySeconds) <= 0;
}

/** Milliseconds until a ready pod counts as available. */
export function availableInMs(pod: Pod, minReadySeconds = 0): number {
  const ready = pod.status.conditions?.find(({ type }) => type === 'Ready');
  return Date.parse(ready?.lastTransitionTime ?? '') + minReadySeconds * 1000 - Date.now();
}

/** Neither ended nor on its way out. */
export function isActive(pod: Pod): boolean {
  const { phase } = pod.status;
  return pod.metadata.deletionTimestamp === undefined && phase !== 'Succeeded' && phase !== 'Failed';
}

export function podsOf(cluster: Cluster, owner: KubeObject): Pod[] {
  return cluster.list('Pod', owner.metadata.namespace).filter((pod) => isControlledBy(pod, owner));
}

export interface PodParts {
  name?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** Changes the spec before the pod is made. */
  spec?: (spec: Pod['spec']) => Pod['spec'];
}

const MANAGER = 'kube-controller-manager';

/** Makes a pod of a template and reports it, or why it could not be made. */
export function createPod(
  cluster: Cluster,
  owner: KubeObject,
  template: PodTemplate,
  component: string,
  parts: PodParts = {},
): Pod | undefined {
  const { name, namespace } = owner.metadata;
  const { metadata = {}, spec } = template;
  const source = { component };
  try {
    const pod = cluster.create(
      'Pod',
      {
        metadata: {
          ...(parts.name === undefined ? { generateName: `${name}-` } : { name: parts.name }),
          namespace,
          labels: { ...metadata.labels, ...parts.labels },
          ...((metadata.annotations ?? parts.annotations) && {
            annotations: { ...metadata.annotations, ...parts.annotations },
          }),
          ...(metadata.finalizers && { finalizers: metadata.finalizers }),
          ownerReferences: [controllerReference(owner)],
        },
        spec: parts.spec ? parts.spec(spec) : spec,
      },
      MANAGER,
    );
    cluster.event(owner, source, {
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${pod.metadata.name}`,
    });
    return pod;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    cluster.event(owner, source, {
      type: 'Warning',
      reason: 'FailedCreate',
      message: `Error creating: ${error.message}`,
    });
    return undefined;
  }
}

export function deletePod(cluster: Cluster, owner: KubeObject, pod: Pod, component: string): void {
  cluster.delete('Pod', pod);
  cluster.event(
    owner,
    { component },
    {
      type: 'Normal',
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${pod.metadata.name}`,
    },
  );
}

/** A whole number, or a share of `total` in percent. */
export function amount(value: number | string | undefined, total: number, roundUp: boolean): number {
  if (typeof value === 'number') return value;
  const percent = Number((value ?? '0').replace('%', ''));
  const exact = (percent * total) / 100;
  return roundUp ? Math.ceil(exact) : Math.floor(exact);
}

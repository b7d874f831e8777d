import type { Cluster } from '../cluster.ts';
import type { Job, Pod } from '../kinds.ts';
import { type Condition, timestamp } from '../objects.ts';
import { createPod, deletePod, isActive, podsOf } from './pods.ts';

const COMPONENT = 'job-controller';
const MANAGER = 'kube-controller-manager';

/**
 * Runs the pods of a Job until enough have succeeded or too many have failed.
 * @returns milliseconds after which its time is up, where it has one.
 */
export function reconcileJob(cluster: Cluster, job: Job): number | undefined {
  const { spec, status } = job;
  if (isFinished(job)) return collect(cluster, job);
  const pods = podsOf(cluster, job);
  const succeeded = pods.filter((pod) => pod.status.phase === 'Succeeded').length;
  const failed = pods.filter((pod) => pod.status.phase === 'Failed').length;
  const active = pods.filter(isActive);
  const completions = spec.completions ?? 1;
  const startTime = status.startTime ?? timestamp();
  const left =
    spec.activeDeadlineSeconds === undefined
      ? undefined
      : Date.parse(startTime) + spec.activeDeadlineSeconds * 1000 - Date.now();
  let end: Condition | undefined;
  if (succeeded >= completions)
    end = {
      type: 'Complete',
      status: 'True',
      reason: 'CompletionsReached',
      message: 'Reached expected number of succeeded pods',
    };
  else if (failed > (spec.backoffLimit ?? 6)) {
    end = {
      type: 'Failed',
      status: 'True',
      reason: 'BackoffLimitExceeded',
      message: 'Job has reached the specified backoff limit',
    };
  } else if (left !== undefined && left <= 0) {
    end = {
      type: 'Failed',
      status: 'True',
      reason: 'DeadlineExceeded',
      message: 'Job was active longer than specified deadline',
    };
  }
  if (end) for (const pod of active) deletePod(cluster, job, pod, COMPONENT);
  else if (spec.suspend !== true && job.metadata.deletionTimestamp === undefined)
    start(cluster, job, active, completions - succeeded);
  writeStatus(cluster, job, { startTime, succeeded, failed, end });
  return end ? undefined : left;
}

function isFinished({ status }: Job): boolean {
  return (
    status.conditions?.some((one) => (one.type === 'Complete' || one.type === 'Failed') && one.status === 'True') ===
    true
  );
}

/** Deletes a finished Job when its time to live is over. */
function collect(cluster: Cluster, job: Job): number | undefined {
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined) return undefined;
  const ended = job.status.completionTime ?? job.status.conditions?.[0]?.lastTransitionTime ?? timestamp();
  const left = Date.parse(ended) + ttlSecondsAfterFinished * 1000 - Date.now();
  if (left <= 0) cluster.delete('Job', job, { propagationPolicy: 'Background' });
  return left > 0 ? left : undefined;
}

function start(cluster: Cluster, job: Job, active: readonly Pod[], missing: number): void {
  const wanted = Math.min(job.spec.parallelism ?? 1, missing);
  for (let count = active.length; count < wanted; count++) {
    if (!createPod(cluster, job, job.spec.template, COMPONENT)) return;
  }
}

interface Progress {
  startTime: string;
  succeeded: number;
  failed: number;
  end: Condition | undefined;
}

function writeStatus(cluster: Cluster, job: Job, { startTime, succeeded, failed, end }: Progress): void {
  const now = timestamp();
  const active = podsOf(cluster, job).filter(isActive).length;
  cluster.edit(
    'Job',
    job,
    MANAGER,
    (copy) => {
      copy.status = {
        ...copy.status,
        startTime,
        ...(end?.type === 'Complete' && { completionTime: now }),
        ...(end && { conditions: [{ ...end, lastProbeTime: now, lastTransitionTime: now }] }),
      };
      for (const [name, count] of Object.entries({ active: end ? 0 : active, succeeded, failed })) {
        if (count > 0) copy.status = { ...copy.status, [name]: count };
      }
      if (active === 0 || end) delete copy.status.active;
    },
    'status',
  );
  if (end) {
    const type = end.type === 'Complete' ? 'Normal' : 'Warning';
    const reason = end.type === 'Complete' ? 'Completed' : (end.reason ?? 'Failed');
    const message = end.type === 'Complete' ? 'Job completed' : (end.message ?? '');
    cluster.event(job, { component: COMPONENT }, { type, reason, message });
  }
}

import { ExitCode } from '../core/exit-codes.ts';
import { listed } from './words.ts';
import type { SkippedNode } from './nodes.ts';
import type { Leftover } from './remains.ts';
import type { Finished } from './runner.ts';
import { type Check, type CheckResult, endedWell, type Status } from './types.ts';

/** The result of `verify`. */
export interface VerifyReport {
  /** Id of the run; its objects carry it in the label `manila-rwx/run`. */
  run: string;
  /** `fail`: a check failed. `error`: something could not be run, so less is known than was asked. */
  verdict: 'pass' | 'fail' | 'error' | 'interrupted';
  /** The verdict in a sentence. */
  summary: string;
  /** ISO 8601. */
  startedAt: string;
  cluster: {
    /** Address of the API server. */
    server: string;
    /** Context of the kubeconfig. */
    context: string;
  };
  /** Namespace of the run's objects. */
  namespace: string;
  storageClass: {
    name: string;
    /** Name of the CSI driver. */
    provisioner: string;
  };
  /** The volume that was made; absent where none was. */
  volume?: {
    /** Name of the PersistentVolume. */
    pv: string;
    /** Manila's id of the share. */
    share?: string;
    /** As Kubernetes writes it: `1Gi`. */
    capacity: string;
  };
  /** Image of the pods. */
  image: string;
  /** Nodes that had a pod with the volume mounted. */
  nodes: string[];
  /** Nodes that got no pod, and why. */
  skippedNodes: SkippedNode[];
  /** Every check that was selected, in the order of the catalogue. */
  checks: CheckResult[];
  /** Number of checks with each status. */
  counts: Record<Status, number>;
  /** What is proved. */
  verified: string[];
  /** What is not proved, although this program knows a check for it. */
  notVerified: { what: string; why: string }[];
  /** Was everything left in place on purpose (`--keep`)? */
  kept: boolean;
  /** What should be gone and was not seen to be. */
  leftovers: Leftover[];
  timings: VerifyTimings;
}

export interface VerifyTimings {
  /** Milliseconds from the start to the first check: looking at cluster and cloud. */
  prepareMs: number;
  /** Milliseconds of A1: from the first object to the bound claim. */
  claimMs: number;
  /** Milliseconds of A3: from the bound claim to all pods ready. */
  podsMs: number;
  /** Milliseconds of all checks between ready pods and deletion. */
  checksMs: number;
  /** Milliseconds of D6a and D6b: pods, claim, volume and share. */
  deleteMs: number;
  /** Milliseconds of what was left to clean up. */
  cleanUpMs: number;
  /** Milliseconds from start to end. */
  totalMs: number;
}

export const STATUSES: readonly Status[] = ['PASS', 'FAIL', 'WARN', 'INFO', 'SKIP', 'ERROR'];

export function countsOf(checks: readonly CheckResult[]): Record<Status, number> {
  const counts = { PASS: 0, FAIL: 0, WARN: 0, INFO: 0, SKIP: 0, ERROR: 0 };
  for (const { status } of checks) counts[status]++;
  return counts;
}

/** What the run proved and what it did not, over every check there is: a run of skipped checks must not look green. */
export function proofs<Env>(all: readonly Check<Env>[], finished: readonly Finished[]) {
  const verified: string[] = [];
  const notVerified: { what: string; why: string }[] = [];
  for (const check of all) {
    const done = finished.find(({ result }) => result.id === check.id);
    if (!done) {
      notVerified.push({ what: check.proves, why: `${check.id} was left out` });
    } else if (endedWell(done.result.status)) {
      verified.push(done.outcome.proved ?? check.proves);
      notVerified.push(...(done.outcome.notProved ?? []));
    } else {
      const { id, status, summary, blockedBy } = done.result;
      const why = status === 'FAIL' ? `${id} failed` : status === 'ERROR' ? `${id} could not be run` : summary;
      notVerified.push({ what: check.proves, why: blockedBy === undefined ? why : `blocked by ${blockedBy}` });
    }
  }
  return { verified, notVerified };
}

export function verdictOf(checks: readonly CheckResult[], interrupted: boolean): VerifyReport['verdict'] {
  if (interrupted) return 'interrupted';
  if (checks.some(({ status }) => status === 'FAIL')) return 'fail';
  return checks.some(({ status }) => status === 'ERROR') ? 'error' : 'pass';
}

/** The verdict in a sentence: the first failure in its own words, or what the run proved between the nodes. */
export function summaryOf(report: Pick<VerifyReport, 'verdict' | 'checks' | 'nodes' | 'storageClass'>): string {
  const { verdict, checks, nodes, storageClass } = report;
  const first = (status: Status): string => {
    const check = checks.find((one) => one.status === status);
    return check ? `${check.id}: ${check.summary}` : '';
  };
  switch (verdict) {
    case 'fail':
      return first('FAIL');
    case 'error':
      return first('ERROR');
    case 'interrupted':
      return 'interrupted before the end';
    case 'pass': {
      const seen = checks.find(({ id }) => id === 'B1')?.status;
      if (seen === 'PASS') return `${listed(nodes)} share a volume of StorageClass ${storageClass.name}`;
      return 'what was run passed; RWX across nodes NOT verified';
    }
  }
}

/** Signal (thrown by the caller) > leftovers > failed check > timed out > could not run. */
export function exitCodeOf(report: Pick<VerifyReport, 'leftovers' | 'checks'>): ExitCode {
  const { leftovers, checks } = report;
  if (leftovers.length > 0) return ExitCode.LeftBehind;
  if (checks.some(({ status }) => status === 'FAIL')) return ExitCode.Found;
  if (checks.some(({ status, timedOut }) => status === 'ERROR' && timedOut)) return ExitCode.TimedOut;
  if (checks.some(({ status }) => status === 'ERROR')) return ExitCode.CouldNotRun;
  return ExitCode.Done;
}

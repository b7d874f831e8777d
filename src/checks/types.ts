/** T0 writes nothing; T1 is the default; T2 takes minutes and more shares; T3 disrupts or fills something. */
export type Tier = 'T0' | 'T1' | 'T2' | 'T3';

/**
 * PASS; FAIL; WARN (legal, but surprising); INFO (measured, no verdict); SKIP (not run, the summary says why);
 * ERROR (it could not be run, so nothing is known).
 */
export type Status = 'PASS' | 'FAIL' | 'WARN' | 'INFO' | 'SKIP' | 'ERROR';

/** What a verdict rests on, as it was seen. */
export interface Evidence {
  /** Node on which it was seen. */
  node?: string;
  /** Pod in which it was seen. */
  pod?: string;
  /** The shell line that ran in the pod. */
  command?: string;
  /** Exit code of the command. */
  exitCode?: number;
  /** What the command printed, errors included. */
  output?: string;
  /** The volume's line of the pod's mount table. */
  mount?: string;
  /** Events of the object, newest last. */
  events?: string[];
}

export interface Measurement {
  /** What was measured, in kebab case: `claim-bound`. */
  name: string;
  value: number;
  /** `ms`, `%`, `files/s`, or `count`. */
  unit: 'ms' | '%' | 'files/s' | 'count';
  /** Node that it was measured on, where it was one. */
  node?: string;
}

/** What one check found. */
export interface Outcome {
  status: Status;
  /** One sentence: what was found, naming the nodes. */
  summary: string;
  /** Reason in kebab case, for scripts: `not-shared`. */
  code?: string;
  /** One thing to do about it. */
  remedy?: string;
  evidence?: Evidence[];
  measurements?: Measurement[];
  /** What this outcome proves, where it is less than or other than what the check proves. */
  proved?: string;
  /** What stays unproved although the check passed. */
  notProved?: { what: string; why: string }[];
  /** An ERROR because time ran out. */
  timedOut?: boolean;
}

/** What a running check is given beside its environment. */
export interface Running {
  /** Aborted by Ctrl-C and by the check's deadline. */
  signal: AbortSignal;
  /** Says what is waited for now. */
  progress: (text: string) => void;
}

/** One check: data and a function. A file each under `verify/`, and a line in `registry.ts`. */
export interface Check<Env> {
  /** As in the catalogue: `B1`, `D6a`. */
  id: string;
  title: string;
  tier: Tier;
  /** What a PASS proves, as it is listed at the end. */
  proves: string;
  /** It cannot run without these: they are selected with it, and unless they end well it is SKIP. */
  needs: readonly string[];
  /** It runs after these where they are selected, and where one of them failed it is SKIP: one cause, one FAIL. */
  after?: readonly string[];
  /** Pods on so many different nodes are needed; 1 unless told. */
  nodes?: number;
  /** Milliseconds until the check is given up. */
  deadlineMs(env: Env): number;
  run(env: Env, running: Running): Promise<Outcome>;
}

/** A check's outcome with what the runner knows about it. */
export interface CheckResult {
  /** As in the catalogue: `B1`. */
  id: string;
  title: string;
  tier: Tier;
  status: Status;
  /** One sentence: what was found, or why it was not run. */
  summary: string;
  /** Reason in kebab case, for scripts. */
  code?: string;
  /** One thing to do about it. */
  remedy?: string;
  /** Milliseconds; 0 where it was not run. */
  durationMs: number;
  evidence: Evidence[];
  measurements: Measurement[];
  /** Id of the check whose end kept this one from running. */
  blockedBy?: string;
  /** An ERROR because time ran out. */
  timedOut?: boolean;
}

/** Ends a check from within a helper with an outcome that is known there. */
export class Verdict extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.summary);
    this.name = 'Verdict';
    this.outcome = outcome;
  }
}

/** Did it end well enough for what needs it? */
export function endedWell(status: Status): boolean {
  return status === 'PASS' || status === 'WARN' || status === 'INFO';
}

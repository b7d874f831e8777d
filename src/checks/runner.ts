import type { Clock } from '../core/clock.ts';
import { formatDuration } from '../core/duration.ts';
import { CliError, Interrupted, messageOf } from '../core/errors.ts';
import { deadlineIn } from './deadline.ts';
import { type Check, type CheckResult, endedWell, type Outcome, Verdict } from './types.ts';

/** Watches a run as it goes: what is shown live is an observer. */
export interface CheckObserver {
  started?(check: { id: string; title: string }): void | Promise<void>;
  progress?(check: { id: string; title: string }, text: string): void;
  finished?(result: CheckResult): void;
}

export interface RunnerOptions<Env> {
  /** What is run. The order is that of the registry, as far as `needs` and `after` let it. */
  checks: readonly Check<Env>[];
  env: Env;
  /** Number of different nodes that have a pod of the run. */
  nodeCount: (env: Env) => number;
  clock: Clock;
  /** Ctrl-C: the running check is stopped, the rest is SKIP. */
  signal: AbortSignal;
  observer?: CheckObserver;
}

export interface Finished {
  check: Check<never>;
  result: CheckResult;
  outcome: Outcome;
}

/** How long a check that was told to stop may take to do so before it is left behind. */
const STOP_GRACE_MS = 5000;

/** Runs every check that nothing stands in the way of, one after the other. Never throws for what a check does. */
export async function runChecks<Env>(options: RunnerOptions<Env>): Promise<Finished[]> {
  const finished = new Map<string, Finished>();
  for (const check of inOrder(options.checks)) {
    const blocked = whyNot(check, finished, options);
    const startedAt = options.clock.now();
    if (!blocked) await options.observer?.started?.(check);
    const outcome = blocked?.outcome ?? (await runOne(check, options));
    const result: CheckResult = {
      id: check.id,
      title: check.title,
      tier: check.tier,
      status: outcome.status,
      summary: outcome.summary,
      ...(outcome.code === undefined ? {} : { code: outcome.code }),
      ...(outcome.remedy === undefined ? {} : { remedy: outcome.remedy }),
      durationMs: blocked ? 0 : options.clock.now() - startedAt,
      evidence: outcome.evidence ?? [],
      measurements: outcome.measurements ?? [],
      ...(blocked?.by === undefined ? {} : { blockedBy: blocked.by }),
      ...(outcome.timedOut ? { timedOut: true } : {}),
    };
    finished.set(check.id, { check, result, outcome });
    options.observer?.finished?.(result);
  }
  return options.checks.flatMap(({ id }) => finished.get(id) ?? []);
}

/** The first check of the list whose predecessors have run, again and again: the registry's order where it is free. */
export function inOrder<Env>(checks: readonly Check<Env>[]): Check<Env>[] {
  const waiting = [...checks];
  const order: Check<Env>[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ needs, after = [] }) =>
      [...needs, ...after].every((id) => !waiting.some((other) => other.id === id)),
    );
    if (next < 0) throw new Error(`checks wait for each other: ${waiting.map(({ id }) => id).join(', ')}`);
    order.push(...waiting.splice(next, 1));
  }
  return order;
}

function whyNot<Env>(
  check: Check<Env>,
  finished: ReadonlyMap<string, Finished>,
  { env, nodeCount, signal }: RunnerOptions<Env>,
): { outcome: Outcome; by?: string } | undefined {
  if (signal.aborted) return { outcome: { status: 'SKIP', code: 'interrupted', summary: 'interrupted' } };
  for (const id of check.needs) {
    const needed = finished.get(id);
    if (!needed) return { by: id, outcome: { status: 'SKIP', code: 'left-out', summary: `needs ${id}, left out` } };
    if (!endedWell(needed.result.status)) return blockedBy(needed);
  }
  for (const id of check.after ?? []) {
    const before = finished.get(id);
    if (before && blocks(before)) return blockedBy(before);
  }
  const atLeast = check.nodes ?? 1;
  if (atLeast > 1 && nodeCount(env) < atLeast) {
    const summary = `needs ${atLeast} nodes, this run has ${nodeCount(env)}`;
    return { outcome: { status: 'SKIP', code: 'too-few-nodes', summary } };
  }
  return undefined;
}

/** A check that was not run says nothing about its followers; one that failed does. */
function blocks({ result: { status } }: Finished): boolean {
  return status === 'FAIL' || status === 'ERROR';
}

/** Names the check at the root of it, not the last link of the chain. */
function blockedBy({ result }: Finished): { outcome: Outcome; by: string } {
  const root = result.blockedBy ?? result.id;
  return { by: root, outcome: { status: 'SKIP', code: 'blocked', summary: `blocked by ${root}` } };
}

async function runOne<Env>(check: Check<Env>, { env, clock, signal, observer }: RunnerOptions<Env>): Promise<Outcome> {
  const deadlineMs = check.deadlineMs(env);
  using deadline = deadlineIn(clock, deadlineMs, signal);
  const done = new AbortController();
  const work = check.run(env, { signal: deadline.signal, progress: (text) => observer?.progress?.(check, text) });
  try {
    return await Promise.race([work, stopped(deadline.signal, clock, done.signal)]);
  } catch (error) {
    if (error instanceof Verdict) return error.outcome;
    if (signal.aborted) return { status: 'SKIP', code: 'interrupted', summary: 'interrupted' };
    if (deadline.passed) {
      const summary = `not done within ${formatDuration(deadlineMs)}`;
      return { status: 'ERROR', code: 'timed-out', summary, timedOut: true };
    }
    return errorOutcome(error);
  } finally {
    done.abort();
    // What was left behind ends some time, and then nobody listens.
    work.catch(() => undefined);
  }
}

/** Rejects some seconds after the signal: a check that does not obey it is left behind. */
async function stopped(limit: AbortSignal, clock: Clock, done: AbortSignal): Promise<never> {
  await new Promise((resolve) => {
    if (limit.aborted) resolve(undefined);
    limit.addEventListener('abort', resolve, { once: true });
    done.addEventListener('abort', resolve, { once: true });
  });
  if (!done.aborted) await clock.sleep(STOP_GRACE_MS, done).catch(() => undefined);
  throw limit.aborted ? (limit.reason as Error) : new Interrupted('SIGINT');
}

/** Something kept the check from running, so it says nothing about the volume. */
function errorOutcome(error: unknown): Outcome {
  if (error instanceof CliError) {
    return {
      status: 'ERROR',
      code: error.code,
      summary: error.message,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
      ...(error.code === 'timed-out' ? { timedOut: true } : {}),
    };
  }
  return { status: 'ERROR', code: 'internal', summary: messageOf(error) };
}

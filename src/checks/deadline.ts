import type { Clock } from '../core/clock.ts';

/** A signal that is aborted after a time, or with one of its parents. Disposing stops the timer. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** Was it the time? */
  readonly passed: boolean;
}

export function deadlineIn(clock: Clock, ms: number, ...parents: AbortSignal[]): Deadline {
  const late = new AbortController();
  const done = new AbortController();
  clock.sleep(ms, done.signal).then(
    () => late.abort(new Error('time ran out')),
    () => undefined,
  );
  return {
    signal: AbortSignal.any([late.signal, ...parents]),
    get passed() {
      return late.signal.aborted;
    },
    [Symbol.dispose]: () => done.abort(),
  };
}

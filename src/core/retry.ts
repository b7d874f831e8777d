import type { Clock } from './clock.ts';

export interface RetryPolicy {
  /** Tries after the first one. */
  retries: number;
  /** Upper bound of the first pause in ms; it doubles with each try. The pause itself is random below the bound. */
  baseMs: number;
  /** No pause is longer than this, except where the server asked for more with Retry-After. */
  capMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { retries: 4, baseMs: 250, capMs: 8000 };

export interface RetryOptions {
  clock: Clock;
  signal?: AbortSignal | undefined;
  policy?: RetryPolicy;
  /** Random number in [0, 1), injected for tests. */
  random?: () => number;
  /**
   * Says whether a failed try may be repeated: false, or true, or the server's own Retry-After in ms.
   * What is repeated must be safe to repeat; the caller knows that, not this function.
   */
  retryable(error: unknown): boolean | number;
}

/** Runs `work` until it succeeds, fails for good, or the tries are used up; then throws the last error. */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { retries, baseMs, capMs } = options.policy ?? DEFAULT_RETRY;
  const random = options.random ?? Math.random;
  for (let attempt = 0; ; attempt++) {
    options.signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      const verdict = options.retryable(error);
      if (verdict === false || attempt >= retries) throw error;
      const backOff = random() * Math.min(capMs, baseMs * 2 ** attempt);
      await options.clock.sleep(verdict === true ? backOff : verdict + backOff, options.signal);
    }
  }
}

/** Milliseconds of a Retry-After header: seconds or an HTTP date; undefined where it is neither. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

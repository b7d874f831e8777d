/**
 * Keys to work on, each at most once at a time and as often as it was added since. Work that fails is tried again,
 * later each time.
 */
export class WorkQueue {
  readonly #work: (key: string) => Promise<void> | void;
  readonly #failed: (key: string, error: unknown) => void;
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();
  readonly #timers = new Map<string, { timer: NodeJS.Timeout; due: number }>();
  readonly #failures = new Map<string, number>();
  #stopped = false;

  constructor(work: (key: string) => Promise<void> | void, failed: (key: string, error: unknown) => void) {
    this.#work = work;
    this.#failed = failed;
  }

  /** Works on `key` soon, or after `delayMs`; the earlier of two times counts. */
  add(key: string, delayMs = 0): void {
    if (this.#stopped) return;
    if (delayMs > 0) {
      this.#later(key, delayMs);
      return;
    }
    if (this.#waiting.has(key)) return;
    this.#waiting.add(key);
    setImmediate(() => void this.#run(key));
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #later(key: string, delayMs: number): void {
    const due = Date.now() + delayMs;
    const known = this.#timers.get(key);
    if (known && known.due <= due) return;
    clearTimeout(known?.timer);
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.add(key);
    }, delayMs);
    this.#timers.set(key, { timer, due });
  }

  async #run(key: string): Promise<void> {
    if (this.#stopped || this.#running.has(key)) return;
    this.#waiting.delete(key);
    this.#running.add(key);
    try {
      await this.#work(key);
      this.#failures.delete(key);
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      this.#failed(key, error);
      this.#later(key, Math.min(100 * 2 ** failures, 10_000));
    } finally {
      this.#running.delete(key);
    }
    if (this.#waiting.has(key)) setImmediate(() => void this.#run(key));
  }
}

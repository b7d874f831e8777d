/**
 * Timestamps as the services write them. Two records made in the same millisecond still differ in their microseconds,
 * because lists are ordered by them.
 */
export class Timestamps {
  readonly #now: () => number;
  #last = 0;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#now();
  }

  /** `2026-11-23T16:18:35.016065`: Manila's form, UTC without saying so. */
  manila(): string {
    this.#last = Math.max(this.#last + 1, Math.floor(this.#now() * 1000));
    const millis = Math.floor(this.#last / 1000);
    return `${new Date(millis).toISOString().slice(0, 23)}${String(this.#last % 1000).padStart(3, '0')}`;
  }
}

/** `2026-11-23T17:16:34.000000Z`: Keystone's form; its tokens know whole seconds only. */
export function keystoneTime(ms: number): string {
  return `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}.000000Z`;
}

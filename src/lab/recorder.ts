import { appendFileSync } from 'node:fs';

/** One request that a service of the lab has answered. */
export interface RecordedRequest {
  /** `keystone`, `manila` or `kubernetes`. */
  service: string;
  method: string;
  /**
   * The path with its variable parts named: `/v2/shares/{share_id}`. Where path and method do not tell what was asked
   * for, that stands behind a hash: a Manila action (`/v2/shares/{share_id}/action#extend`), or in Kubernetes `#watch`,
   * the kind of a patch (`#apply`), and `#dry-run` for what is to change nothing.
   */
  template: string;
  /** HTTP status of the answer; 0 where there was none, because either side cut the connection. */
  status: number;
  /** The answer was a fault on purpose: what the service itself would have said is not known. */
  faulty?: true;
}

/** A distinct request with the number of times that it was seen. */
export type RequestCount = RecordedRequest & { count: number };

/**
 * What was asked of the lab's services, in the order of arrival. Tests read from it what the program sends; with
 * `file`, each distinct request is also appended there as one JSON line, so that the requests of many processes can
 * be gathered and compared with what the contract suite asserts.
 */
export class Recorder {
  /** Where recorders of this process write that are given no file of their own. A test run sets it. */
  static file: string | undefined;
  readonly #entries: RecordedRequest[] = [];
  readonly #written = new Set<string>();
  readonly #file: string | undefined;

  constructor({ file = Recorder.file }: { file?: string | undefined } = {}) {
    this.#file = file;
  }

  record(entry: RecordedRequest): void {
    this.#entries.push(entry);
    if (this.#file === undefined) return;
    const line = JSON.stringify(entry);
    if (this.#written.has(line)) return;
    this.#written.add(line);
    appendFileSync(this.#file, `${line}\n`);
  }

  entries(): readonly RecordedRequest[] {
    return this.#entries;
  }

  /** Requests seen since an earlier `entries().length`. */
  since(mark: number): readonly RecordedRequest[] {
    return this.#entries.slice(mark);
  }

  clear(): void {
    this.#entries.length = 0;
  }

  /** Distinct requests, by service, path, method and status. */
  summary(): RequestCount[] {
    const counts = new Map<string, RequestCount>();
    for (const entry of this.#entries) {
      const key = [entry.service, entry.template, entry.method, entry.status].join(' ');
      const known = counts.get(key);
      if (known) known.count++;
      else counts.set(key, { ...entry, count: 1 });
    }
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
  }
}

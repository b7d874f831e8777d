import type { LogOptions } from './runtime.ts';

interface Line {
  time: string;
  text: string;
}

const MAX_LINES = 10_000;

/** The log of one run of a container. */
export class LogBuffer {
  #lines: Line[] = [];
  #rest = '';
  #closed = false;
  readonly #waiters = new Set<() => void>();

  write(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#lines.push({ time: now(), text: `${line}\n` });
    if (this.#lines.length > MAX_LINES) this.#lines = this.#lines.slice(-MAX_LINES / 2);
    this.#wake();
  }

  /** The container has ended. */
  close(): void {
    if (this.#rest !== '') this.#lines.push({ time: now(), text: this.#rest });
    this.#rest = '';
    this.#closed = true;
    this.#wake();
  }

  async *read(options: LogOptions): AsyncGenerator<string, void, undefined> {
    const { tailLines, sinceSeconds, timestamps, follow, limitBytes } = options;
    const since = sinceSeconds === undefined ? '' : new Date(Date.now() - sinceSeconds * 1000).toISOString();
    let lines = this.#lines.filter(({ time }) => time >= since);
    if (tailLines !== undefined) lines = tailLines === 0 ? [] : lines.slice(-tailLines);
    const text = (line: Line): string => (timestamps ? `${line.time} ${line.text}` : line.text);
    const all = lines.map(text).join('');
    yield limitBytes === undefined ? all : all.slice(0, limitBytes);
    let last = this.#lines.at(-1);
    while (follow && !this.#closed) {
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
      const fresh = this.#lines.slice(last ? this.#lines.indexOf(last) + 1 : 0);
      last = this.#lines.at(-1);
      if (fresh.length > 0) yield fresh.map(text).join('');
    }
  }

  #wake(): void {
    for (const resolve of this.#waiters) resolve();
    this.#waiters.clear();
  }
}

function now(): string {
  return new Date().toISOString().replace('Z', '000000Z');
}

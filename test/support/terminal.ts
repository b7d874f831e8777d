import { clearLine, cursorTo, moveCursor } from 'node:readline';
import { PassThrough, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** Keys as a terminal sends them. */
export const KEYS = {
  enter: '\r',
  up: '\u001b[A',
  down: '\u001b[B',
  left: '\u001b[D',
  pageDown: '\u001b[6~',
  escape: '\u001b',
  backspace: '\u007f',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
} as const;

/** A person's end of a terminal, for a program that runs in this process: types when it has seen what it waits for. */
export class Terminal {
  readonly stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => this.stdin });
  readonly stderr: Writable & { isTTY: boolean; columns: number; rows: number };
  /** Everything that was written, control sequences and all. */
  raw = '';
  #seen = 0;
  #waiting: (() => void)[] = [];

  constructor(columns = 80, rows = 24) {
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.raw += chunk.toString();
        for (const wake of this.#waiting.splice(0)) wake();
        done();
      },
    });
    this.stderr = Object.assign(stream, {
      isTTY: true,
      columns,
      rows,
      // What makes a pipe leave it open when its source ends.
      _isStdio: true,
      // What a terminal's stream has, and ora uses.
      cursorTo: (x: number) => cursorTo(stream, x),
      moveCursor: (x: number, y: number) => moveCursor(stream, x, y),
      clearLine: (direction: -1 | 0 | 1) => clearLine(stream, direction),
    });
  }

  /** All text, without control sequences. */
  get text(): string {
    return stripVTControlCharacters(this.raw);
  }

  /** What was written since the last key, without control sequences. */
  get fresh(): string {
    return stripVTControlCharacters(this.raw.slice(this.#seen));
  }

  /** Waits until this stands in what was written since the last key. */
  async see(wanted: string, timeoutMs = 10_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!this.fresh.includes(wanted)) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`never saw ${JSON.stringify(wanted)} in:\n${this.fresh}`);
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        new Promise<void>((wake) => this.#waiting.push(wake)),
        new Promise<void>((over) => (timer = setTimeout(over, left))),
      ]);
      clearTimeout(timer);
    }
    // The prompt listens from the next turn on.
    await new Promise((turn) => setImmediate(turn));
  }

  /** Types: words as they are, keys by {@link KEYS}. */
  press(...keys: string[]): void {
    this.#seen = this.raw.length;
    for (const key of keys) this.stdin.write(key);
  }

  /** Waits for a text, then types. */
  async answer(wanted: string, ...keys: string[]): Promise<void> {
    await this.see(wanted);
    this.press(...keys);
  }
}

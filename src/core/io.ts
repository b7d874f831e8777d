import type { Readable, Writable } from 'node:stream';
import type { Ora } from 'ora';
import type { Clock } from './clock.ts';
import { Interrupted } from './errors.ts';
import type { ChooseOptions, Screen } from './prompt/choose.ts';
import type { TextOptions } from './prompt/text.ts';
import type { SecretStore } from './redaction.ts';

/** A stream that may be a terminal. */
export type Output = Writable & { isTTY?: boolean; columns?: number; rows?: number };
export type Input = Readable & { isTTY?: boolean };

export type Verbosity = 'quiet' | 'normal' | 'verbose' | 'debug';

/** One thing that takes a while. Each `update` says what is waited for now and, in brackets, the newest reason. */
export interface Progress {
  update(text: string): void;
  /** Ends it well; `text` replaces the last update. */
  succeed(text?: string): void;
  /** Ends it badly. The error itself is printed by the boundary, not here. */
  fail(text?: string): void;
}

export interface IoOptions {
  stdin: Input;
  stdout: Output;
  stderr: Output;
  clock: Clock;
  secrets: SecretStore;
  verbosity: Verbosity;
  /** May the program ask? Only where both ends are a terminal, and neither `--yes` nor CI says otherwise. */
  interactive: boolean;
  /** Colour and moving spinners on stderr. */
  fancy: boolean;
}

const HEARTBEAT_MS = 15_000;

/**
 * Everything that a person reads beside the result: all of it goes to stderr, so that stdout holds the one result
 * document and nothing else. Every text passes the secret store.
 */
export class Io {
  readonly #options: IoOptions;
  readonly #warned = new Set<string>();

  constructor(options: IoOptions) {
    this.#options = options;
  }

  get interactive(): boolean {
    return this.#options.interactive;
  }

  /** Is there colour on stderr? */
  get fancy(): boolean {
    return this.#options.fancy;
  }

  /** A line about what was done or found; silent with `-q`. */
  note(text: string): void {
    if (this.#options.verbosity !== 'quiet') this.#line(text);
  }

  /** A line for those who want to know more (`-v`). */
  detail(text: string): void {
    if (this.#options.verbosity === 'verbose' || this.#options.verbosity === 'debug') this.#line(text);
  }

  /** A line for those who look for a fault (`--debug`). */
  debug(text: string): void {
    if (this.#options.verbosity === 'debug') this.#line(`debug: ${text}`);
  }

  /** Something that works, but not as well as it should; said once, also with `-q`. */
  warn(text: string): void {
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    this.#line(`${this.#options.fancy ? '\u001b[33mwarning:\u001b[39m' : 'warning:'} ${text}`);
  }

  /** Starts a progress line: a spinner on a terminal, otherwise a line on change and a heartbeat every 15 s. */
  async progress(text: string): Promise<Progress> {
    const { verbosity, fancy, stderr, clock } = this.#options;
    if (verbosity === 'quiet') return { update: () => undefined, succeed: () => undefined, fail: () => undefined };
    if (fancy) {
      const { default: ora } = await import('ora');
      return new SpinnerProgress(ora({ text: this.#clean(text), stream: stderr, discardStdin: false }).start(), (t) =>
        this.#clean(t),
      );
    }
    return new LineProgress(text, (line) => this.#line(line), clock);
  }

  /** All of stdin as text, for arguments of `-`. */
  async readInput(): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.#options.stdin) chunks.push(Buffer.from(chunk as Buffer));
    return Buffer.concat(chunks).toString();
  }

  /** Asks a yes/no question on the terminal. Callers check {@link interactive} first. */
  async confirm(question: string, signal: AbortSignal): Promise<boolean> {
    const { createPromptModule } = (await import('inquirer')).default;
    const { stdin, stderr } = this.#options;
    const prompt = createPromptModule({ input: stdin, output: stderr, signal });
    const { answer } = await prompt<{ answer: boolean }>([
      { type: 'confirm', name: 'answer', message: this.#clean(question), default: false },
    ]);
    return answer;
  }

  /**
   * Asks for one of a list, or for several where some may be ticked. Callers check {@link interactive} first.
   * @returns the values in the order of the list; undefined where the user wants to go back.
   * @throws Interrupted where the terminal ends the input (Ctrl-D); Inquirer's own error for Ctrl-C.
   */
  async choose<V>(options: ChooseOptions<V>, signal: AbortSignal): Promise<V[] | undefined> {
    const [{ choosePrompt }, screen] = await Promise.all([import('./prompt/choose.ts'), this.#screen()]);
    const clean = { ...options, message: this.#clean(options.message) } as unknown as ChooseOptions<unknown>;
    const outcome = await choosePrompt({ ...clean, ...screen }, { ...this.#streams(), signal });
    if (outcome === 'closed') throw new Interrupted('SIGINT');
    return outcome === 'back' ? undefined : (outcome.answer as V[]);
  }

  /** Asks for a line of text; otherwise as {@link choose}. */
  async ask(options: TextOptions, signal: AbortSignal): Promise<string | undefined> {
    const [{ textPrompt }, screen] = await Promise.all([import('./prompt/text.ts'), this.#screen()]);
    const outcome = await textPrompt({ ...options, ...screen }, { ...this.#streams(), signal });
    if (outcome === 'closed') throw new Interrupted('SIGINT');
    return outcome === 'back' ? undefined : outcome.answer;
  }

  #streams(): { input: Input; output: Output } {
    return { input: this.#options.stdin, output: this.#options.stderr };
  }

  async #screen(): Promise<Screen> {
    const { Chalk } = await import('chalk');
    const { stderr, fancy } = this.#options;
    const chalk = new Chalk({ level: fancy ? 1 : 0 });
    return {
      style: { bold: chalk.bold, dim: chalk.dim, mark: chalk.cyan, error: chalk.red },
      columns: stderr.columns || 80,
      rows: stderr.rows || 24,
    };
  }

  #clean(text: string): string {
    return this.#options.secrets.clean(text);
  }

  #line(text: string): void {
    this.#options.stderr.write(`${this.#clean(text)}\n`);
  }
}

class SpinnerProgress implements Progress {
  readonly #spinner: Ora;
  readonly #clean: (text: string) => string;

  constructor(spinner: Ora, clean: (text: string) => string) {
    this.#spinner = spinner;
    this.#clean = clean;
  }

  update(text: string): void {
    this.#spinner.text = this.#clean(text);
  }

  succeed(text?: string): void {
    this.#spinner.succeed(text === undefined ? undefined : this.#clean(text));
  }

  fail(text?: string): void {
    this.#spinner.fail(text === undefined ? undefined : this.#clean(text));
  }
}

class LineProgress implements Progress {
  readonly #write: (line: string) => void;
  readonly #clock: Clock;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #startedAt: number;
  #text: string;
  #saidAt: number;

  constructor(text: string, write: (line: string) => void, clock: Clock) {
    this.#write = write;
    this.#clock = clock;
    this.#text = text;
    this.#startedAt = this.#saidAt = clock.now();
    write(`... ${text}`);
    this.#heartbeat = setInterval(() => this.#beat(), 1000).unref();
  }

  update(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#say(`... ${text}`);
  }

  succeed(text?: string): void {
    clearInterval(this.#heartbeat);
    this.#say(`ok  ${text ?? this.#text}`);
  }

  fail(text?: string): void {
    clearInterval(this.#heartbeat);
    this.#say(`not ok  ${text ?? this.#text}`);
  }

  #beat(): void {
    if (this.#clock.now() - this.#saidAt < HEARTBEAT_MS) return;
    this.#say(`... ${this.#text} (${Math.round((this.#clock.now() - this.#startedAt) / 1000)} s)`);
  }

  #say(line: string): void {
    this.#saidAt = this.#clock.now();
    this.#write(line);
  }
}

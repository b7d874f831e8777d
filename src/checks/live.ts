import type { Context } from '../core/context.ts';
import type { Progress } from '../core/io.ts';
import { formatDuration } from '../core/duration.ts';
import type { CheckObserver } from './runner.ts';
import type { CheckResult } from './types.ts';

/** Shows the checks as they run: a spinner on a terminal, a line on every change elsewhere. */
export class LiveChecks implements CheckObserver {
  readonly #ctx: Context;
  #running: Progress | undefined;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  async started({ id, title }: { id: string; title: string }): Promise<void> {
    this.#running = await this.#ctx.io.progress(`${id} ${title}`);
  }

  progress({ id }: { id: string }, text: string): void {
    this.#running?.update(`${id} ${text}`);
  }

  finished({ id, status, summary, durationMs }: CheckResult): void {
    const running = this.#running;
    this.#running = undefined;
    if (!running) {
      this.#ctx.io.note(`--  ${id} skipped: ${summary}`);
      return;
    }
    const text = `${id} ${status === 'PASS' ? '' : `${status}: `}${summary} (${formatDuration(durationMs)})`;
    if (status === 'FAIL' || status === 'ERROR') running.fail(text);
    else running.succeed(text);
  }
}

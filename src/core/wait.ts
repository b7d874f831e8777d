import type { Context } from './context.ts';
import { formatDuration } from './duration.ts';
import { timedOut } from './errors.ts';
import type { CommandResult } from './result.ts';

/** What one look found: the value waited for, or why it is not there yet, in words a person can act on. */
export type Look<T> = { done: true; value: T } | { done: false; reason: string };

export interface WaitOptions<T> {
  /** What is waited for, as it is shown: `NFS node plugin on 3 nodes`. */
  what: string;
  timeoutMs: number;
  /** Pause between looks, 1000 ms unless told. */
  intervalMs?: number;
  look(signal: AbortSignal): Promise<Look<T>>;
  /** The command that shows more, named when time runs out. */
  nextCommand?: string | undefined;
  /** Shown when it is done; `what` unless told. */
  doneText?: (value: T) => string;
  /** What to print as the result document if time runs out. */
  partialResult?: () => CommandResult;
  signal?: AbortSignal;
}

/**
 * Looks until it is done, saying all the while what it waits for and the newest reason.
 * @throws CliError `timed-out` (exit 4) with the last reason and the next command to run.
 */
export async function waitFor<T>(ctx: Context, options: WaitOptions<T>): Promise<T> {
  const signal = options.signal ?? ctx.signal;
  const deadline = ctx.clock.now() + options.timeoutMs;
  const progress = await ctx.io.progress(options.what);
  try {
    for (;;) {
      const look = await options.look(signal);
      if (look.done) {
        progress.succeed(options.doneText?.(look.value) ?? options.what);
        return look.value;
      }
      progress.update(`${options.what}: ${look.reason}`);
      if (ctx.clock.now() >= deadline) {
        throw timedOut(
          `timed out after ${formatDuration(options.timeoutMs)} waiting for ${options.what}: ${look.reason}`,
          {
            remedy: options.nextCommand,
            result: options.partialResult?.(),
          },
        );
      }
      await ctx.clock.sleep(Math.min(options.intervalMs ?? 1000, Math.max(1, deadline - ctx.clock.now())), signal);
    }
  } catch (error) {
    progress.fail();
    throw error;
  }
}

import { ExitCode } from './exit-codes.ts';
import type { CommandResult } from './result.ts';

export interface CliErrorOptions {
  /** Stable identifier for scripts, in kebab case, such as `unknown-cloud`. */
  code: string;
  exitCode: ExitCode;
  /** One sentence: what failed, with the server's own words where it has any. */
  message: string;
  /** One thing to do about it: a command or an edit. */
  remedy?: string | undefined;
  /** The service's id of the request that failed, for its operator's logs. */
  requestId?: string | undefined;
  cause?: unknown;
  /** Where several things failed: each of them. */
  errors?: readonly CliError[] | undefined;
  /** What was done or seen before the failure; printed as the result document beside the error. */
  result?: CommandResult | undefined;
}

/** An end that the program knows how to explain. Everything else that is thrown is a bug of the program. */
export class CliError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly remedy: string | undefined;
  readonly requestId: string | undefined;
  readonly result: CommandResult | undefined;
  readonly errors: readonly CliError[];

  constructor(options: CliErrorOptions) {
    super(options.message, { cause: options.cause });
    this.name = 'CliError';
    this.code = options.code;
    this.exitCode = options.exitCode;
    this.remedy = options.remedy;
    this.requestId = options.requestId;
    this.result = options.result;
    this.errors = options.errors ?? [];
  }
}

type Rest = Omit<CliErrorOptions, 'code' | 'exitCode' | 'message'>;

/** The command line is wrong (exit 2). */
export function usageError(message: string, rest: Rest = {}): CliError {
  return new CliError({ code: 'usage', exitCode: ExitCode.Usage, message, ...rest });
}

/** A file or an environment variable holds something that cannot be used (exit 2). */
export function configError(code: string, message: string, rest: Rest = {}): CliError {
  return new CliError({ code, exitCode: ExitCode.Usage, message, ...rest });
}

/** A service is unreachable or refuses (exit 3). */
export function couldNotRun(code: string, message: string, rest: Rest = {}): CliError {
  return new CliError({ code, exitCode: ExitCode.CouldNotRun, message, ...rest });
}

/** A wait ran out of time (exit 4). */
export function timedOut(message: string, rest: Rest = {}): CliError {
  return new CliError({ code: 'timed-out', exitCode: ExitCode.TimedOut, message, ...rest });
}

/** What `ctx.signal` is aborted with when the user or the system asks the program to stop. */
export class Interrupted extends Error {
  readonly signalName: 'SIGINT' | 'SIGTERM';

  constructor(signalName: 'SIGINT' | 'SIGTERM') {
    super(signalName === 'SIGINT' ? 'interrupted' : 'terminated');
    this.name = 'Interrupted';
    this.signalName = signalName;
  }

  get exitCode(): ExitCode {
    return this.signalName === 'SIGINT' ? ExitCode.Interrupted : ExitCode.Terminated;
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ENOENT`, `ECONNREFUSED`), also where it is wrapped in a cause. */
export function errnoOf(error: unknown): string | undefined {
  for (
    let current: unknown = error, depth = 0;
    current instanceof Error && depth < 5;
    current = current.cause, depth++
  ) {
    const code: unknown = (current as NodeJS.ErrnoException).code;
    if (typeof code === 'string' && /^(E[A-Z]|[A-Z]+_)/.test(code)) return code;
  }
  return undefined;
}

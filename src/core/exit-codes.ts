/**
 * What the process ends with. The code is computed from the result, never from the output format (`-o`).
 * Where several hold, the first of this order wins: signal, leftovers, failed check, timed out, could not run.
 */
export const ExitCode = {
  /** Everything asked for is done, or was so already. */
  Done: 0,
  /** It ran and found something: a failed check, drift, an exceeded quota. */
  Found: 1,
  /** The command line or a configuration file is wrong. Nothing was changed. */
  Usage: 2,
  /** It could not run: a service is unreachable, or refuses this user. */
  CouldNotRun: 3,
  /** A wait ran out of time. */
  TimedOut: 4,
  /** Something that should be gone was left behind; the report names it. */
  LeftBehind: 4,
  /** Ctrl-C (128 + SIGINT). */
  Interrupted: 130,
  /** The reader of stdout went away (128 + SIGPIPE). */
  BrokenPipe: 141,
  /** SIGTERM (128 + SIGTERM). */
  Terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

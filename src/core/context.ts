import type { Clock } from './clock.ts';
import type { Io } from './io.ts';
import type { SecretStore } from './redaction.ts';

export type Env = Readonly<Record<string, string | undefined>>;
export type DryRun = 'none' | 'client' | 'server';
export type OutputFormat = 'table' | 'json' | 'yaml' | 'name';

/** Flags that every command takes; see `src/cli.ts` for their texts. */
export interface GlobalOptions {
  /** Path of `manila-rwx.yaml`; undefined means the default name in the working directory, if it is there. */
  file?: string;
  output: OutputFormat;
  yes: boolean;
  dryRun: DryRun;
  /** Milliseconds that the command's waits may last; undefined leaves the command its own default. */
  timeoutMs?: number;
  debug: boolean;
  kubeconfig?: string;
  context?: string;
  namespace?: string;
  /** `--os-*` flags by the name of the environment variable they stand for, such as `OS_CLOUD`. */
  openstack: Readonly<Record<string, string>>;
}

/** What a command is given instead of the process: everything it may read, ask, wait on or write to. */
export interface Context {
  readonly io: Io;
  readonly env: Env;
  readonly cwd: string;
  /** The user's home folder. */
  readonly home: string;
  readonly clock: Clock;
  readonly secrets: SecretStore;
  readonly global: GlobalOptions;
  /** Aborted with an `Interrupted` at the first Ctrl-C or SIGTERM: stop, then clean up. */
  readonly signal: AbortSignal;
  /** Aborted at the second one: stop cleaning up too, and say what is left. */
  readonly hardSignal: AbortSignal;
}

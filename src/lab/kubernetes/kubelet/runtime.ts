import type { Readable, Writable } from 'node:stream';
import type { Pod } from '../kinds.ts';

/** A command that runs in a container. */
export interface RunningCommand {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  /** How it ended: an exit code, or why it could not be started. */
  ended: Promise<{ exitCode: number } | { failure: string }>;
  /** Asks the process and its children to go, as a closed terminal does. */
  hangUp(): void;
}

export interface LogOptions {
  container: string;
  follow: boolean;
  previous: boolean;
  tailLines?: number;
  sinceSeconds?: number;
  timestamps: boolean;
  limitBytes?: number;
}

/** What the API server asks the kubelets for: processes and logs of a pod. */
export interface PodRuntime {
  /** @throws Error with the kubelet's words where the container does not run. */
  exec(
    pod: Pod,
    container: string,
    command: readonly string[],
    options: { stdin: boolean; tty: boolean },
  ): RunningCommand;
  /** Text until now, and what comes after it while `follow` is set. */
  log(pod: Pod, options: LogOptions): AsyncIterable<string>;
}

import type { LabState } from './state.ts';

/** Is a lab up, and where. */
export interface LabStatus {
  up: boolean;
  /** The lab's folder. */
  folder: string;
  /** Absent where it is not up. */
  lab?: LabState;
}

/** Variables that select the lab for any program. */
export interface LabEnvironment {
  variables: Record<string, string>;
}

/** A command that ran in a lab of its own. */
export interface LabRun {
  command: string[];
  /** Exit code of the command; 128 + its number where a signal ended it. */
  exitCode: number;
}

/** What `lab demo` did, command by command. */
export interface LabDemo {
  steps: {
    /** As it would be typed. */
    command: string;
    exitCode: number;
    /** Milliseconds. */
    ms: number;
  }[];
  /** Milliseconds, with start and stop of the lab. */
  ms: number;
  /** How many requests the lab's services answered. */
  requests: { keystone: number; manila: number; kubernetes: number };
}

import type { FileChanges } from '../sections/report.ts';

/** Result of `init`. */
export interface InitReport {
  /** The file, as the user would write it. */
  file: string;
  /** `written`, `unchanged` where it said so already, `not-written` with --dry-run or where the user stopped. */
  outcome: 'written' | 'unchanged' | 'not-written';
  /** The text of the file. */
  text: string;
  /** The command that gives the same file without a question. */
  command: string;
  /** What `plan` says of it; absent where it could not be told. */
  plan?: FileChanges;
  /** Why it could not. */
  planProblem?: string;
  /** What `apply` did; absent where it was not asked for. */
  applied?: FileChanges;
}

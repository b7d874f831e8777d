import type { ChangeSet } from '../reconcile/change.ts';

/** What becomes of everything that a file speaks of. */
export interface FileChanges extends ChangeSet {
  /** The sections that were kept, in the order in which they are done. */
  sections: string[];
  /** The share type that shares get which name none; absent where the cloud has none, or the file has no share types. */
  defaultShareType?: string;
}

import type { ChangeSet } from '../reconcile/change.ts';
import type { Canary } from './credential-proof.ts';
import type { CredentialReport } from './credentials.ts';

/**
 * Manila remembers for so many seconds that a token was good (keystonemiddleware, `token_cache_time`; no API tells
 * what a cloud has set): with a token of the old credential it can be called for as long, though Keystone gives none.
 */
export const MANILA_CACHE_SECONDS = 300;

/** Result of `auth credential rotate`. */
export interface CredentialRotation extends ChangeSet {
  /** The Secret, as `namespace/name`. */
  secret: string;
  /** What it held before; absent where it held no application credential. */
  before?: CredentialReport;
  /** What it holds now; absent in a dry run. */
  after?: CredentialReport;
  /** The claim that was made, mounted and deleted with the new credential. */
  canary?: Canary;
  /** Why there was no such claim. */
  canarySkipped?: string;
  /** With which words Keystone refuses the old credential; absent where it did before. */
  refusal?: string;
  /** Seconds that Manila may go on taking tokens that were given for the old credential (the usual setting). */
  manilaHonoursSeconds?: number;
}

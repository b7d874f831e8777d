import type { Context } from '../core/context.ts';
import { couldNotRun, messageOf } from '../core/errors.ts';
import { OpenStackError } from '../openstack/errors.ts';
import { type KeystoneSession, openSessionWith } from '../openstack/session.ts';

/** A claim that was made, mounted and deleted with a new credential. */
export interface Canary {
  /** StorageClass of the claim. */
  storageClass: string;
  /** Namespace that it was in. */
  namespace: string;
  /** Node that mounted it. */
  node: string;
  /** Seconds until it was bound. */
  boundSeconds: number;
  /** Seconds until claim, volume and share were deleted. */
  deletedSeconds: number;
}

/** What came of trying a new credential as the driver uses it. */
export type CredentialProof =
  | { canary: Canary }
  /** Why there was nothing to try it with. */
  | { skipped: string }
  | { failed: string; remedy: string | undefined; /** Is there something of the claim still? */ leftBehind: boolean };

export type ProveCredential = (ctx: Context) => Promise<CredentialProof>;

export function isRefusal(error: unknown, ...statuses: number[]): error is OpenStackError {
  return error instanceof OpenStackError && statuses.includes(error.status);
}

/**
 * Logs in with a credential that was deleted.
 * @returns the words in which Keystone refuses it.
 * @throws CliError `not-revoked` (exit 3) where Keystone takes it.
 */
export async function keystoneRefuses(
  ctx: Context,
  base: KeystoneSession,
  { id, secret }: { id: string; secret: string },
): Promise<string> {
  const session = openSessionWith(ctx, base, { method: 'application-credential', id, secret });
  try {
    await session.identity();
  } catch (error) {
    if (isRefusal(error, 401, 403, 404)) return error.serverMessage ?? messageOf(error);
    throw error;
  } finally {
    session.close();
  }
  throw couldNotRun('not-revoked', `Keystone still takes application credential ${id}, though it has deleted it`, {
    remedy: 'see whether the Keystones of this cloud share one database and cache, then run it again',
  });
}

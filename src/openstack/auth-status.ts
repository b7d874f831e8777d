import type { Context } from '../core/context.ts';
import { CliError } from '../core/errors.ts';
import { result } from '../core/result.ts';
import { Manila } from './manila.ts';
import type { KeystoneSession } from './session.ts';
import type { Identity } from './types.ts';

/** Who is logged in, and what that login leads to. */
export interface AuthStatus {
  /** How the login was chosen: `cloud "admin" of /etc/openstack/clouds.yaml`, or `OS_* variables`. */
  source: string;
  /** Keystone's v3 address. */
  authUrl: string;
  /** Region that was asked for; absent where the cloud has only one or none was named. */
  region?: string;
  /** Endpoint interface: public, internal or admin. */
  interface: string;
  /** The user, with the name of its domain. */
  user: { id: string; name: string; domain: string };
  /** The project that is worked in, with the name of its domain; absent without one. */
  project?: { id: string; name: string; domain: string };
  /** Names of the roles in the project. */
  roles: string[];
  /** Set where the login is by application credential. */
  applicationCredential?: { id: string; name: string; restricted: boolean };
  /** When the token ends, as ISO 8601. */
  expiresAt: string;
  /** File that the token is kept in; absent where it is not kept. */
  tokenFile?: string;
  /** The Manila of the catalog; absent where there is none that can be used: the error beside it says why. */
  manila?: {
    /** Address of the API. */
    url: string;
    /** Service type in the catalog: shared-file-system, sharev2 or share. */
    type: string;
    /** Oldest microversion that it has. */
    minVersion: string;
    /** Newest microversion that it has. */
    maxVersion: string;
  };
}

export interface AuthLogout {
  /** How the login was chosen. */
  source: string;
  /** `revoked`; `expired` where Keystone knew it no more; `none` where no token was kept. */
  token: 'none' | 'revoked' | 'expired';
}

/**
 * Asks Keystone and Manila.
 * @throws CliError (exit 3) where the login fails; where only Manila cannot be used, the error carries what is known
 *   of the login.
 */
export async function authStatus(ctx: Context, session: KeystoneSession): Promise<AuthStatus> {
  const identity = await session.identity();
  try {
    const { endpoint, microversions } = await Manila.connect(session, ctx);
    const { url, type } = endpoint;
    const manila = { url, type, minVersion: microversions.min, maxVersion: microversions.max };
    return { ...(await loginStatus(session, identity)), manila };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const { code, exitCode, message, remedy, requestId } = error;
    const partial = result('auth-status', await loginStatus(session, identity));
    throw new CliError({ code, exitCode, message, remedy, requestId, cause: error, result: partial });
  }
}

async function loginStatus(session: KeystoneSession, identity: Identity): Promise<AuthStatus> {
  const cached = await session.cachedToken();
  const { user, project, roles, applicationCredential, expiresAt } = identity;
  return {
    source: session.source,
    authUrl: session.authUrl,
    ...(session.region === undefined ? {} : { region: session.region }),
    interface: session.interface,
    user,
    ...(project && { project }),
    roles,
    ...(applicationCredential && { applicationCredential }),
    expiresAt: new Date(expiresAt).toISOString(),
    ...(cached && { tokenFile: cached.path }),
  };
}

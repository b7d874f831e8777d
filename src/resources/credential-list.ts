import type { LoadedConfig } from '../config/types.ts';
import { mapLimit } from '../core/concurrency.ts';
import type { Context } from '../core/context.ts';
import { messageOf } from '../core/errors.ts';
import { DRIVER_SECRET_NAME, TENANT_LABEL } from '../drivers/names.ts';
import { describeUsers, secretUsers } from '../drivers/secret-users.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import { lifeOf } from './credential-choice.ts';
import { secretNameOf } from './credential-holder.ts';
import { type InstalledCredential, loginOf } from './credential-login.ts';
import { isRefusal } from './credential-proof.ts';
import { type CredentialReport, reportOf } from './credentials.ts';
import { readCredentialSecret } from './credential-secret.ts';
import { isOurs } from './ownership.ts';

/** How a credential stands. */
export type CredentialStanding =
  /** Keystone takes it. */
  | 'valid'
  /** Keystone takes it, and it ends so soon that the next `apply` or `install` replaces it. */
  | 'due'
  /** Keystone refuses it. */
  | 'refused'
  /** Keystone could not be asked from here. */
  | 'unknown'
  /** The file wants it, and there is no Secret with it. */
  | 'missing';

/** A credential of the drivers or of a tenant. */
export interface CredentialEntry {
  /** Namespace of the tenant; absent for the drivers' own. */
  tenant?: string;
  /** Name of its Secret, in the drivers' namespace. */
  secret: string;
  standing: CredentialStanding;
  /** Why it is not valid, in Keystone's own words where it has any. */
  reason?: string;
  /** What is in the Secret; absent where it is missing. */
  credential?: CredentialReport;
  /** Whole days until it ends, rounded down; absent where it never ends, or is missing. */
  daysLeft?: number;
  /** Does the file have it? */
  inFile: boolean;
  /** What needs it as long as it exists: `2 volumes (team-a/data, team-a/logs)`; absent where nothing does. */
  usedBy?: string;
}

/** Result of `auth credential list`. */
export interface CredentialList {
  /** Namespace of the drivers and of all Secrets. */
  namespace: string;
  credentials: CredentialEntry[];
}

const CONCURRENCY = 8;
const DAY_MS = 86_400_000;

/** Every credential that is in the cluster or that the file wants. Reads only; logs in with each of them. */
export async function listCredentials(
  ctx: Context,
  kube: KubeClient,
  namespace: string,
  loaded: LoadedConfig,
): Promise<CredentialList> {
  const [{ items }, users] = await Promise.all([
    kube.list({ apiVersion: 'v1', kind: 'Secret', namespace }, { signal: ctx.signal }),
    secretUsers(kube, namespace),
  ]);
  const secrets = items.filter((secret) => isCredential(secret));
  const { rotateBeforeMs } = lifeOf(loaded);
  const { tenants, credential } = loaded.config;
  const wanted = new Map<string, string | undefined>([
    ...((credential.project ?? credential.cloud) === undefined ? [] : [[DRIVER_SECRET_NAME, undefined] as const]),
    ...tenants.map((tenant) => [secretNameOf({ tenant: tenant.namespace }), tenant.namespace] as const),
  ]);
  const found = await mapLimit(secrets, CONCURRENCY, async (secret): Promise<CredentialEntry> => {
    const { name, labels } = secret.metadata;
    const tenant = labels?.[TENANT_LABEL];
    const usedBy = users.get(name);
    return {
      ...(tenant === undefined ? {} : { tenant }),
      secret: name,
      ...(await standingOf(ctx, secret, rotateBeforeMs)),
      inFile: wanted.has(name),
      ...(usedBy ? { usedBy: describeUsers(usedBy) } : {}),
    };
  });
  const there = new Set(found.map(({ secret }) => secret));
  const missing = [...wanted].flatMap(([secret, tenant]): CredentialEntry[] =>
    there.has(secret)
      ? []
      : [{ ...(tenant === undefined ? {} : { tenant }), secret, standing: 'missing', inFile: true }],
  );
  const credentials = [...found, ...missing].sort((a, b) => (a.tenant ?? '').localeCompare(b.tenant ?? ''));
  return { namespace, credentials };
}

/** Is this a Secret of ours with the login of the drivers or of a tenant? */
export function isCredential(secret: KubeObject): boolean {
  const { name, labels } = secret.metadata;
  return isOurs(secret) && (name === DRIVER_SECRET_NAME || labels?.[TENANT_LABEL] !== undefined);
}

async function standingOf(
  ctx: Context,
  secret: KubeObject,
  rotateBeforeMs: number,
): Promise<Pick<CredentialEntry, 'standing' | 'reason' | 'credential' | 'daysLeft'>> {
  const held = readCredentialSecret(secret);
  if (!held) return { standing: 'refused', reason: 'the Secret holds no application credential' };
  const { expiresAt } = held.facts;
  const leftMs = expiresAt === undefined ? Infinity : expiresAt - ctx.clock.now();
  const rest = {
    credential: reportOf(held.facts),
    ...(expiresAt === undefined ? {} : { daysLeft: Math.floor(leftMs / DAY_MS) }),
  };
  const { session }: InstalledCredential = loginOf(ctx, secret, held);
  try {
    await session.identity();
    return { standing: leftMs < rotateBeforeMs ? 'due' : 'valid', ...rest };
  } catch (error) {
    if (ctx.signal.aborted) throw error;
    const refused = isRefusal(error, 400, 401, 403, 404);
    const reason = (refused && error.serverMessage) || messageOf(error);
    return { standing: refused ? 'refused' : 'unknown', reason, ...rest };
  } finally {
    session.close();
  }
}

import type { Context } from '../core/context.ts';
import { configError } from '../core/errors.ts';
import type { KubeClient } from '../kube/types.ts';
import { DRIVER_SECRET_NAME } from '../drivers/names.ts';
import { Keystone, type User } from '../openstack/identity-admin.ts';
import { type KeystoneSession, openSession } from '../openstack/session.ts';
import type { Planned } from '../reconcile/change.ts';
import type { Resource } from '../reconcile/reconcile.ts';
import { findOwnUser, installationName } from './credential-owner.ts';
import { readCredentialSecret } from './credential-secret.ts';
import { credentialPrefix, type OldCredential } from './credential-state.ts';

/** What this program has made at Keystone for the drivers of a cluster. */
interface Observed {
  /** Made by this program: goes, and its credentials with it. */
  user: User | undefined;
  /** Credentials of a user that is not ours. */
  credentials: (OldCredential & { keystone: Keystone })[];
}

type Op = { do: 'user'; user: User } | { do: 'credential'; credential: OldCredential & { keystone: Keystone } };

export interface RemovalOptions {
  namespace: string;
  /** UID of the namespace kube-system. */
  clusterId: string;
  /** As the file has it: `create`, or the name of the service user. */
  user: string;
  /** The project that the service user is looked for in, where the Secret is gone already. */
  project: string | undefined;
  /** The clouds.yaml entry that made the credential, where the Secret is gone already. */
  cloud: string | undefined;
}

/**
 * Revokes what was made at Keystone for the drivers. The Secret tells what that was; where it is gone (a run that was
 * stopped), names and descriptions do.
 */
export function credentialRemoval(
  ctx: Context,
  kube: KubeClient,
  admin: KeystoneSession,
  options: RemovalOptions,
): Resource<Observed, Op> {
  return {
    title: 'the drivers’ credential',
    observe: () => observe(ctx, kube, admin, options),
    plan: ({ user, credentials }) => [...(user ? [planUser(user)] : []), ...credentials.map(planCredential)],
    perform: ({ op }) => perform(admin, op),
  };
}

async function observe(
  ctx: Context,
  kube: KubeClient,
  admin: KeystoneSession,
  { namespace, clusterId, user, project, cloud }: RemovalOptions,
): Promise<Observed> {
  const secret = await kube.get({ apiVersion: 'v1', kind: 'Secret', name: DRIVER_SECRET_NAME, namespace });
  const held = secret && readCredentialSecret(secret);
  const facts = held?.facts;
  const entry = facts ? facts.cloud : cloud;
  const session = entry === undefined ? admin : await openSession(ctx, { only: entry });
  refuseOtherCloud(held?.data['os-authURL'], session);
  if (entry !== undefined) {
    const keystone = new Keystone(session);
    const own = (await session.identity()).user.id;
    const all = await keystone.listApplicationCredentials(own);
    const prefix = credentialPrefix(clusterId);
    const ours = all.filter(({ name }) => name.startsWith(prefix));
    return { user: undefined, credentials: ours.map(({ id, name }) => ({ id, name, userId: own, keystone })) };
  }
  const userName = facts?.userName || (user === 'create' ? installationName(clusterId) : user);
  const projectId = facts?.projectId || project || (await admin.identity()).project?.id;
  const found =
    projectId === undefined
      ? undefined
      : await findOwnUser(new Keystone(admin), { userName, projectId }, { clusterId });
  return { user: found, credentials: [] };
}

/** At another cloud the user would not be found, and would be left behind unsaid. */
function refuseOtherCloud(authUrl: string | undefined, session: KeystoneSession): void {
  if (authUrl === undefined || authUrl === session.authUrl) return;
  throw configError(
    'other-cloud',
    `the drivers’ credential is of the cloud at ${authUrl}, and ${session.source} is the one at ${session.authUrl}`,
    { remedy: 'choose that cloud with --os-cloud, or leave the credential there with --keep-credential' },
  );
}

function planUser(user: User): Planned<Op> {
  const reason = 'made by manila-rwx for these drivers; its credentials go with it';
  return {
    change: { kind: 'User', name: user.name, action: 'delete', fields: [], destructive: true, reason },
    op: { do: 'user', user },
  };
}

function planCredential(credential: Observed['credentials'][number]): Planned<Op> {
  return {
    change: { kind: 'ApplicationCredential', name: credential.name, action: 'delete', fields: [], destructive: true },
    op: { do: 'credential', credential },
  };
}

async function perform(admin: KeystoneSession, op: Op): Promise<void> {
  if (op.do === 'user') await new Keystone(admin).deleteUser(op.user.id);
  else await op.credential.keystone.deleteApplicationCredential(op.credential.userId, op.credential.id);
}

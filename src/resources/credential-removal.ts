import type { Context } from '../core/context.ts';
import { configError } from '../core/errors.ts';
import type { KubeClient } from '../kube/types.ts';
import { Keystone, type User } from '../openstack/identity-admin.ts';
import { type KeystoneSession, openSession } from '../openstack/session.ts';
import type { Planned } from '../reconcile/change.ts';
import type { Resource } from '../reconcile/reconcile.ts';
import { credentialPrefix, type Holder, secretNameOf, serviceUserName, titleOf } from './credential-holder.ts';
import { findOwnUser } from './credential-owner.ts';
import { readCredentialSecret } from './credential-secret.ts';
import type { OldCredential } from './credential-state.ts';

/** What this program has made at Keystone for a holder. */
interface Observed {
  /** Made by this program: goes, and its credentials with it. */
  user: User | undefined;
  /** Credentials of a user that is not ours. */
  credentials: (OldCredential & { keystone: Keystone })[];
}

type Op = { do: 'user'; user: User } | { do: 'credential'; credential: OldCredential & { keystone: Keystone } };

export interface RemovalOptions extends Holder {
  /** Of the Secret. */
  namespace: string;
  /** As the file has it: `create`, or the name of the service user. */
  user: string;
  /** The project that the service user is looked for in, where the Secret is gone already. */
  project: string | undefined;
  /** The clouds.yaml entry that made the credential, where the Secret is gone already. */
  cloud: string | undefined;
}

/**
 * Revokes what was made at Keystone for a holder. The Secret tells what that was; where it is gone (a run that was
 * stopped), names and descriptions do.
 */
export function credentialRemoval(
  ctx: Context,
  kube: KubeClient,
  admin: KeystoneSession,
  options: RemovalOptions,
): Resource<Observed, Op> {
  return {
    title: titleOf(options),
    observe: () => observe(ctx, kube, admin, options),
    plan: ({ user, credentials }) => [...(user ? [planUser(user, options)] : []), ...credentials.map(planCredential)],
    serverDryRun: true,
    perform: async ({ op }, { dryRun }) => {
      if (!dryRun) await perform(admin, op);
    },
  };
}

async function observe(
  ctx: Context,
  kube: KubeClient,
  admin: KeystoneSession,
  options: RemovalOptions,
): Promise<Observed> {
  const { namespace, user, project, cloud } = options;
  const secret = await kube.get({ apiVersion: 'v1', kind: 'Secret', name: secretNameOf(options), namespace });
  const held = secret && readCredentialSecret(secret);
  const facts = held?.facts;
  const entry = facts ? facts.cloud : cloud;
  const session = entry === undefined ? admin : await openSession(ctx, { only: entry });
  refuseOtherCloud(held?.data['os-authURL'], session);
  if (entry !== undefined) {
    const keystone = new Keystone(session);
    const own = (await session.identity()).user.id;
    const all = await keystone.listApplicationCredentials(own);
    const prefix = credentialPrefix(options);
    const ours = all.filter(({ name }) => name.startsWith(prefix));
    return { user: undefined, credentials: ours.map(({ id, name }) => ({ id, name, userId: own, keystone })) };
  }
  const userName = facts?.userName || (user === 'create' ? serviceUserName(options) : user);
  const projectId = facts?.projectId || project || (await admin.identity()).project?.id;
  const found =
    projectId === undefined ? undefined : await findOwnUser(new Keystone(admin), { userName, projectId }, options);
  return { user: found, credentials: [] };
}

/** At another cloud the user would not be found, and would be left behind unsaid. */
function refuseOtherCloud(authUrl: string | undefined, session: KeystoneSession): void {
  if (authUrl === undefined || authUrl === session.authUrl) return;
  throw configError(
    'other-cloud',
    `the credential is of the cloud at ${authUrl}, and ${session.source} is the one at ${session.authUrl}`,
    { remedy: 'choose that cloud with --os-cloud, or leave the credential there with --keep-credential' },
  );
}

function planUser(user: User, { tenant }: Holder): Planned<Op> {
  const reason = `made by manila-rwx for ${tenant === undefined ? 'these drivers' : `tenant ${tenant}`}; its credentials go with it`;
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

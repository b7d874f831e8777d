import type { Context } from '../core/context.ts';
import { configError, couldNotRun } from '../core/errors.ts';
import { describeUsers, secretUsers } from '../drivers/secret-users.ts';
import { describeObject } from '../kube/errors.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import { OpenStackError } from '../openstack/errors.ts';
import {
  type AccessRule,
  type ApplicationCredential,
  Keystone,
  type Project,
  type User,
} from '../openstack/identity-admin.ts';
import { type KeystoneSession, MANILA_TYPES, openSession, openSessionWith } from '../openstack/session.ts';
import type { Identity } from '../openstack/types.ts';
import { credentialPrefix, type Holder, secretNameOf, titleOf } from './credential-holder.ts';
import { asLogin, findOwnUser, findServiceUser, type Login, type ServiceUser } from './credential-owner.ts';
import { allowsAll, driverAccessRules } from './credential-rules.ts';
import { type CredentialFacts, type DriverConnection, readCredentialSecret } from './credential-secret.ts';
import { isOurs, ownerOf } from './ownership.ts';

export interface CredentialOptions extends Holder {
  /** Of the drivers and their Secrets. */
  namespace: string;
  owner: CredentialOwner;
  /** Milliseconds that a new credential is valid. */
  lifeMs: number;
  /** A credential with less than this to live (ms) is replaced. */
  rotateBeforeMs: number;
  /** Replace the credential however long it has to live. */
  renew?: boolean;
}

/** Whose the shares are: a service user with role member in a project, or the user of a clouds.yaml entry. */
export type CredentialOwner =
  | { kind: 'service-user'; /** Name or id. */ project: string; userName: string }
  | { kind: 'cloud'; /** Name of the entry. */ cloud: string };

/** A credential and what is needed to revoke it. */
export interface OldCredential {
  id: string;
  name: string;
  userId: string;
}

/** The drivers' credential as cluster and Keystone have it. */
export interface CredentialState {
  connection: DriverConnection;
  project: { id: string; name: string };
  userName: string;
  /** The Secret; undefined where there is none. */
  secret: KubeObject | undefined;
  /** The Secret's credential where it can stay. */
  kept: { secret: string; facts: CredentialFacts } | undefined;
  /** What the Secret holds where it cannot stay, and whether Keystone takes it. */
  former: { secret: string; facts: CredentialFacts; works: boolean } | undefined;
  /** Why a new credential is needed; undefined where the old one stays. */
  reason: string | undefined;
  /** Does a new credential make shares in another project than the old one did? */
  moves: boolean;
  /** What the service user lacks; undefined where nothing was looked up since nothing is to be made. */
  serviceUser: ServiceUser | undefined;
  /** The session that makes a credential for itself, where no service user does. */
  login: Login | undefined;
  /** Credentials that this program made for these drivers and that no Secret holds, or will hold. */
  old: OldCredential[];
  /** The service user that the old credential belonged to, where another user takes over. */
  oldUser: User | undefined;
}

/**
 * Reads how the credential stands: the Secret, whether Keystone takes what it holds, and what an interrupted run has
 * left. Nothing is written.
 *
 * @throws CliError `not-ours`, `loopback` and what {@link findServiceUser} and {@link asLogin} throw.
 */
export async function readCredentialState(
  ctx: Context,
  kube: KubeClient,
  admin: KeystoneSession,
  options: CredentialOptions,
): Promise<CredentialState> {
  const base = options.owner.kind === 'cloud' ? await openSession(ctx, { only: options.owner.cloud }) : admin;
  const [connection, secret, wanted] = await Promise.all([
    readConnection(base, kube),
    readOwnSecret(kube, options),
    readOwner(base, options.owner),
  ]);
  const { keystone, login, project, userName } = wanted;
  const held = secret && readCredentialSecret(secret);
  const verdict = await judge(ctx, base, { options, held, project, secret, userName });
  const ownerId = login?.identity.user.id ?? verdict.userId;
  const listed = await listOwn(ctx, keystone, ownerId, options);
  const kept = listed.find(({ id }) => id === held?.facts.credentialId);
  const reason = verdict.reason ?? (kept && whyUnfit(kept, verdict.rules)) ?? whyAsked(options);
  const found = { connection, project, userName, secret, reason, login };
  if (reason === undefined) {
    const old = without(listed, held?.facts.credentialId);
    return { ...found, kept: held, former: undefined, moves: false, serviceUser: undefined, old, oldUser: undefined };
  }
  const successor = await readSuccessor({ ctx, kube, admin, options, wanted, facts: held?.facts, ownerId });
  const former = held && { ...held, works: verdict.userId !== undefined };
  return { ...found, kept: undefined, former, ...successor, old: [...without(listed, undefined), ...successor.old] };
}

interface Succession {
  ctx: Context;
  kube: KubeClient;
  admin: KeystoneSession;
  options: CredentialOptions;
  wanted: Owner;
  /** Of the credential that the Secret holds now. */
  facts: CredentialFacts | undefined;
  /** Its user, whose credentials are listed already. */
  ownerId: string | undefined;
}

/** Where a new credential is needed: who is to make it, and what goes with the old one. */
async function readSuccessor({
  ctx,
  kube,
  admin,
  options,
  wanted,
  facts,
  ownerId,
}: Succession): Promise<Pick<CredentialState, 'moves' | 'serviceUser' | 'old' | 'oldUser'>> {
  const { keystone, project, domainProject, userName } = wanted;
  const moves = facts !== undefined && ![project.id, ''].includes(facts.projectId);
  if (moves) await refuseMove(kube, facts, project, options);
  const serviceUser = domainProject && (await findServiceUser(keystone, userName, domainProject, options));
  const newOwner = serviceUser?.user?.id ?? wanted.login?.identity.user.id;
  const old = newOwner === ownerId ? [] : without(await listOwn(ctx, keystone, newOwner, options), undefined);
  if (!facts || facts.userId === '' || facts.userId === newOwner)
    return { moves, serviceUser, old, oldUser: undefined };
  const oldUser = await findOwnUser(new Keystone(admin), facts, options);
  if (!oldUser) old.push({ id: facts.credentialId, name: facts.credentialName, userId: facts.userId });
  return { moves, serviceUser, old, oldUser };
}

interface Owner {
  /** A session that may look after the owner's credentials. */
  keystone: Keystone;
  login: Login | undefined;
  project: { id: string; name: string };
  /** The project with its domain, where a service user is to be made in it. */
  domainProject: Project | undefined;
  userName: string;
}

async function readOwner(base: KeystoneSession, owner: CredentialOwner): Promise<Owner> {
  if (owner.kind === 'cloud') {
    const login = await asLogin(base);
    const { project, user } = login.identity;
    return { keystone: login.keystone, login, project, domainProject: undefined, userName: user.name };
  }
  const keystone = new Keystone(base);
  const project = await keystone.findProject(owner.project);
  return { keystone, login: undefined, project, domainProject: project, userName: owner.userName };
}

function without(listed: readonly Listed[], id: string | undefined): OldCredential[] {
  return listed.filter((one) => one.id !== id).map(({ id: old, name, userId }) => ({ id: old, name, userId }));
}

/** @throws CliError `not-ours`, or `namespace-terminating` where a Secret would not outlive the run (exit 3). */
async function readOwnSecret(kube: KubeClient, options: CredentialOptions): Promise<KubeObject | undefined> {
  const { namespace } = options;
  const [place, secret] = await Promise.all([
    kube.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }),
    kube.get({ apiVersion: 'v1', kind: 'Secret', name: secretNameOf(options), namespace }),
  ]);
  if (place?.metadata.deletionTimestamp !== undefined) {
    throw couldNotRun('namespace-terminating', `namespace ${namespace} is being deleted; nothing was changed`, {
      remedy: `wait until it is gone (kubectl get namespace ${namespace}), then run it again`,
    });
  }
  if (secret && !isOurs(secret)) {
    throw couldNotRun('not-ours', `${describeObject(secret)} exists (${ownerOf(secret)}); nothing was changed`, {
      remedy: 'remove it, or choose another namespace with -n',
    });
  }
  return secret;
}

/** Where the drivers find Keystone and Manila: as this session does, if that is a place that pods can reach. */
async function readConnection(session: KeystoneSession, kube: KubeClient): Promise<DriverConnection> {
  const manila = await session.endpoint(MANILA_TYPES);
  for (const [name, url] of [
    ['Keystone', session.authUrl],
    ['Manila', manila.url],
  ] as const) {
    if (!isLoopback(new URL(url).hostname) || (await podsShareLoopback(kube))) continue;
    throw configError('loopback', `${name} is at ${url}, which in a pod means the pod itself`, {
      remedy:
        name === 'Keystone'
          ? `give ${session.source} an auth_url that the nodes of the cluster reach`
          : 'have the catalog name an address that the nodes of the cluster reach, or choose another interface',
    });
  }
  return {
    authUrl: session.authUrl,
    region: manila.region,
    interface: session.interface,
    caPem: session.caPem,
    insecure: session.insecure,
  };
}

/** Addresses of the machine that asks, and those that mean none. */
export function isLoopback(host: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[?::1?\]?)$/.test(host);
}

/** Do pods reach the API server itself by loopback? A real one refuses to say so: its pods have networks of their own. */
async function podsShareLoopback(kube: KubeClient): Promise<boolean> {
  interface Endpoints extends KubeObject {
    subsets?: { addresses?: { ip: string }[] }[];
  }
  const own = await kube.get<Endpoints>({
    apiVersion: 'v1',
    kind: 'Endpoints',
    name: 'kubernetes',
    namespace: 'default',
  });
  const addresses = (own?.subsets ?? []).flatMap(({ addresses: list }) => list ?? []);
  return addresses.length > 0 && addresses.every(({ ip }) => isLoopback(ip));
}

interface Held {
  options: CredentialOptions;
  secret: KubeObject | undefined;
  held: ReturnType<typeof readCredentialSecret>;
  project: { id: string; name: string };
  userName: string;
}

interface Verdict {
  /** Why the Secret's credential cannot stay; undefined where it can. */
  reason: string | undefined;
  /** Whose it is, where Keystone takes it. */
  userId?: string;
  /** What it has to allow. */
  rules?: AccessRule[];
}

async function judge(
  ctx: Context,
  base: KeystoneSession,
  { options, secret, held, project, userName }: Held,
): Promise<Verdict> {
  if (!secret) return { reason: 'there is none yet' };
  if (!held) return { reason: `the Secret ${secretNameOf(options)} holds none` };
  const { facts } = held;
  const cloud = options.owner.kind === 'cloud' ? options.owner.cloud : undefined;
  if (facts.cloud !== cloud || (cloud === undefined && facts.userName !== userName)) {
    return { reason: `it belongs to user ${facts.userName || 'unknown'}, and ${userName} is wanted` };
  }
  ctx.secrets.add(held.secret);
  const auth = { method: 'application-credential', id: facts.credentialId, secret: held.secret } as const;
  const session = openSessionWith(ctx, base, auth);
  try {
    const identity = await session.identity();
    return {
      reason: whyWrong(identity, project, facts) ?? whyDue(ctx, facts, options.rotateBeforeMs),
      userId: identity.user.id,
      rules: facts.limited ? driverAccessRules(await session.catalog()) : [],
    };
  } catch (error) {
    if (!(error instanceof OpenStackError) || ![401, 403, 404].includes(error.status)) throw error;
    return { reason: `Keystone refuses it: ${error.serverMessage ?? `status ${error.status}`}` };
  } finally {
    session.close();
  }
}

/** The Secret may have been edited by hand: what it holds is believed of Keystone only. */
function whyWrong(
  { project: own, roles, user, applicationCredential }: Identity,
  project: { id: string },
  { userId }: CredentialFacts,
): string | undefined {
  if (own?.id !== project.id) return `it is for project ${own?.name ?? 'none'}`;
  if (user.id !== userId) return `somebody has put one of user ${user.name} into the Secret`;
  if (roles.includes('admin')) return 'it has role admin';
  return applicationCredential?.restricted === false ? 'it is unrestricted: it may make further ones' : undefined;
}

function whyAsked({ renew }: CredentialOptions): string | undefined {
  return renew ? 'asked for' : undefined;
}

function whyDue(ctx: Context, { expiresAt }: CredentialFacts, rotateBeforeMs: number): string | undefined {
  if (expiresAt === undefined || expiresAt - ctx.clock.now() >= rotateBeforeMs) return undefined;
  return `it ends on ${new Date(expiresAt).toISOString().slice(0, 10)}`;
}

/** A driver of a newer version may make calls that an older credential does not allow. */
function whyUnfit(credential: ApplicationCredential, rules: readonly AccessRule[] = []): string | undefined {
  if (credential.expiresAt === undefined) return 'it never ends';
  return allowsAll(credential, rules) ? undefined : 'it does not allow every call that the driver makes';
}

/** Volumes find their share by the Secret's credential: with one of another project they would be lost from sight. */
async function refuseMove(
  kube: KubeClient,
  from: CredentialFacts,
  to: { name: string },
  options: CredentialOptions,
): Promise<void> {
  const users = (await secretUsers(kube, options.namespace)).get(secretNameOf(options)) ?? [];
  if (users.length === 0) return;
  throw couldNotRun(
    'volumes-in-project',
    `${titleOf(options)}: the shares of ${describeUsers(users)} are in project ${JSON.stringify(from.projectName)}, and a credential of ${JSON.stringify(to.name)} would not see them`,
    { remedy: `keep project ${from.projectName}, or move and delete these volumes first` },
  );
}

type Listed = ApplicationCredential & { userId: string };

/** Credentials of that user with our prefix; none where Keystone does not show them to this session. */
async function listOwn(
  ctx: Context,
  keystone: Keystone,
  userId: string | undefined,
  options: CredentialOptions,
): Promise<Listed[]> {
  if (userId === undefined) return [];
  const prefix = credentialPrefix(options);
  let all: ApplicationCredential[];
  try {
    all = await keystone.listApplicationCredentials(userId);
  } catch (error) {
    if (!(error instanceof OpenStackError) || error.status !== 403) throw error;
    ctx.io.detail(`Keystone does not list the application credentials of ${userId}: ${error.message}`);
    return [];
  }
  return all.filter(({ name }) => name.startsWith(prefix)).map((credential) => ({ ...credential, userId }));
}

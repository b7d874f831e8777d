import { randomBytes } from 'node:crypto';
import type { Context } from '../core/context.ts';
import { configError, couldNotRun } from '../core/errors.ts';
import { OpenStackError } from '../openstack/errors.ts';
import { Keystone, type Project, type Role, type User } from '../openstack/identity-admin.ts';
import { type KeystoneSession, openSessionWith } from '../openstack/session.ts';
import type { Identity } from '../openstack/types.ts';
import { type Holder, serviceUserMark } from './credential-holder.ts';

/** Role that a user of Manila needs; the older name is what clouds made before Rocky have. */
const MEMBER_ROLES = ['member', '_member_'];
const ADMIN_ROLE = 'admin';

function isServiceUser(user: User, holder: Holder): boolean {
  return user.description === serviceUserMark(holder);
}

/** The service user that a Secret's credential belongs to; undefined where it is gone or was not made by this program. */
export async function findOwnUser(
  keystone: Keystone,
  { userName, projectId }: { userName: string; projectId: string },
  holder: Holder,
): Promise<User | undefined> {
  let domainId: string;
  try {
    ({ domainId } = await keystone.findProject(projectId));
  } catch (error) {
    if (error instanceof OpenStackError) throw error;
    return undefined;
  }
  const user = await keystone.findUser(userName, domainId);
  return user && isServiceUser(user, holder) ? user : undefined;
}

/** A user that is ready to make application credentials for itself. */
export interface Login {
  session: KeystoneSession;
  keystone: Keystone;
  identity: Identity & { project: NonNullable<Identity['project']> };
  /** Names of the roles to hand on. */
  roles: string[];
}

/** A service user as Keystone has it, and what it lacks. */
export interface ServiceUser {
  name: string;
  project: Project;
  role: Role;
  user: User | undefined;
  hasRole: boolean;
}

/**
 * Looks a service user up.
 * @throws CliError `foreign-user` (exit 3) where a user of that name was not made by this program for this cluster.
 */
export async function findServiceUser(
  keystone: Keystone,
  name: string,
  project: Project,
  holder: Holder,
): Promise<ServiceUser> {
  const [user, role] = await Promise.all([
    keystone.findUser(name, project.domainId).catch((error: unknown) => {
      throw mayMakeUsers(error, name);
    }),
    memberRole(keystone),
  ]);
  if (user && !isServiceUser(user, holder)) {
    throw couldNotRun(
      'foreign-user',
      `user ${JSON.stringify(name)} exists and was not made by manila-rwx for ${holder.tenant === undefined ? 'the drivers' : `namespace ${holder.tenant}`} of this cluster, so its password stays as it is`,
      {
        remedy:
          'choose another name, or let that user make the credential itself: credential: { cloud: ITS-CLOUDS.YAML-ENTRY }',
      },
    );
  }
  if (user && !user.enabled) {
    throw couldNotRun('user-disabled', `somebody has disabled the service user ${JSON.stringify(name)}`, {
      remedy: `find out why, then enable it: openstack user set --enable ${user.id}`,
    });
  }
  const hasRole = user !== undefined && (await keystone.hasRole(user.id, project.id, role.id));
  return { name, project, role, user, hasRole };
}

async function memberRole(keystone: Keystone): Promise<Role> {
  let missing: unknown;
  for (const name of MEMBER_ROLES) {
    try {
      return await keystone.findRole(name);
    } catch (error) {
      missing ??= error;
    }
  }
  throw missing;
}

/** A password that nobody knows and that meets usual rules for characters. */
export function randomPassword(ctx: Context): string {
  const password = `${randomBytes(32).toString('base64url')}-aA1`;
  ctx.secrets.add(password);
  return password;
}

/** Makes a user. Where users come from LDAP or a federation, Keystone refuses, and the remedy says what works there. */
export async function createServiceUser(
  keystone: Keystone,
  { name, project }: ServiceUser,
  holder: Holder,
  password: string,
): Promise<User> {
  try {
    return await keystone.createUser({
      name,
      domainId: project.domainId,
      password,
      description: serviceUserMark(holder),
    });
  } catch (error) {
    throw mayMakeUsers(error, name);
  }
}

/** Says what works where users cannot be made: by this login, or at all. */
function mayMakeUsers(error: unknown, name: string): unknown {
  if (!(error instanceof OpenStackError) || ![403, 405, 501].includes(error.status)) return error;
  return error.explained(
    'where users cannot be made, name a clouds.yaml entry whose user is a member of the project: cloud: NAME, in place of project',
    `cannot make the service user ${JSON.stringify(name)}: ${error.message}`,
  );
}

/** Logs in as a service user. */
export async function loginAsServiceUser(
  ctx: Context,
  admin: KeystoneSession,
  { userId, projectId, password }: { userId: string; projectId: string; password: string },
): Promise<Login> {
  const session = openSessionWith(ctx, admin, {
    method: 'password',
    user: { id: userId },
    password,
    scope: { project: { id: projectId } },
  });
  return asLogin(session);
}

/**
 * A login as it may hand its rights on to the drivers.
 * @throws CliError `admin-credential` (exit 2) for an administrator, `no-member` (exit 2) for who lacks the role.
 */
export async function asLogin(session: KeystoneSession): Promise<Login> {
  const identity = await session.identity();
  const { project, roles, user } = identity;
  if (!project) {
    throw configError('no-project', `${session.source} logs in without a project, and shares belong to one`, {
      remedy: 'add project_name to that entry',
    });
  }
  refuseAdministrator(identity, session.source);
  const role = MEMBER_ROLES.find((name) => roles.includes(name));
  if (role === undefined) {
    throw configError(
      'no-member',
      `user ${JSON.stringify(user.name)} has no role member on project ${JSON.stringify(project.name)} (it has ${roles.join(', ') || 'none'})`,
      { remedy: `openstack role add --user ${user.id} --project ${project.id} member` },
    );
  }
  return { session, keystone: new Keystone(session), identity: { ...identity, project }, roles: [role] };
}

function refuseAdministrator({ roles, user, project }: Identity, source: string): void {
  if (!roles.includes(ADMIN_ROLE)) return;
  throw configError(
    'admin-credential',
    `${source}: user ${JSON.stringify(user.name)} has role admin on project ${JSON.stringify(project?.name)}, and everybody who can read the drivers' Secret would have it too`,
    {
      remedy:
        'name an entry whose user is only a member, or let manila-rwx make a service user: credential: { project: NAME }',
    },
  );
}

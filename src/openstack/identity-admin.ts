import { CliError, couldNotRun } from '../core/errors.ts';
import { ExitCode } from '../core/exit-codes.ts';
import { didYouMean } from '../core/nearest.ts';
import { OpenStackError } from './errors.ts';
import type { ServiceRequest, Session } from './types.ts';

export interface Project {
  id: string;
  name: string;
  domainId: string;
  enabled: boolean;
}

export interface User {
  id: string;
  name: string;
  domainId: string;
  enabled: boolean;
  description: string;
}

export interface Role {
  id: string;
  name: string;
}

/** A call that an application credential may make: `*` is one path segment, `**` is anything. */
export interface AccessRule {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  service: string;
}

export interface ApplicationCredential {
  id: string;
  name: string;
  description: string;
  projectId: string;
  roles: string[];
  accessRules: AccessRule[];
  unrestricted: boolean;
  /** Milliseconds since the epoch; undefined where it never ends. */
  expiresAt: number | undefined;
}

export interface NewApplicationCredential {
  /** Unique among those of the user. */
  name: string;
  description?: string;
  /** Names; all roles of the token where there are none. */
  roles?: string[];
  /** Milliseconds since the epoch. */
  expiresAt?: number;
  /** Empty and missing both mean that every call is allowed; an empty list is not sent. */
  accessRules?: AccessRule[];
}

interface RawCredential {
  id: string;
  name: string;
  description: string | null;
  project_id: string;
  roles: Role[];
  access_rules?: AccessRule[];
  unrestricted: boolean;
  expires_at: string | null;
  secret?: string;
}

/** The part of Keystone's v3 API that projects, users and credentials are kept with. */
export class Keystone {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * A project by id, or by its name in whatever domain. A user without admin rights finds only the projects that it
   * has a role on.
   * @throws CliError `unknown-project` (exit 2) that names the projects there are; `ambiguous-project`.
   */
  async findProject(nameOrId: string): Promise<Project> {
    const found = (await this.#projectById(nameOrId)) ?? (await this.#projectByName(nameOrId));
    if (found) return found;
    const own = await this.listOwnProjects();
    throw new CliError({
      code: 'unknown-project',
      exitCode: ExitCode.Usage,
      message: `Keystone knows no project ${JSON.stringify(nameOrId)}, or does not show it to this user${didYouMean(
        nameOrId,
        own.map(({ name }) => name),
      )}`,
      remedy: `projects of this user: ${own.map(({ name }) => name).join(', ') || 'none'}; all of them: openstack project list`,
    });
  }

  /** All projects, where the user may see them; undefined where only administrators may. */
  async listProjects(): Promise<Project[] | undefined> {
    try {
      const body = await this.#get<{ projects: RawProject[] }>('/projects');
      return (body?.projects ?? []).map(asProject);
    } catch (error) {
      if (error instanceof OpenStackError && error.status === 403) return undefined;
      throw error;
    }
  }

  /** Projects that the logged-in user has a role on. */
  async listOwnProjects(): Promise<Project[]> {
    const body = await this.#get<{ projects: RawProject[] }>('/auth/projects');
    return (body?.projects ?? []).map(asProject);
  }

  /** A user by name within a domain (id); undefined where there is none. */
  async findUser(name: string, domainId: string): Promise<User | undefined> {
    const body = await this.#get<{ users: RawUser[] }>('/users', { name, domain_id: domainId });
    const [user] = body?.users ?? [];
    return user && asUser(user);
  }

  /**
   * A user by name within a domain (id), or by id.
   * @throws CliError `unknown-user` (exit 2).
   */
  async requireUser(nameOrId: string, domainId: string): Promise<User> {
    const byId = /^[0-9a-f]{32,64}$/.test(nameOrId)
      ? (await this.#get<{ user: RawUser }>(`/users/${nameOrId}`))?.user
      : undefined;
    const user = byId ? asUser(byId) : await this.findUser(nameOrId, domainId);
    if (user) return user;
    throw new CliError({
      code: 'unknown-user',
      exitCode: ExitCode.Usage,
      message: `Keystone knows no user ${JSON.stringify(nameOrId)} in domain ${domainId}`,
      remedy: 'openstack user list shows them; a user of another domain goes by its id',
    });
  }

  async createUser(user: {
    name: string;
    domainId: string;
    password: string;
    description?: string;
    defaultProjectId?: string;
  }): Promise<User> {
    const { body } = await this.#send('POST', '/users', {
      user: {
        name: user.name,
        domain_id: user.domainId,
        password: user.password,
        enabled: true,
        ...(user.description === undefined ? {} : { description: user.description }),
        ...(user.defaultProjectId === undefined ? {} : { default_project_id: user.defaultProjectId }),
      },
    });
    return asUser((body as { user: RawUser }).user);
  }

  /**
   * Sets a password as administrator. Keystone revokes the user's tokens with it, to the second: a token of a login
   * within the same second is refused too (seen on 22.0). Application credentials live on.
   */
  async setUserPassword(userId: string, password: string): Promise<void> {
    await this.#send('PATCH', `/users/${userId}`, { user: { password } });
  }

  async deleteUser(userId: string): Promise<void> {
    await this.#deleteIfThere(`/users/${userId}`);
  }

  /** @throws CliError `unknown-role` (exit 3). */
  async findRole(name: string): Promise<Role> {
    const body = await this.#get<{ roles: Role[] }>('/roles', { name });
    const [role] = body?.roles ?? [];
    if (role) return { id: role.id, name: role.name };
    throw couldNotRun('unknown-role', `Keystone knows no role ${JSON.stringify(name)}`, {
      remedy: 'make it, or choose one that `openstack role list` shows',
    });
  }

  /** Is the role assigned to the user on the project itself, not by a group or by implication? */
  async hasRole(userId: string, projectId: string, roleId: string): Promise<boolean> {
    const path = `/projects/${projectId}/users/${userId}/roles/${roleId}`;
    return (await this.#optional({ method: 'HEAD', url: this.#url(path) })) !== undefined;
  }

  /** Safe to repeat. */
  async grantRole(userId: string, projectId: string, roleId: string): Promise<void> {
    await this.#send('PUT', `/projects/${projectId}/users/${userId}/roles/${roleId}`);
  }

  async listApplicationCredentials(userId: string): Promise<ApplicationCredential[]> {
    const body = await this.#get<{ application_credentials: RawCredential[] }>(
      `/users/${userId}/application_credentials`,
    );
    return (body?.application_credentials ?? []).map(asCredential);
  }

  /**
   * Makes an application credential. Nobody can make one for another user (403): the session must be the user's own,
   * and its project is the credential's.
   * @returns the credential with its secret, which Keystone shows only now. The caller registers it as secret.
   */
  async createApplicationCredential(
    userId: string,
    wanted: NewApplicationCredential,
  ): Promise<ApplicationCredential & { secret: string }> {
    const { body } = await this.#send('POST', `/users/${userId}/application_credentials`, {
      application_credential: {
        name: wanted.name,
        ...(wanted.description === undefined ? {} : { description: wanted.description }),
        ...(wanted.roles ? { roles: wanted.roles.map((name) => ({ name })) } : {}),
        ...(wanted.expiresAt === undefined ? {} : { expires_at: keystoneTime(wanted.expiresAt) }),
        ...(wanted.accessRules?.length ? { access_rules: wanted.accessRules } : {}),
      },
    });
    const raw = (body as { application_credential: RawCredential }).application_credential;
    return { ...asCredential(raw), secret: raw.secret ?? '' };
  }

  /** Returns whether there was something to delete. */
  async deleteApplicationCredential(userId: string, id: string): Promise<boolean> {
    return this.#deleteIfThere(`/users/${userId}/application_credentials/${id}`);
  }

  async #projectById(id: string): Promise<Project | undefined> {
    if (!/^[0-9a-f-]{32,36}$/.test(id)) return undefined;
    return this.#otherProject(id);
  }

  async #projectByName(name: string): Promise<Project | undefined> {
    const found = await this.#searchProjects(name);
    if (found.length <= 1) return found[0];
    const own = (await this.#session.identity()).project?.domain;
    throw new CliError({
      code: 'ambiguous-project',
      exitCode: ExitCode.Usage,
      message: `there are ${found.length} projects of the name ${JSON.stringify(name)}, in the domains ${found.map(({ domainId }) => domainId).join(', ')}`,
      remedy: `give the id of the one that is meant${own ? ` (you are in domain ${own})` : ''}: ${found.map(({ id }) => id).join(', ')}`,
    });
  }

  /** All projects of that name where the user may ask for them (administrators), otherwise its own ones. */
  async #searchProjects(name: string): Promise<Project[]> {
    try {
      const body = await this.#get<{ projects: RawProject[] }>('/projects', { name });
      return (body?.projects ?? []).map(asProject);
    } catch (error) {
      if (!(error instanceof OpenStackError) || error.status !== 403) throw error;
      return (await this.listOwnProjects()).filter((project) => project.name === name);
    }
  }

  async #ownProject(id: string): Promise<Project | undefined> {
    return (await this.listOwnProjects()).find((project) => project.id === id);
  }

  /** A project that the user is not logged in to. Whoever is no administrator may not look (403). */
  async #otherProject(id: string): Promise<Project | undefined> {
    try {
      const body = await this.#get<{ project: RawProject }>(`/projects/${id}`);
      return body && asProject(body.project);
    } catch (error) {
      if (error instanceof OpenStackError && error.status === 403) return this.#ownProject(id);
      throw error;
    }
  }

  /** Body of a GET; undefined for 404. */
  async #get<T>(path: string, query?: Record<string, string>): Promise<T | undefined> {
    const response = await this.#optional({ method: 'GET', url: this.#url(path), ...(query && { query }) });
    return response?.body as T | undefined;
  }

  async #optional(request: ServiceRequest) {
    try {
      return await this.#session.request(request);
    } catch (error) {
      if (error instanceof OpenStackError && error.status === 404) return undefined;
      throw error;
    }
  }

  async #send(method: 'POST' | 'PUT' | 'PATCH', path: string, json?: object) {
    return this.#session.request({ method, url: this.#url(path), ...(json && { json }) });
  }

  async #deleteIfThere(path: string): Promise<boolean> {
    return (await this.#optional({ method: 'DELETE', url: this.#url(path) })) !== undefined;
  }

  #url(path: string): string {
    return `${this.#session.authUrl}${path}`;
  }
}

interface RawProject {
  id: string;
  name: string;
  domain_id: string;
  enabled: boolean;
}

interface RawUser {
  id: string;
  name: string;
  domain_id: string;
  enabled: boolean;
  description?: string;
}

function asProject({ id, name, domain_id: domainId, enabled }: RawProject): Project {
  return { id, name, domainId, enabled };
}

function asUser({ id, name, domain_id: domainId, enabled, description }: RawUser): User {
  return { id, name, domainId, enabled, description: description ?? '' };
}

function asCredential(raw: RawCredential): ApplicationCredential {
  return {
    id: raw.id,
    name: raw.name,
    description: raw.description ?? '',
    projectId: raw.project_id,
    roles: raw.roles.map(({ name }) => name).sort(),
    accessRules: (raw.access_rules ?? []).map(({ method, path, service }) => ({ method, path, service })),
    unrestricted: raw.unrestricted,
    expiresAt: raw.expires_at === null ? undefined : Date.parse(`${raw.expires_at.replace(/Z?$/, '')}Z`),
  };
}

/** `2027-11-23T00:00:00`: UTC without a zone, as Keystone wants it. */
function keystoneTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, '');
}

import { type Answer, type JsonServer, type Request, startJsonServer } from './json-server.ts';

interface User {
  id: string;
  name: string;
  password: string;
  description?: string;
  /** Roles by project id. */
  roles: Record<string, string[]>;
}

interface Credential {
  id: string;
  name: string;
  secret: string;
  userId: string;
  projectId: string;
  roles: string[];
  access_rules?: unknown[];
  expires_at: string | null;
}

interface Issued {
  userId: string;
  projectId?: string;
  credential?: Credential;
}

export interface CatalogService {
  type: string;
  name: string;
  endpoints: { interface: string; region: string; url: string }[];
}

export interface KeystoneServer extends JsonServer {
  /** `http://127.0.0.1:PORT/v3` */
  authUrl: string;
  /** What logins are told; change it at will. */
  catalog: CatalogService[];
  users: User[];
  projects: { id: string; name: string }[];
  credentials: Credential[];
  /** Tokens that are valid now. Deleting one is what expiry and revocation do. */
  tokens: Map<string, Issued>;
  /** Seconds that new tokens live. */
  tokenLife: number;
  /** clouds.yaml with the clouds admin, alice and bob at this server. */
  cloudsYaml(): string;
  /** May the request's token do what only administrators may? Undefined where there is no such token. */
  isAdmin(request: Request): boolean | undefined;
}

/** Names that are in no error message by themselves, so that a test can search all output for them. */
export const PASSWORDS = { admin: 'adm1n-s3cret-pw', alice: 'al1ce-s3cret-pw', bob: 'b0b-s3cret-pw' } as const;

const PROJECTS = [
  { id: 'aaaa0000000000000000000000000001', name: 'admin' },
  { id: 'aaaa0000000000000000000000000002', name: 'tenant-a' },
  { id: 'aaaa0000000000000000000000000003', name: 'tenant-b' },
];
const DOMAIN = { id: 'default', name: 'Default' };
const UNAUTHORIZED = 'The request you have made requires authentication.';

/**
 * As much of Keystone's v3 API as this program uses, with users, faults and sentences of a real one (22.0, Zed):
 * admin (role admin), alice and bob (role member in tenant-a and tenant-b).
 */
export async function startKeystone(): Promise<KeystoneServer> {
  let serial = 0;
  const user = (name: keyof typeof PASSWORDS, project: number, roles: string[]): User => ({
    id: `bbbb000000000000000000000000000${project + 1}`,
    name,
    password: PASSWORDS[name],
    roles: { [PROJECTS[project]?.id ?? '']: roles },
  });
  const server = await startJsonServer((request) => answer(request));
  const state: KeystoneServer = Object.assign(server, {
    authUrl: `${server.origin}/v3`,
    catalog: [] as CatalogService[],
    users: [
      user('admin', 0, ['admin', 'member', 'reader']),
      user('alice', 1, ['member', 'reader']),
      user('bob', 2, ['member', 'reader']),
    ],
    projects: structuredClone(PROJECTS),
    credentials: [] as Credential[],
    tokens: new Map<string, Issued>(),
    tokenLife: 3600,
    isAdmin: (request: Request) => {
      const issued = issuedTo(request);
      return issued && rolesOf(issued).includes('admin');
    },
    cloudsYaml: () => cloudsYaml(`${server.origin}/v3`),
  });

  const issuedTo = (request: Request): Issued | undefined => {
    const token = request.headers['x-auth-token'];
    return typeof token === 'string' ? state.tokens.get(token) : undefined;
  };
  const rolesOf = ({ userId, projectId, credential }: Issued): string[] =>
    credential?.roles ?? state.users.find(({ id }) => id === userId)?.roles[projectId ?? ''] ?? [];

  const tokenBody = (issued: Issued): object => {
    const owner = state.users.find(({ id }) => id === issued.userId);
    const project = state.projects.find(({ id }) => id === issued.projectId);
    const now = Date.now();
    return {
      token: {
        methods: [issued.credential ? 'application_credential' : 'password'],
        user: { domain: DOMAIN, id: owner?.id, name: owner?.name, password_expires_at: null },
        audit_ids: ['eg3EBisdRYChkUH7JT-_EA'],
        expires_at: new Date(now + state.tokenLife * 1000).toISOString().replace('Z', '000Z'),
        issued_at: new Date(now).toISOString().replace('Z', '000Z'),
        ...(project && {
          project: { domain: DOMAIN, ...project },
          is_domain: false,
          roles: rolesOf(issued).map((name) => ({ id: `role-${name}`, name })),
          catalog: state.catalog,
        }),
        ...(issued.credential && {
          application_credential: { id: issued.credential.id, name: issued.credential.name, restricted: true },
        }),
      },
    };
  };
  const issue = (issued: Issued): Answer => {
    const id = `gAAAAA-token-${++serial}-0123456789abcdef`;
    state.tokens.set(id, issued);
    return { status: 201, headers: { 'x-subject-token': id }, body: tokenBody(issued) };
  };

  const login = ({ body }: Request): Answer => {
    const { identity, scope } = (body as { auth: { identity: Record<string, unknown>; scope?: unknown } }).auth;
    const [method] = identity.methods as string[];
    if (method === 'application_credential') return loginByCredential(identity, scope);
    const owner = method === 'password' ? ownerByPassword(identity) : ownerByToken(identity);
    if (!owner) return method === 'token' ? fault(404, 'Could not recognize Fernet token') : fault(401, UNAUTHORIZED);
    if (scope === undefined || scope === 'unscoped') return issue({ userId: owner.id });
    const wanted = (scope as { project?: { id?: string; name?: string } }).project;
    const project = state.projects.find(({ id, name }) => id === wanted?.id || name === wanted?.name);
    if (!project || !owner.roles[project.id]) return fault(401, UNAUTHORIZED);
    return issue({ userId: owner.id, projectId: project.id });
  };
  const ownerByPassword = (identity: Record<string, unknown>): User | undefined => {
    const given = (identity.password as { user: { id?: string; name?: string; password: string } }).user;
    return state.users.find(
      ({ id, name, password }) => (id === given.id || name === given.name) && password === given.password,
    );
  };
  const ownerByToken = (identity: Record<string, unknown>): User | undefined => {
    const issued = state.tokens.get((identity.token as { id: string }).id);
    return state.users.find(({ id }) => id === issued?.userId);
  };
  const loginByCredential = (identity: Record<string, unknown>, scope: unknown): Answer => {
    if (scope !== undefined) {
      return fault(
        401,
        'Error authenticating with application credential: Application credentials cannot request a scope.',
      );
    }
    const given = identity.application_credential as { id?: string; name?: string; secret: string };
    const credential = state.credentials.find(({ id, name }) => id === given.id || name === given.name);
    if (!credential) return fault(404, `Could not find Application Credential: ${given.id ?? given.name}.`);
    if (credential.secret !== given.secret) return fault(401, UNAUTHORIZED);
    return issue({ userId: credential.userId, projectId: credential.projectId, credential });
  };

  const answer = (request: Request): Answer => {
    const path = request.path.replace(/^\/v3/, '');
    if (!request.path.startsWith('/v3')) return { status: 404, body: '<title>404 Not Found</title>' };
    if (path === '/auth/tokens' && request.method === 'POST') return login(request);
    const issued = issuedTo(request);
    if (!issued) return fault(401, UNAUTHORIZED);
    return route(request, path, issued);
  };

  const route = (request: Request, path: string, issued: Issued): Answer => {
    const [, noun, id, sub, subId, , roleId] = path.split('/');
    if (path === '/auth/tokens') {
      const subject = String(request.headers['x-subject-token']);
      const found = state.tokens.get(subject);
      if (!found) return fault(404, 'Could not find token: [redacted].');
      if (request.method === 'GET')
        return { status: 200, headers: { 'x-subject-token': subject }, body: tokenBody(found) };
      state.tokens.delete(subject);
      return { status: 204 };
    }
    if (path === '/auth/projects') return { status: 200, body: { projects: ownProjects(issued) } };
    if (sub === 'application_credentials') return credentialsRoute(request, id ?? '', subId, issued);
    if (!rolesOf(issued).includes('admin')) {
      return fault(403, `You are not authorized to perform the requested action: identity:list_${noun}.`);
    }
    if (sub === 'users') return roleRoute(request, id ?? '', subId ?? '', roleId?.replace('role-', '') ?? '');
    return adminRoute(request, noun ?? '', id);
  };
  const ownProjects = ({ userId }: Issued): object[] => {
    const roles = state.users.find(({ id }) => id === userId)?.roles ?? {};
    return state.projects.filter(({ id }) => roles[id]).map(projectBody);
  };
  const adminRoute = (request: Request, noun: string, id: string | undefined): Answer => {
    const name = request.query.get('name');
    const byName = <T extends { name: string }>(all: T[]): T[] =>
      all.filter((one) => name === null || one.name === name);
    switch (`${request.method} ${noun}${id === undefined ? '' : '/'}`) {
      case 'GET projects':
        return { status: 200, body: { projects: byName(state.projects).map(projectBody) } };
      case 'GET projects/': {
        const project = state.projects.find((one) => one.id === id);
        if (!project) return fault(404, `Could not find project: ${id}.`);
        return { status: 200, body: { project: projectBody(project) } };
      }
      case 'GET roles':
        return {
          status: 200,
          body: { roles: byName(['admin', 'member', 'reader'].map((one) => ({ id: `role-${one}`, name: one }))) },
        };
      case 'GET users':
        return { status: 200, body: { users: byName(state.users).map(userBody) } };
      case 'POST users': {
        const given = (request.body as { user: { name: string; password: string } }).user;
        if (state.users.some((one) => one.name === given.name)) {
          return fault(
            409,
            `Conflict occurred attempting to store user - Duplicate entry found with name ${given.name} at domain ID default.`,
          );
        }
        const made: User = { id: `cccc${String(++serial).padStart(28, '0')}`, ...given, roles: {} };
        state.users.push(made);
        return { status: 201, body: { user: userBody(made) } };
      }
      case 'PATCH users/': {
        const found = state.users.find((one) => one.id === id);
        if (!found) return fault(404, `Could not find user: ${id}.`);
        Object.assign(found, (request.body as { user: Partial<User> }).user);
        return { status: 200, body: { user: userBody(found) } };
      }
      case 'DELETE users/':
        state.users = state.users.filter((one) => one.id !== id);
        return { status: 204 };
      default:
        return { status: 404, body: '<title>404 Not Found</title>' };
    }
  };
  const roleRoute = (request: Request, projectId: string, userId: string, role: string): Answer => {
    const found = state.users.find((one) => one.id === userId);
    if (!found) return fault(404, `Could not find user: ${userId}.`);
    const roles = (found.roles[projectId] ??= []);
    if (request.method === 'HEAD') return roles.includes(role) ? { status: 204 } : { status: 404 };
    if (!roles.includes(role)) roles.push(role);
    return { status: 204 };
  };
  const credentialsRoute = (request: Request, userId: string, id: string | undefined, issued: Issued): Answer => {
    if (issued.userId !== userId) {
      return fault(
        403,
        'You are not authorized to perform the requested action: identity:create_application_credential.',
      );
    }
    const own = state.credentials.filter((one) => one.userId === userId);
    if (request.method === 'GET') {
      return { status: 200, body: { application_credentials: own.map((one) => credentialBody(one, false)) } };
    }
    if (request.method === 'DELETE') {
      if (!own.some((one) => one.id === id)) return fault(404, `Could not find Application Credential: ${id}.`);
      state.credentials = state.credentials.filter((one) => one.id !== id);
      return { status: 204 };
    }
    const given = (
      request.body as { application_credential: Partial<Omit<Credential, 'roles'>> & { roles?: { name: string }[] } }
    ).application_credential;
    if (own.some((one) => one.name === given.name)) {
      return fault(
        409,
        `Conflict occurred attempting to store application_credential - Duplicate entry found with name ${given.name}.`,
      );
    }
    const made: Credential = {
      id: `dddd${String(++serial).padStart(28, '0')}`,
      name: given.name ?? '',
      secret: `cred-s3cret-${serial}-0123456789`,
      userId,
      projectId: issued.projectId ?? '',
      roles: given.roles?.map(({ name }) => name) ?? rolesOf(issued),
      ...(given.access_rules && { access_rules: given.access_rules }),
      expires_at: given.expires_at ?? null,
    };
    state.credentials.push(made);
    return { status: 201, body: { application_credential: credentialBody(made, true) } };
  };

  return state;
}

/** Keystone's form of a fault. */
export function fault(code: number, message: string): Answer {
  const titles: Record<number, string> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 409: 'Conflict' };
  const headers = { 'x-openstack-request-id': 'req-keystone-0001' };
  return { status: code, headers, body: { error: { code, message, title: titles[code] ?? 'Error' } } };
}

export function cloudsYaml(authUrl: string): string {
  const project = { admin: 'admin', alice: 'tenant-a', bob: 'tenant-b' };
  const names = Object.keys(PASSWORDS) as (keyof typeof PASSWORDS)[];
  const clouds = names.map(
    (name) => `  ${name}:
    auth:
      auth_url: ${authUrl}
      username: ${name}
      password: ${PASSWORDS[name]}
      project_name: ${project[name]}
      user_domain_name: Default
      project_domain_name: Default
    region_name: RegionOne
`,
  );
  return `clouds:\n${clouds.join('')}`;
}

function projectBody({ id, name }: { id: string; name: string }): object {
  return { id, name, domain_id: 'default', enabled: true };
}

function userBody({ id, name, description }: User): object {
  return { id, name, domain_id: 'default', enabled: true, ...(description !== undefined && { description }) };
}

function credentialBody(
  { id, name, secret, projectId, roles, access_rules, expires_at }: Credential,
  withSecret: boolean,
) {
  return {
    id,
    name,
    description: null,
    project_id: projectId,
    roles: roles.map((role) => ({ id: `role-${role}`, name: role })),
    ...(access_rules && { access_rules }),
    unrestricted: false,
    expires_at,
    ...(withSecret ? { secret } : {}),
  };
}

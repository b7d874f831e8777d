import { hexId } from '../ids.ts';

export interface Domain {
  id: string;
  name: string;
  description: string;
  enabled: boolean;
}

export interface Project {
  id: string;
  name: string;
  domainId: string;
  description: string;
  enabled: boolean;
}

export interface User {
  id: string;
  name: string;
  domainId: string;
  enabled: boolean;
  /** Absent for a user who cannot log in with a password. */
  password?: string;
  defaultProjectId?: string;
  /** Attributes that Keystone only stores: description, email, and whatever else was sent. */
  extra: Record<string, unknown>;
}

export interface Role {
  id: string;
  name: string;
  description: string | null;
  immutable: boolean;
}

export type Target = { project: string } | { domain: string } | { system: 'all' };

export interface Assignment {
  userId: string;
  roleId: string;
  target: Target;
}

export interface Service {
  id: string;
  name: string;
  type: string;
}

export interface ServiceEndpoint {
  id: string;
  serviceId: string;
  interface: 'public' | 'internal' | 'admin';
  regionId: string;
  /** May hold `$(project_id)s`. */
  url: string;
}

export interface AccessRule {
  id: string;
  userId: string;
  service: string;
  path: string;
  method: string;
}

export interface ApplicationCredential {
  id: string;
  name: string;
  description: string | null;
  secret: string;
  userId: string;
  projectId: string;
  roleIds: string[];
  /** Milliseconds since the epoch, and as it is shown. */
  expiresAt?: { ms: number; text: string };
  unrestricted: boolean | null;
  /** Absent where every call is allowed. */
  accessRuleIds?: string[];
}

export type Scope =
  { kind: 'unscoped' } | { kind: 'project'; id: string } | { kind: 'domain'; id: string } | { kind: 'system' };

export interface Token {
  id: string;
  userId: string;
  methods: string[];
  auditIds: string[];
  /** Milliseconds since the epoch, whole seconds. */
  issuedAt: number;
  expiresAt: number;
  scope: Scope;
  applicationCredentialId?: string;
}

/** Everything that Keystone knows, in memory. Keys of the maps are ids. */
export class KeystoneState {
  readonly domains = new Map<string, Domain>();
  readonly projects = new Map<string, Project>();
  readonly users = new Map<string, User>();
  readonly roles = new Map<string, Role>();
  readonly services = new Map<string, Service>();
  readonly endpoints = new Map<string, ServiceEndpoint>();
  readonly regions = new Map<string, { id: string; description: string }>();
  readonly applicationCredentials = new Map<string, ApplicationCredential>();
  readonly accessRules = new Map<string, AccessRule>();
  readonly tokens = new Map<string, Token>();
  assignments: Assignment[] = [];
  /** Who has the first role also has the second. */
  readonly implied: [string, string][] = [];

  addProject(name: string, description = '', domainId = 'default'): Project {
    const project = { id: hexId(), name, domainId, description, enabled: true };
    this.projects.set(project.id, project);
    return project;
  }

  addUser(name: string, password: string, domainId = 'default'): User {
    const user: User = { id: hexId(), name, domainId, enabled: true, password, extra: {} };
    this.users.set(user.id, user);
    return user;
  }

  addRole(name: string, immutable = false): Role {
    const role = { id: hexId(), name, description: null, immutable };
    this.roles.set(role.id, role);
    return role;
  }

  /** The three interfaces of one service, on one address. */
  addService(type: string, name: string, url: string, regionId: string): Service {
    const service = { id: hexId(), name, type };
    this.services.set(service.id, service);
    for (const kind of ['public', 'internal', 'admin'] as const) {
      const id = hexId();
      this.endpoints.set(id, { id, serviceId: service.id, interface: kind, regionId, url });
    }
    return service;
  }

  assign(userId: string, roleId: string, target: Target): void {
    if (!this.assignments.some((one) => sameAssignment(one, { userId, roleId, target }))) {
      this.assignments.push({ userId, roleId, target });
    }
  }

  /** Role ids that a user has there, those that follow from others included. */
  effectiveRoles(userId: string, target: Target): string[] {
    const roles = this.assignments
      .filter((one) => one.userId === userId && sameTarget(one.target, target))
      .map((one) => one.roleId);
    for (let index = 0; index < roles.length; index++) {
      for (const [prior, follows] of this.implied) {
        if (prior === roles[index] && !roles.includes(follows)) roles.push(follows);
      }
    }
    return roles;
  }

  /** Takes roles away. Application credentials made from them stay, and are refused until the roles are back. */
  unassign(gone: (one: Assignment) => boolean): void {
    this.assignments = this.assignments.filter((one) => !gone(one));
  }

  removeApplicationCredentials(gone: (one: ApplicationCredential) => boolean): void {
    for (const one of this.applicationCredentials.values()) {
      if (gone(one)) this.applicationCredentials.delete(one.id);
    }
  }

  /** No token of this user is good any more: the password changed, or the user is gone. */
  revokeTokensOf(userId: string): void {
    for (const token of this.tokens.values()) if (token.userId === userId) this.tokens.delete(token.id);
  }

  /** By name, as MariaDB compares: capital letters do not count. */
  userByName(name: string, domainId: string): User | undefined {
    return [...this.users.values()].find((user) => user.domainId === domainId && sameName(user.name, name));
  }

  projectByName(name: string, domainId: string): Project | undefined {
    return [...this.projects.values()].find((one) => one.domainId === domainId && sameName(one.name, name));
  }

  domainByName(name: string): Domain | undefined {
    return [...this.domains.values()].find((one) => sameName(one.name, name));
  }

  roleByName(name: string): Role | undefined {
    return [...this.roles.values()].find((one) => sameName(one.name, name));
  }
}

export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function sameTarget(a: Target, b: Target): boolean {
  if ('project' in a) return 'project' in b && a.project === b.project;
  if ('domain' in a) return 'domain' in b && a.domain === b.domain;
  return 'system' in b;
}

function sameAssignment(a: Assignment, b: Assignment): boolean {
  return a.userId === b.userId && a.roleId === b.roleId && sameTarget(a.target, b.target);
}

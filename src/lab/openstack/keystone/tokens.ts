import { hexId, tokenId } from '../ids.ts';
import { keystoneTime } from '../time.ts';
import type { Caller } from './call.ts';
import type { ApplicationCredential, KeystoneState, Scope, Target, Token } from './state.ts';

/** A token that was found good, as the services behind Keystone see it. */
export interface ValidToken {
  userId: string;
  /** Absent for tokens that are not scoped to a project. */
  projectId?: string;
  roles: string[];
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** Service types of the catalog. */
  catalogTypes: string[];
  /** Set where the login was an application credential that allows only some calls. */
  accessRules?: { service: string; path: string; method: string }[];
}

/** Makes, checks and describes tokens. */
export class Tokens {
  readonly #state: KeystoneState;
  readonly #now: () => number;
  readonly #lifeMs: number;

  constructor(state: KeystoneState, options: { now: () => number; lifeSeconds: number }) {
    this.#state = state;
    this.#now = options.now;
    this.#lifeMs = options.lifeSeconds * 1000;
  }

  now(): number {
    return this.#now();
  }

  /** @param notAfter milliseconds since the epoch; a token made from another never outlives it */
  issue(
    from: Pick<Token, 'userId' | 'methods' | 'scope'> & { applicationCredentialId?: string | undefined },
    options: { notAfter?: number | undefined; parentAuditId?: string | undefined } = {},
  ): Token {
    const issuedAt = Math.floor(this.#now() / 1000) * 1000;
    const auditId = Buffer.from(hexId(), 'hex').toString('base64url');
    const token: Token = {
      id: tokenId(from.scope.kind === 'project' ? (from.applicationCredentialId === undefined ? 183 : 204) : 162),
      userId: from.userId,
      methods: from.methods,
      auditIds: options.parentAuditId === undefined ? [auditId] : [auditId, options.parentAuditId],
      issuedAt,
      expiresAt: Math.min(issuedAt + this.#lifeMs, options.notAfter ?? Infinity),
      scope: from.scope,
      ...(from.applicationCredentialId === undefined ? {} : { applicationCredentialId: from.applicationCredentialId }),
    };
    this.#state.tokens.set(token.id, token);
    return token;
  }

  /** The token of this id as long as its user, its scope and what it was made from still stand. */
  find(id: string | undefined): Token | undefined {
    const token = id === undefined ? undefined : this.#state.tokens.get(id);
    if (!token || token.expiresAt <= this.#now()) return undefined;
    if (this.#state.users.get(token.userId)?.enabled !== true) return undefined;
    const { scope } = token;
    if (scope.kind === 'project' && this.#state.projects.get(scope.id)?.enabled !== true) return undefined;
    if (scope.kind !== 'unscoped' && this.roleIds(token).length === 0) return undefined;
    return token;
  }

  revoke(id: string): void {
    this.#state.tokens.delete(id);
  }

  /** Roles as they are now, not as they were at login. */
  roleIds(token: Token): string[] {
    const target = targetOf(token.scope);
    if (!target) return [];
    if (token.applicationCredentialId === undefined) return this.#state.effectiveRoles(token.userId, target);
    const credential = this.#state.applicationCredentials.get(token.applicationCredentialId);
    return credential ? this.credentialRoles(credential) : [];
  }

  /** Those of a credential's roles that its owner still has; none where its time is over. */
  credentialRoles({ userId, projectId, roleIds, expiresAt }: ApplicationCredential): string[] {
    if (expiresAt && expiresAt.ms <= this.#now()) return [];
    const held = this.#state.effectiveRoles(userId, { project: projectId });
    return roleIds.filter((id) => held.includes(id));
  }

  /** What the services behind Keystone are told about a token. */
  validate(id: string | undefined): ValidToken | undefined {
    const token = this.find(id);
    if (!token) return undefined;
    const rules = this.#accessRules(token);
    return {
      userId: token.userId,
      ...(token.scope.kind === 'project' ? { projectId: token.scope.id } : {}),
      roles: this.#roleNames(token),
      expiresAt: token.expiresAt,
      catalogTypes: token.scope.kind === 'unscoped' ? [] : [...this.#state.services.values()].map(({ type }) => type),
      ...(rules ? { accessRules: rules } : {}),
    };
  }

  caller(id: string | undefined): Caller | undefined {
    const token = this.find(id);
    if (!token) return undefined;
    return {
      token,
      userId: token.userId,
      projectId: token.scope.kind === 'project' ? token.scope.id : undefined,
      roles: new Set(this.#roleNames(token)),
      systemScoped: token.scope.kind === 'system',
    };
  }

  /** The `token` of Keystone's answers. */
  describe(token: Token, options: { catalog: boolean }): Record<string, unknown> {
    const state = this.#state;
    const user = state.users.get(token.userId);
    const credential = state.applicationCredentials.get(token.applicationCredentialId ?? '');
    const rules = this.#accessRules(token);
    return {
      methods: token.methods,
      user: { domain: this.#domain(user?.domainId), id: user?.id, name: user?.name, password_expires_at: null },
      audit_ids: token.auditIds,
      expires_at: keystoneTime(token.expiresAt),
      issued_at: keystoneTime(token.issuedAt),
      ...this.#scope(token.scope),
      ...(token.scope.kind === 'unscoped'
        ? {}
        : { roles: this.roleIds(token).map((id) => ({ id, name: state.roles.get(id)?.name })) }),
      ...(token.scope.kind === 'system' ? { system: { all: true } } : {}),
      ...(options.catalog && token.scope.kind !== 'unscoped' ? { catalog: this.catalog(token.scope) } : {}),
      ...(credential && {
        application_credential: {
          id: credential.id,
          name: credential.name,
          restricted: credential.unrestricted !== true,
          ...(rules && { access_rules: rules }),
        },
      }),
    };
  }

  /** Services by id, each with its endpoints by id. Addresses that need a project are left out where there is none. */
  catalog(scope: Scope): Record<string, unknown>[] {
    const byId = <T extends { id: string }>(a: T, b: T): number => (a.id < b.id ? -1 : 1);
    return [...this.#state.services.values()].sort(byId).map((service) => ({
      endpoints: [...this.#state.endpoints.values()]
        .filter((endpoint) => endpoint.serviceId === service.id)
        .filter(({ url }) => scope.kind === 'project' || !PROJECT_PART.test(url))
        .sort(byId)
        .map((endpoint) => ({
          id: endpoint.id,
          interface: endpoint.interface,
          region_id: endpoint.regionId,
          url: endpoint.url.replace(PROJECT_PART, scope.kind === 'project' ? scope.id : ''),
          region: endpoint.regionId,
        })),
      id: service.id,
      type: service.type,
      name: service.name,
    }));
  }

  #accessRules(token: Token): { id: string; service: string; path: string; method: string }[] | undefined {
    const credential = this.#state.applicationCredentials.get(token.applicationCredentialId ?? '');
    return credential?.accessRuleIds?.flatMap((id) => {
      const rule = this.#state.accessRules.get(id);
      return rule ? [{ id: rule.id, service: rule.service, path: rule.path, method: rule.method }] : [];
    });
  }

  #roleNames(token: Token): string[] {
    return this.roleIds(token).flatMap((id) => this.#state.roles.get(id)?.name ?? []);
  }

  #domain(id: string | undefined): { id: string | undefined; name: string | undefined } {
    return { id, name: this.#state.domains.get(id ?? '')?.name };
  }

  #scope(scope: Scope): Record<string, unknown> {
    if (scope.kind === 'domain') return { domain: this.#domain(scope.id) };
    if (scope.kind !== 'project') return {};
    const project = this.#state.projects.get(scope.id);
    return {
      project: { domain: this.#domain(project?.domainId), id: project?.id, name: project?.name },
      is_domain: false,
    };
  }
}

const PROJECT_PART = /[$%]\((?:project|tenant)_id\)s/;

export function targetOf(scope: Scope): Target | undefined {
  if (scope.kind === 'project') return { project: scope.id };
  if (scope.kind === 'domain') return { domain: scope.id };
  return scope.kind === 'system' ? { system: 'all' } : undefined;
}

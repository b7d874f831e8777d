import type { LabResponse } from '../http-server.ts';
import { isRecord, pythonText } from '../python.ts';
import type { KeystoneCall, KeystoneRoute } from './call.ts';
import { noContent } from './call.ts';
import { expecting, forbidden, invalidField, KeystoneError, missingField, notFound, unauthorized } from './errors.ts';
import type { ApplicationCredential, Domain, Scope, Token, User } from './state.ts';
import { targetOf } from './tokens.ts';

const METHODS = ['external', 'password', 'token', 'oauth1', 'mapped', 'application_credential'];
type Json = Record<string, unknown>;

/** Who logs in, before the scope is looked at. */
interface Proof {
  user: User;
  methods: string[];
  credential?: ApplicationCredential;
  parent?: Token;
}

export const tokenRoutes: KeystoneRoute[] = [
  { method: 'POST', path: '/auth/tokens', handler: create, open: true },
  { method: 'GET', path: '/auth/tokens', handler: show },
  { method: 'HEAD', path: '/auth/tokens', handler: show },
  { method: 'DELETE', path: '/auth/tokens', handler: revoke },
];

function create(call: KeystoneCall): LabResponse {
  const body = call.body();
  if (!isRecord(body['auth'])) throw expecting('auth', 'request body');
  const auth = body['auth'];
  const identity = auth['identity'];
  if (!isRecord(identity)) throw missingField('identity');
  const proof = prove(call, identity, auth['scope']);
  const scope = chooseScope(call, proof, auth['scope']);
  const token = call.tokens.issue(
    { userId: proof.user.id, methods: proof.methods, scope, applicationCredentialId: proof.credential?.id },
    { notAfter: proof.parent?.expiresAt, parentAuditId: proof.parent?.auditIds.at(-1) },
  );
  return describe(call, token, 201);
}

function describe(call: KeystoneCall, token: Token, status: number): LabResponse {
  return {
    status,
    headers: { 'X-Subject-Token': token.id },
    json: { token: call.tokens.describe(token, { catalog: !call.query.has('nocatalog') }) },
  };
}

function prove(call: KeystoneCall, identity: Json, scope: unknown): Proof {
  const methods = identity['methods'];
  if (!Array.isArray(methods)) throw invalidField('identity', "'methods' is a required property");
  if (methods.length === 0) throw unauthorized();
  let proof: Proof | undefined;
  for (const method of methods.map(String)) {
    if (!METHODS.includes(method)) {
      throw new KeystoneError(401, 'Attempted to authenticate with an unsupported method.', {
        identity: { methods: METHODS },
      });
    }
    const payload = identity[method];
    if (!isRecord(payload)) throw expecting(method, 'identity');
    proof = proofOf(call, method, payload, scope);
  }
  if (!proof) throw unauthorized();
  return proof;
}

function proofOf(call: KeystoneCall, method: string, payload: Json, scope: unknown): Proof {
  if (method === 'password') return byPassword(call, payload);
  if (method === 'token') return byToken(call, payload);
  if (method === 'application_credential') return byCredential(call, payload, scope);
  throw new KeystoneError(501, `The lab does not serve the authentication method ${method}.`);
}

function byPassword(call: KeystoneCall, payload: Json): Proof {
  if (!isRecord(payload['user'])) throw expecting('user', 'None');
  const user = lookUpUser(call, payload['user'], 'identity/password/user');
  if (user.password === undefined || user.password !== payload['user']['password']) throw unauthorized();
  return { user, methods: ['password'] };
}

function lookUpUser(call: KeystoneCall, given: Json, field: string): User {
  const { id, name } = given;
  if (!id && !name) throw new KeystoneError(400, `Invalid input for field ${field}: id or name must be present.`);
  let user: User | undefined;
  if (name) {
    if (!isRecord(given['domain'])) throw expecting('domain', 'user');
    const domain = lookUpDomain(call, given['domain'], `${field}/domain`);
    user = domain && call.state.userByName(pythonText(name), domain.id);
  } else user = call.state.users.get(pythonText(id));
  if (user?.enabled !== true) throw unauthorized();
  return user;
}

function lookUpDomain(call: KeystoneCall, given: Json, field: string): Domain | undefined {
  const { id, name } = given;
  if (!id && !name) throw new KeystoneError(400, `Invalid input for field ${field}: id or name must be present.`);
  const domain = name ? call.state.domainByName(pythonText(name)) : call.state.domains.get(pythonText(id));
  return domain?.enabled === true ? domain : undefined;
}

function byToken(call: KeystoneCall, payload: Json): Proof {
  if (typeof payload['id'] !== 'string') {
    throw invalidField('identity/token', "'id' is a required property");
  }
  const parent = call.tokens.find(payload['id']);
  if (!parent) throw new KeystoneError(404, 'Could not recognize Fernet token');
  const limited = call.state.applicationCredentials.get(parent.applicationCredentialId ?? '')?.accessRuleIds;
  if (limited) throw new KeystoneError(404, 'Failed to validate token');
  if (parent.methods.includes('application_credential')) {
    throw forbidden('Using a delegated token to create another token is not allowed.');
  }
  const user = call.state.users.get(parent.userId);
  if (!user) throw unauthorized();
  return { user, methods: ['token', ...parent.methods.filter((method) => method !== 'token')], parent };
}

function byCredential(call: KeystoneCall, payload: Json, scope: unknown): Proof {
  const { id, name } = payload;
  let credential: ApplicationCredential | undefined;
  if (id) {
    credential = call.state.applicationCredentials.get(pythonText(id));
    if (!credential) throw notFound('Application Credential', pythonText(id));
  } else if (name) {
    if (!isRecord(payload['user'])) throw expecting('user', 'application credential');
    const owner = lookUpUser(call, payload['user'], 'identity/application_credential/user');
    credential = [...call.state.applicationCredentials.values()].find(
      (one) => one.userId === owner.id && one.name === name,
    );
  } else throw expecting('name or ID', 'application credential');
  const user = call.state.users.get(credential?.userId ?? '');
  if (!credential || user?.enabled !== true || credential.secret !== payload['secret']) throw unauthorized();
  if (call.tokens.credentialRoles(credential).length === 0) throw unauthorized();
  if (scope !== undefined) {
    throw new KeystoneError(
      401,
      'Error authenticating with application credential: Application credentials cannot request a scope.',
      { identity: {} },
    );
  }
  return { user, methods: ['application_credential'], credential };
}

function chooseScope(call: KeystoneCall, proof: Proof, given: unknown): Scope {
  if (proof.credential) return { kind: 'project', id: proof.credential.projectId };
  if (given === undefined || given === null) return defaultScope(call, proof);
  if (given === 'unscoped') return { kind: 'unscoped' };
  const scope = requestedScope(call, given);
  if (scope?.kind === 'unscoped') return scope;
  const target = scope && targetOf(scope);
  if (!scope || !target || call.state.effectiveRoles(proof.user.id, target).length === 0) throw unauthorized();
  if (proof.parent?.scope.kind === 'system' && scope.kind !== 'system') {
    throw forbidden('Using a system-scoped token to create a project-scoped or domain-scoped token is not allowed.');
  }
  return scope;
}

/** The user's own project where one is set and usable; nothing otherwise. A token that is exchanged loses its scope. */
function defaultScope(call: KeystoneCall, { user }: Proof): Scope {
  const id = user.defaultProjectId;
  const usable =
    id !== undefined &&
    call.state.projects.get(id)?.enabled === true &&
    call.state.effectiveRoles(user.id, { project: id }).length > 0;
  return usable ? { kind: 'project', id } : { kind: 'unscoped' };
}

function requestedScope(call: KeystoneCall, given: unknown): Scope | undefined {
  const kinds = ['system', 'project', 'domain', 'OS-TRUST:trust', 'unscoped'];
  const named = isRecord(given) ? kinds.filter((kind) => kind in given) : [];
  if (!isRecord(given) || named.length !== 1) {
    throw expecting('system, project, domain, OS-TRUST:trust or unscoped', 'scope');
  }
  const value = isRecord(given[named[0] ?? '']) ? (given[named[0] ?? ''] as Json) : {};
  switch (named[0]) {
    case 'unscoped':
      return { kind: 'unscoped' };
    case 'system':
      return value['all'] === true ? { kind: 'system' } : undefined;
    case 'domain': {
      const domain = lookUpDomain(call, value, 'scope/domain');
      return domain && { kind: 'domain', id: domain.id };
    }
    case 'project':
      return projectScope(call, value);
    default:
      throw new KeystoneError(501, 'The lab does not serve trusts.');
  }
}

function projectScope(call: KeystoneCall, given: Json): Scope | undefined {
  const { id, name } = given;
  if (!id && !name) throw new KeystoneError(400, 'Invalid input for field scope/project: id or name must be present.');
  let project = call.state.projects.get(pythonText(id));
  if (name) {
    if (!isRecord(given['domain'])) throw expecting('domain', 'project');
    const domain = lookUpDomain(call, given['domain'], 'scope/project/domain');
    project = domain && call.state.projectByName(pythonText(name), domain.id);
  }
  return project?.enabled === true ? { kind: 'project', id: project.id } : undefined;
}

/**
 * The token named in `X-Subject-Token`. Tokens of credentials with access rules are shown only to clients that say
 * they understand such rules.
 */
function subject(call: KeystoneCall): Token {
  const header = call.request.headers['x-subject-token'];
  const id = Array.isArray(header) ? header[0] : header;
  if (id === undefined) throw new KeystoneError(404, 'No token in the request');
  const token = call.tokens.find(id);
  if (!token) throw new KeystoneError(404, 'Could not recognize Fernet token');
  const credential = call.state.applicationCredentials.get(token.applicationCredentialId ?? '');
  if (credential?.accessRuleIds && call.request.headers['openstack-identity-access-rules'] === undefined) {
    throw new KeystoneError(404, 'Failed to validate token');
  }
  return token;
}

function show(call: KeystoneCall): LabResponse {
  const token = subject(call);
  call.requireReader('validate_token', call.caller.userId === token.userId);
  return describe(call, token, 200);
}

function revoke(call: KeystoneCall): LabResponse {
  const token = subject(call);
  if (!call.isAdmin && call.caller.userId !== token.userId) throw forbidden('identity:revoke_token');
  call.tokens.revoke(token.id);
  return noContent;
}

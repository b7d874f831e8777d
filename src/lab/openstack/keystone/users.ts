import type { LabResponse } from '../http-server.ts';
import { filtered, listOf, noContent, withLinks, type KeystoneCall, type KeystoneRoute } from './call.ts';
import { conflict, notFound, unauthorized } from './errors.ts';
import { booleanOf, changedEntity, requiredName, stringOf } from './fields.ts';
import type { User } from './state.ts';

export const userRoutes: KeystoneRoute[] = [
  { method: 'GET', path: '/users', handler: list },
  { method: 'POST', path: '/users', handler: create },
  { method: 'GET', path: '/users/{user_id}', handler: show },
  { method: 'PATCH', path: '/users/{user_id}', handler: update },
  { method: 'DELETE', path: '/users/{user_id}', handler: remove },
  { method: 'POST', path: '/users/{user_id}/password', handler: changePassword, open: true },
];
/** What a user has beside free attributes. */
const KNOWN = new Set(['id', 'name', 'domain_id', 'enabled', 'password', 'default_project_id', 'options', 'links']);

function view(call: KeystoneCall, user: User): Record<string, unknown> {
  return withLinks(call, `/users/${user.id}`, {
    ...user.extra,
    id: user.id,
    name: user.name,
    domain_id: user.domainId,
    enabled: user.enabled,
    ...(user.defaultProjectId === undefined ? {} : { default_project_id: user.defaultProjectId }),
    password_expires_at: null,
    options: {},
  });
}

function list(call: KeystoneCall): LabResponse {
  call.requireReader('list_users');
  const users = filtered(call.query, call.state.users.values(), {
    name: (user) => user.name,
    domain_id: (user) => user.domainId,
    enabled: (user) => user.enabled,
  });
  return listOf(
    call,
    'users',
    users.map((one) => view(call, one)),
  );
}

function find(call: KeystoneCall): User {
  const id = call.param('user_id');
  const user = call.state.users.get(id);
  if (!user) throw notFound('user', id);
  return user;
}

function show(call: KeystoneCall): LabResponse {
  call.requireReader('get_user', call.caller.userId === call.param('user_id'));
  return { status: 200, json: { user: view(call, find(call)) } };
}

function create(call: KeystoneCall): LabResponse {
  call.requireAdmin('create_user');
  const given = call.entity('user');
  const name = requiredName(given);
  const enabled = booleanOf(given, 'enabled') ?? true;
  const domainId = stringOf(given['domain_id']) ?? 'default';
  if (!call.state.domains.has(domainId)) throw notFound('domain', domainId);
  if (call.state.userByName(name, domainId)) {
    throw conflict('user', `Duplicate entry found with name ${name} at domain ID ${domainId}`);
  }
  const user = call.state.addUser(name, '', domainId);
  delete user.password;
  user.enabled = enabled;
  apply(user, given);
  return { status: 201, json: { user: view(call, user) } };
}

function apply(user: User, given: Record<string, unknown>): void {
  const password = stringOf(given['password']);
  if (password !== undefined) user.password = password;
  const project = stringOf(given['default_project_id']);
  if (project !== undefined) user.defaultProjectId = project;
  else if (given['default_project_id'] === null) delete user.defaultProjectId;
  for (const [key, value] of Object.entries(given)) if (!KNOWN.has(key)) user.extra[key] = value;
}

function update(call: KeystoneCall): LabResponse {
  call.requireAdmin('update_user');
  const given = changedEntity(call, 'user');
  const user = find(call);
  if ('name' in given) {
    const name = requiredName(given);
    const namesake = call.state.userByName(name, user.domainId);
    if (namesake && namesake !== user) throw conflict('user', `Duplicate entry found with name ${name}`);
    user.name = name;
  }
  const enabled = booleanOf(given, 'enabled') ?? user.enabled;
  if (!enabled || stringOf(given['password']) !== undefined) call.state.revokeTokensOf(user.id);
  user.enabled = enabled;
  apply(user, given);
  const { options, links, ...rest } = view(call, user);
  return { status: 200, json: { user: { ...rest, extra: user.extra, options, links } } };
}

function remove(call: KeystoneCall): LabResponse {
  call.requireAdmin('delete_user');
  const { id } = find(call);
  const { state } = call;
  state.users.delete(id);
  state.unassign((one) => one.userId === id);
  state.removeApplicationCredentials((one) => one.userId === id);
  for (const rule of state.accessRules.values()) if (rule.userId === id) state.accessRules.delete(rule.id);
  state.revokeTokensOf(id);
  return noContent;
}

/** With the old password in hand, no token is needed. */
function changePassword(call: KeystoneCall): LabResponse {
  const given = call.entity('user');
  const user = call.state.users.get(call.param('user_id'));
  const password = stringOf(given['password']);
  if (user?.password === undefined || user.password !== given['original_password'] || password === undefined) {
    throw unauthorized();
  }
  user.password = password;
  call.state.revokeTokensOf(user.id);
  return noContent;
}

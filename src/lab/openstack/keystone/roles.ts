import type { LabResponse } from '../http-server.ts';
import { byId, filtered, listOf, noContent, withLinks, type KeystoneCall, type KeystoneRoute } from './call.ts';
import { conflict, KeystoneError, notFound } from './errors.ts';
import { changedEntity, requiredName, stringOf } from './fields.ts';
import type { Assignment, Role, Target } from './state.ts';

const GRANT = '/projects/{project_id}/users/{user_id}/roles';

export const roleRoutes: KeystoneRoute[] = [
  { method: 'GET', path: '/roles', handler: list },
  { method: 'POST', path: '/roles', handler: create },
  { method: 'GET', path: '/roles/{role_id}', handler: show },
  { method: 'PATCH', path: '/roles/{role_id}', handler: update },
  { method: 'DELETE', path: '/roles/{role_id}', handler: remove },
  { method: 'GET', path: GRANT, handler: listGrants },
  { method: 'PUT', path: `${GRANT}/{role_id}`, handler: grant },
  { method: 'GET', path: `${GRANT}/{role_id}`, handler: checkGrant },
  { method: 'HEAD', path: `${GRANT}/{role_id}`, handler: checkGrant },
  { method: 'DELETE', path: `${GRANT}/{role_id}`, handler: revokeGrant },
  { method: 'GET', path: '/role_assignments', handler: listAssignments },
];

/** As it is shown inside other objects, without a link. */
export function roleView(role: Role): Record<string, unknown> {
  return {
    id: role.id,
    name: role.name,
    domain_id: null,
    description: role.description,
    options: role.immutable ? { immutable: true } : {},
  };
}

const linked = (call: KeystoneCall, role: Role): Record<string, unknown> =>
  withLinks(call, `/roles/${role.id}`, roleView(role));

function list(call: KeystoneCall): LabResponse {
  call.requireReader('list_roles');
  const roles = filtered(call.query, call.state.roles.values(), { name: (role) => role.name }).sort(byId);
  return listOf(
    call,
    'roles',
    roles.map((one) => linked(call, one)),
  );
}

function find(call: KeystoneCall): Role {
  const id = call.param('role_id');
  const role = call.state.roles.get(id);
  if (!role) throw notFound('role', id);
  return role;
}

function show(call: KeystoneCall): LabResponse {
  call.requireToken();
  const role = find(call);
  call.requireReader('get_role');
  return { status: 200, json: { role: linked(call, role) } };
}

function create(call: KeystoneCall): LabResponse {
  call.requireAdmin('create_role');
  const given = call.entity('role');
  const name = requiredName(given);
  if (call.state.roleByName(name)) throw conflict('role', `Duplicate entry found with name ${name}`);
  const role = call.state.addRole(name);
  role.description = stringOf(given['description']) ?? null;
  return { status: 201, json: { role: linked(call, role) } };
}

function update(call: KeystoneCall): LabResponse {
  call.requireAdmin('update_role');
  const given = changedEntity(call, 'role');
  const role = find(call);
  refuseImmutable(role, 'update');
  if ('name' in given) role.name = requiredName(given);
  role.description = stringOf(given['description']) ?? role.description;
  return { status: 200, json: { role: linked(call, role) } };
}

function remove(call: KeystoneCall): LabResponse {
  call.requireAdmin('delete_role');
  const role = find(call);
  refuseImmutable(role, 'delete');
  call.state.roles.delete(role.id);
  call.state.unassign((one) => one.roleId === role.id);
  return noContent;
}

function refuseImmutable(role: Role, verb: string): void {
  if (!role.immutable) return;
  // The open quotation mark is Keystone's own.
  const why = `Unable to ${verb} immutable role resource: \`${role.id}. Set resource option "immutable" to false first.`;
  throw new KeystoneError(403, why);
}

/** The grant that the path names. @throws 404 for the first of role, user and project that is not there. */
function named(call: KeystoneCall): Assignment {
  const [roleId, userId, projectId] = [call.param('role_id'), call.param('user_id'), call.param('project_id')];
  if (!call.state.roles.has(roleId)) throw notFound('role', roleId);
  requireUserAndProject(call, userId, projectId);
  return { roleId, userId, target: { project: projectId } };
}

function requireUserAndProject(call: KeystoneCall, userId: string, projectId: string): void {
  if (!call.state.users.has(userId)) throw notFound('user', userId);
  if (!call.state.projects.has(projectId)) throw notFound('project', projectId);
}

function matches(one: Assignment, { userId, roleId, target }: Assignment): boolean {
  return one.userId === userId && one.roleId === roleId && JSON.stringify(one.target) === JSON.stringify(target);
}

function grant(call: KeystoneCall): LabResponse {
  call.requireAdmin('create_grant');
  const { userId, roleId, target } = named(call);
  call.state.assign(userId, roleId, target);
  return noContent;
}

function requireGrant(call: KeystoneCall): Assignment {
  const wanted = named(call);
  if (call.state.assignments.some((one) => matches(one, wanted))) return wanted;
  throw new KeystoneError(
    404,
    `Could not find role assignment with role: ${wanted.roleId}, user or group: ${wanted.userId}, ` +
      `project, domain, or system: ${call.param('project_id')}.`,
  );
}

function checkGrant(call: KeystoneCall): LabResponse {
  call.requireReader('check_grant');
  requireGrant(call);
  return noContent;
}

function revokeGrant(call: KeystoneCall): LabResponse {
  call.requireAdmin('revoke_grant');
  const wanted = requireGrant(call);
  call.state.unassign((one) => matches(one, wanted));
  return noContent;
}

function listGrants(call: KeystoneCall): LabResponse {
  call.requireReader('list_grants');
  const [userId, projectId] = [call.param('user_id'), call.param('project_id')];
  requireUserAndProject(call, userId, projectId);
  const roles = call.state.assignments
    .filter(({ userId: user, target }) => user === userId && 'project' in target && target.project === projectId)
    .flatMap(({ roleId }) => call.state.roles.get(roleId) ?? []);
  return listOf(
    call,
    'roles',
    roles.sort(byId).map((one) => linked(call, one)),
  );
}

function listAssignments(call: KeystoneCall): LabResponse {
  call.requireReader('list_role_assignments');
  const { query } = call;
  const flag = (name: string): boolean => query.has(name) && !/^(0|false|no|off)$/i.test(query.get(name) ?? '');
  const effective = flag('effective');
  const wanted = (name: string, value: string | undefined): boolean => !query.get(name) || query.get(name) === value;
  const all = call.state.assignments.flatMap((one) => (effective ? withImplied(call, one) : [{ one }]));
  const shown = all.filter(
    ({ one: { userId, roleId, target } }) =>
      wanted('user.id', userId) &&
      wanted('role.id', roleId) &&
      wanted('scope.project.id', 'project' in target ? target.project : undefined) &&
      wanted('scope.domain.id', 'domain' in target ? target.domain : undefined) &&
      (!query.get('scope.system') || 'system' in target),
  );
  return listOf(
    call,
    'role_assignments',
    shown.map(({ one, prior }) => assignmentView(call, one, prior, flag('include_names'))),
  );
}

/** An assignment and those that follow from it, each with the one it follows from. */
function withImplied(call: KeystoneCall, one: Assignment): { one: Assignment; prior?: Assignment }[] {
  const all: { one: Assignment; prior?: Assignment }[] = [{ one }];
  for (let index = 0; index < all.length; index++) {
    for (const [prior, follows] of call.state.implied) {
      if (all[index]?.one.roleId === prior) all.push({ one: { ...one, roleId: follows }, prior: one });
    }
  }
  return all;
}

function assignmentView(
  call: KeystoneCall,
  { userId, roleId, target }: Assignment,
  prior: Assignment | undefined,
  names: boolean,
): Record<string, unknown> {
  const { state } = call;
  const user = state.users.get(userId);
  const directRole = prior?.roleId ?? roleId;
  const domain = (id: string | undefined): unknown => ({ id, name: state.domains.get(id ?? '')?.name });
  return {
    links: {
      assignment: call.url(`${targetPath(target)}/users/${userId}/roles/${directRole}`),
      ...(prior && { prior_role: call.url(`/prior_role/${roleId}/implies/${directRole}`) }),
    },
    scope: scopeView(call, target, names),
    user: { id: userId, ...(names && { name: user?.name, domain: domain(user?.domainId) }) },
    role: { id: roleId, ...(names && { name: state.roles.get(roleId)?.name }) },
  };
}

function targetPath(target: Target): string {
  if ('project' in target) return `/projects/${target.project}`;
  return 'domain' in target ? `/domains/${target.domain}` : '/system';
}

function scopeView(call: KeystoneCall, target: Target, names: boolean): unknown {
  if ('system' in target) return { system: { all: true } };
  if ('domain' in target) {
    return { domain: { id: target.domain, ...(names && { name: call.state.domains.get(target.domain)?.name }) } };
  }
  const project = call.state.projects.get(target.project);
  const domainId = project?.domainId ?? '';
  const domain = { id: domainId, name: call.state.domains.get(domainId)?.name };
  return { project: { id: target.project, ...(names && { name: project?.name, domain }) } };
}

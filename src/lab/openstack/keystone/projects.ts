import { hexId } from '../ids.ts';
import type { LabResponse } from '../http-server.ts';
import { byId, filtered, listOf, noContent, withLinks, type KeystoneCall, type KeystoneRoute } from './call.ts';
import { conflict, KeystoneError, notFound } from './errors.ts';
import { booleanOf, changedEntity, requiredName, stringOf } from './fields.ts';
import type { Domain, Project } from './state.ts';

export const projectRoutes: KeystoneRoute[] = [
  { method: 'GET', path: '/projects', handler: listProjects },
  { method: 'POST', path: '/projects', handler: createProject },
  { method: 'GET', path: '/projects/{project_id}', handler: showProject },
  { method: 'PATCH', path: '/projects/{project_id}', handler: updateProject },
  { method: 'DELETE', path: '/projects/{project_id}', handler: deleteProject },
  { method: 'GET', path: '/auth/projects', handler: ownProjects },
  { method: 'GET', path: '/users/{user_id}/projects', handler: projectsOfUser },
  { method: 'GET', path: '/domains', handler: listDomains },
  { method: 'POST', path: '/domains', handler: createDomain },
  { method: 'GET', path: '/domains/{domain_id}', handler: showDomain },
  { method: 'PATCH', path: '/domains/{domain_id}', handler: updateDomain },
  { method: 'DELETE', path: '/domains/{domain_id}', handler: deleteDomain },
];

function projectView(call: KeystoneCall, project: Project): Record<string, unknown> {
  return withLinks(call, `/projects/${project.id}`, {
    id: project.id,
    name: project.name,
    domain_id: project.domainId,
    description: project.description,
    enabled: project.enabled,
    parent_id: project.domainId,
    is_domain: false,
    tags: [],
    options: {},
  });
}

function listProjects(call: KeystoneCall): LabResponse {
  call.requireReader('list_projects');
  const projects = filtered(call.query, call.state.projects.values(), {
    name: (project) => project.name,
    domain_id: (project) => project.domainId,
    parent_id: (project) => project.domainId,
    enabled: (project) => project.enabled,
  }).sort(byId);
  return listOf(
    call,
    'projects',
    call.query.get('is_domain') === 'true' ? [] : projects.map((one) => projectView(call, one)),
  );
}

function findProject(call: KeystoneCall): Project {
  const id = call.param('project_id');
  const project = call.state.projects.get(id);
  if (!project) throw notFound('project', id);
  return project;
}

function showProject(call: KeystoneCall): LabResponse {
  call.requireReader('get_project', call.caller.projectId === call.param('project_id'));
  return { status: 200, json: { project: projectView(call, findProject(call)) } };
}

function createProject(call: KeystoneCall): LabResponse {
  call.requireAdmin('create_project');
  const given = call.entity('project');
  const name = requiredName(given);
  const domainId = stringOf(given['domain_id']) ?? 'default';
  if (!call.state.domains.has(domainId)) throw new KeystoneError(400, `Could not find domain: ${domainId}.`);
  if (call.state.projectByName(name, domainId)) throw duplicateProject(name, hexId());
  const project = call.state.addProject(name, stringOf(given['description']) ?? '', domainId);
  project.enabled = booleanOf(given, 'enabled') ?? true;
  return { status: 201, json: { project: projectView(call, project) } };
}

function duplicateProject(name: string, id: string): KeystoneError {
  return conflict(
    'project',
    'it is not permitted to have two projects with either the same name or same id in the same domain: ' +
      `name is ${name}, project id ${id}`,
  );
}

function updateProject(call: KeystoneCall): LabResponse {
  call.requireAdmin('update_project');
  const given = changedEntity(call, 'project');
  const project = findProject(call);
  const name = 'name' in given ? requiredName(given) : project.name;
  const namesake = call.state.projectByName(name, project.domainId);
  if (namesake && namesake !== project) throw duplicateProject(name, project.id);
  project.name = name;
  project.description = stringOf(given['description']) ?? project.description;
  project.enabled = booleanOf(given, 'enabled') ?? project.enabled;
  const { links, options, ...view } = projectView(call, project);
  return { status: 200, json: { project: { ...view, extra: {}, options, links } } };
}

function deleteProject(call: KeystoneCall): LabResponse {
  call.requireAdmin('delete_project');
  const { id } = findProject(call);
  call.state.projects.delete(id);
  call.state.unassign(({ target }) => 'project' in target && target.project === id);
  call.state.removeApplicationCredentials((one) => one.projectId === id);
  return noContent;
}

function ownProjects(call: KeystoneCall): LabResponse {
  return projectsWithRoles(call, call.caller.userId);
}

function projectsOfUser(call: KeystoneCall): LabResponse {
  const id = call.param('user_id');
  call.requireReader('list_user_projects', call.caller.userId === id);
  if (!call.state.users.has(id)) throw notFound('user', id);
  return projectsWithRoles(call, id);
}

function projectsWithRoles(call: KeystoneCall, userId: string): LabResponse {
  const projects = [...call.state.projects.values()].filter(
    ({ id, enabled }) => enabled && call.state.effectiveRoles(userId, { project: id }).length > 0,
  );
  return listOf(
    call,
    'projects',
    projects.sort(byId).map((one) => projectView(call, one)),
  );
}

function domainView(call: KeystoneCall, domain: Domain): Record<string, unknown> {
  const { id, name, description, enabled } = domain;
  return withLinks(call, `/domains/${id}`, { id, name, description, enabled, tags: [], options: {} });
}

function listDomains(call: KeystoneCall): LabResponse {
  call.requireReader('list_domains');
  const domains = filtered(call.query, call.state.domains.values(), {
    name: (domain) => domain.name,
    enabled: (domain) => domain.enabled,
  }).sort(byId);
  return listOf(
    call,
    'domains',
    domains.map((one) => domainView(call, one)),
  );
}

function findDomain(call: KeystoneCall): Domain {
  const id = call.param('domain_id');
  const domain = call.state.domains.get(id);
  if (!domain) throw notFound('domain', id);
  return domain;
}

function showDomain(call: KeystoneCall): LabResponse {
  const { scope } = call.caller.token;
  const domainId = scope.kind === 'project' ? call.state.projects.get(scope.id)?.domainId : undefined;
  const own = (scope.kind === 'domain' ? scope.id : domainId) === call.param('domain_id');
  call.requireReader('get_domain', own);
  return { status: 200, json: { domain: domainView(call, findDomain(call)) } };
}

function createDomain(call: KeystoneCall): LabResponse {
  call.requireAdmin('create_domain');
  const given = call.entity('domain');
  const name = requiredName(given);
  if (call.state.domainByName(name)) {
    throw conflict('project', `it is not permitted to have two projects acting as domains with the same name: ${name}`);
  }
  const description = stringOf(given['description']) ?? '';
  const domain = { id: hexId(), name, description, enabled: booleanOf(given, 'enabled') ?? true };
  call.state.domains.set(domain.id, domain);
  return { status: 201, json: { domain: domainView(call, domain) } };
}

function updateDomain(call: KeystoneCall): LabResponse {
  call.requireAdmin('update_domain');
  const given = changedEntity(call, 'domain');
  const domain = findDomain(call);
  if ('name' in given) domain.name = requiredName(given);
  domain.description = stringOf(given['description']) ?? domain.description;
  domain.enabled = booleanOf(given, 'enabled') ?? domain.enabled;
  return { status: 200, json: { domain: domainView(call, domain) } };
}

function deleteDomain(call: KeystoneCall): LabResponse {
  call.requireAdmin('delete_domain');
  const domain = findDomain(call);
  if (domain.enabled) throw new KeystoneError(403, 'Cannot delete a domain that is enabled, please disable it first.');
  const { state } = call;
  for (const project of state.projects.values()) if (project.domainId === domain.id) state.projects.delete(project.id);
  for (const user of state.users.values()) if (user.domainId === domain.id) state.users.delete(user.id);
  state.unassign((one) => !state.users.has(one.userId));
  state.domains.delete(domain.id);
  return noContent;
}

import { randomBytes } from 'node:crypto';
import type { LabResponse } from '../http-server.ts';
import { hexId } from '../ids.ts';
import { isRecord, pythonText } from '../python.ts';
import { filtered, listOf, noContent, withLinks, type KeystoneCall, type KeystoneRoute } from './call.ts';
import { conflict, forbidden, invalidField, KeystoneError, malformed, notFound } from './errors.ts';
import { requiredName, stringOf } from './fields.ts';
import { roleView } from './roles.ts';
import type { AccessRule, ApplicationCredential } from './state.ts';

const BASE = '/users/{user_id}/application_credentials';

export const applicationCredentialRoutes: KeystoneRoute[] = [
  { method: 'GET', path: BASE, handler: list },
  { method: 'POST', path: BASE, handler: create },
  { method: 'GET', path: `${BASE}/{application_credential_id}`, handler: show },
  { method: 'DELETE', path: `${BASE}/{application_credential_id}`, handler: remove },
  { method: 'GET', path: '/users/{user_id}/access_rules', handler: listRules },
  { method: 'GET', path: '/users/{user_id}/access_rules/{access_rule_id}', handler: showRule },
  { method: 'DELETE', path: '/users/{user_id}/access_rules/{access_rule_id}', handler: removeRule },
];

function view(call: KeystoneCall, one: ApplicationCredential, secret?: string): Record<string, unknown> {
  const { state } = call;
  // Keystone's own link lacks the user (seen on Zed); clients must not follow it.
  return withLinks(call, `/application_credentials/${one.id}`, {
    id: one.id,
    name: one.name,
    description: one.description,
    user_id: one.userId,
    project_id: one.projectId,
    system: null,
    expires_at: one.expiresAt?.text ?? null,
    unrestricted: one.unrestricted,
    roles: one.roleIds.flatMap((id) => {
      const role = state.roles.get(id);
      return role ? [roleView(role)] : [];
    }),
    ...(one.accessRuleIds && { access_rules: one.accessRuleIds.flatMap((id) => bareRule(state.accessRules.get(id))) }),
    ...(secret !== undefined && { secret }),
  });
}

function bareRule(rule: AccessRule | undefined): Record<string, unknown>[] {
  return rule ? [{ id: rule.id, service: rule.service, path: rule.path, method: rule.method }] : [];
}

function list(call: KeystoneCall): LabResponse {
  const userId = call.param('user_id');
  call.requireReader('list_application_credentials', call.caller.userId === userId);
  const all = [...call.state.applicationCredentials.values()].filter((one) => one.userId === userId);
  const shown = filtered(call.query, all, { name: (one) => one.name });
  return listOf(
    call,
    'application_credentials',
    shown.map((one) => view(call, one)),
  );
}

function find(call: KeystoneCall): ApplicationCredential {
  const id = call.param('application_credential_id');
  const one = call.state.applicationCredentials.get(id);
  if (one?.userId !== call.param('user_id')) throw notFound('Application Credential', id);
  return one;
}

function show(call: KeystoneCall): LabResponse {
  call.requireReader('get_application_credential', call.caller.userId === call.param('user_id'));
  return { status: 200, json: { application_credential: view(call, find(call)) } };
}

function refuseRestricted(call: KeystoneCall): void {
  const id = call.caller.token.applicationCredentialId;
  if (id !== undefined && call.state.applicationCredentials.get(id)?.unrestricted !== true) {
    throw forbidden(
      "Using method 'application_credential' is not allowed for managing additional application credentials.",
    );
  }
}

function create(call: KeystoneCall): LabResponse {
  const userId = call.param('user_id');
  const { caller, state } = call;
  // Not even an administrator: a credential is its owner's.
  if (caller.userId !== userId) throw forbidden('identity:create_application_credential');
  const given = call.entity('application_credential');
  const name = requiredName(given);
  const rules = readRules(given['access_rules']);
  refuseRestricted(call);
  const projectId = caller.projectId;
  if (projectId === undefined) throw malformed('Application credentials need a project-scoped token.');
  const roleIds = readRoles(call, given['roles']);
  const expiresAt = readExpiry(call, given['expires_at']);
  if ([...state.applicationCredentials.values()].some((one) => one.userId === userId && one.name === name)) {
    throw conflict('application_credential', `Duplicate entry found with name ${name}`);
  }
  const secret = stringOf(given['secret']) ?? randomBytes(64).toString('base64url');
  const unrestricted = given['unrestricted'];
  const one: ApplicationCredential = {
    id: hexId(),
    name,
    description: stringOf(given['description']) ?? null,
    secret,
    userId,
    projectId,
    roleIds,
    ...(expiresAt && { expiresAt }),
    unrestricted: typeof unrestricted === 'boolean' ? unrestricted : null,
    // An empty list is no restriction at all.
    ...(rules.length > 0 && { accessRuleIds: rules.map((rule) => storeRule(call, userId, rule)) }),
  };
  state.applicationCredentials.set(one.id, one);
  return { status: 201, json: { application_credential: view(call, one, secret) } };
}

function readRoles(call: KeystoneCall, given: unknown): string[] {
  const held = call.tokens.roleIds(call.caller.token);
  if (!Array.isArray(given) || given.length === 0) return held;
  return given.map((wanted: unknown) => {
    const role = isRecord(wanted) ? wanted : {};
    const name = stringOf(role['name']);
    const id = name === undefined ? String(role['id']) : call.state.roleByName(name)?.id;
    if (id === undefined) throw new KeystoneError(404, `Role ${String(name)} is not defined`);
    if (held.includes(id)) return id;
    throw new KeystoneError(
      400,
      'Invalid application credential: Cannot create an application credential with unassigned role',
    );
  });
}

function readExpiry(call: KeystoneCall, given: unknown): { ms: number; text: string } | undefined {
  if (given === undefined || given === null) return undefined;
  const [, seconds, fraction = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z?$/.exec(pythonText(given)) ?? [];
  const ms = seconds === undefined ? NaN : Date.parse(`${seconds}Z`);
  if (seconds === undefined || Number.isNaN(ms)) throw malformed('Timestamp not in expected format.');
  if (ms < call.tokens.now()) throw malformed("The 'expires_at' must not be before now.");
  return { ms, text: `${seconds}.${fraction.padEnd(6, '0')}` };
}

type WantedRule = { id: string } | { service: string; path: string; method: string };

function readRules(given: unknown): WantedRule[] {
  if (!Array.isArray(given)) return [];
  return given.map((item: unknown, index) => {
    const rule = isRecord(item) ? item : {};
    const id = stringOf(rule['id']);
    if (id !== undefined) return { id };
    const text = (field: string): string => String(rule[field]);
    if (!/^(POST|GET|HEAD|PATCH|PUT|DELETE)$/.test(text('method'))) {
      const why = `'${text('method')}' does not match '^(POST|GET|HEAD|PATCH|PUT|DELETE)$'`;
      throw invalidField(`access_rules/${index}/method`, why);
    }
    if (!text('path').startsWith('/')) {
      throw invalidField(`access_rules/${index}/path`, `'${text('path')}' does not match '^\\\\/.*'`);
    }
    if (text('path').length > 225) throw invalidField(`access_rules/${index}/path`, `'${text('path')}' is too long`);
    return { service: text('service'), path: text('path'), method: text('method') };
  });
}

/** Rules are the user's: the same rule in two credentials is stored once. */
function storeRule(call: KeystoneCall, userId: string, wanted: WantedRule): string {
  const { accessRules } = call.state;
  if ('id' in wanted) {
    if (accessRules.get(wanted.id)?.userId !== userId) throw notFound('Access Rule', wanted.id);
    return wanted.id;
  }
  const known = [...accessRules.values()].find(
    (rule) =>
      rule.userId === userId &&
      rule.service === wanted.service &&
      rule.path === wanted.path &&
      rule.method === wanted.method,
  );
  if (known) return known.id;
  const rule = { id: hexId(), userId, ...wanted };
  accessRules.set(rule.id, rule);
  return rule.id;
}

function remove(call: KeystoneCall): LabResponse {
  if (!call.isAdmin && call.caller.userId !== call.param('user_id')) {
    throw forbidden('identity:delete_application_credential');
  }
  refuseRestricted(call);
  call.state.applicationCredentials.delete(find(call).id);
  return noContent;
}

/** Access rules are newer than the old policies: an administrator of a project has no say in them. */
function requireOwnerOrSystem(call: KeystoneCall, action: string, role: string): void {
  const { userId, systemScoped, roles } = call.caller;
  if (userId !== call.param('user_id') && !(systemScoped && roles.has(role))) throw forbidden(`identity:${action}`);
}

function rulesOf(call: KeystoneCall): AccessRule[] {
  return [...call.state.accessRules.values()].filter((rule) => rule.userId === call.param('user_id'));
}

function ruleView(call: KeystoneCall, rule: AccessRule): Record<string, unknown> {
  return withLinks(call, `/access_rules/${rule.id}`, bareRule(rule)[0] ?? {});
}

function listRules(call: KeystoneCall): LabResponse {
  requireOwnerOrSystem(call, 'list_access_rules', 'reader');
  return listOf(
    call,
    'access_rules',
    rulesOf(call).map((rule) => ruleView(call, rule)),
  );
}

function findRule(call: KeystoneCall): AccessRule {
  const id = call.param('access_rule_id');
  const rule = rulesOf(call).find((one) => one.id === id);
  if (!rule) throw notFound('Access Rule', id);
  return rule;
}

function showRule(call: KeystoneCall): LabResponse {
  requireOwnerOrSystem(call, 'get_access_rule', 'reader');
  return { status: 200, json: { access_rule: ruleView(call, findRule(call)) } };
}

function removeRule(call: KeystoneCall): LabResponse {
  requireOwnerOrSystem(call, 'delete_access_rule', 'admin');
  const { id } = findRule(call);
  const used = [...call.state.applicationCredentials.values()].some((one) => one.accessRuleIds?.includes(id));
  if (used) throw new KeystoneError(403, 'May not delete access rule in use');
  call.state.accessRules.delete(id);
  return noContent;
}

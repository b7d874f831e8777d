import { createHash } from 'node:crypto';
import type { LabResponse } from '../http-server.ts';
import { uuid } from '../ids.ts';
import { isRecord, pythonDict, pythonText } from '../python.ts';
import { accepted, ok, type ManilaCall, type ManilaRoute } from './call.ts';
import { badRequest, forbidden, notFound, serverError } from './errors.ts';
import { networkKey, validateAccess } from './access-validation.ts';
import { checkMetadata, storedMetadata } from './metadata.ts';
import { requireActiveNetwork } from './share-networks.ts';
import { findShare } from './share-view.ts';
import type { AccessRule, ManilaState, Share } from './state.ts';

const ACTION = '/shares/{share_id}/action';
const RULE = '/share-access-rules/{access_id}';

export const shareAccessRoutes: ManilaRoute[] = [
  { method: 'POST', path: ACTION, action: 'os-allow_access', handler: allow, until: 6 },
  { method: 'POST', path: ACTION, action: 'allow_access', handler: allow, since: 7 },
  { method: 'POST', path: ACTION, action: 'os-deny_access', handler: deny, until: 6 },
  { method: 'POST', path: ACTION, action: 'deny_access', handler: deny, since: 7 },
  { method: 'POST', path: ACTION, action: 'os-access_list', handler: listOfShare, until: 6 },
  { method: 'POST', path: ACTION, action: 'access_list', handler: listOfShare, since: 7, until: 44 },
  { method: 'GET', path: '/share-access-rules', handler: list, since: 45 },
  { method: 'GET', path: RULE, handler: show, since: 45 },
  { method: 'PUT', path: `${RULE}/metadata`, handler: putMetadata, since: 45 },
  { method: 'DELETE', path: `${RULE}/metadata/{key}`, handler: removeMetadata, since: 45 },
];

/** States of a share in which its rules cannot change. */
const BUSY = [
  ...['creating', 'deleting', 'manage_starting', 'unmanage_starting', 'extending', 'shrinking', 'migrating'],
  ...['migrating_to', 'restoring', 'reverting', 'server_migrating', 'server_migrating_to', 'error'],
];

function view(call: ManilaCall, rule: AccessRule, withShare: boolean): Record<string, unknown> {
  const status = call.state.shares.get(rule.shareId)?.accessRulesStatus ?? 'active';
  return {
    id: rule.id,
    ...(withShare && { share_id: rule.shareId }),
    access_level: rule.level,
    access_to: rule.to,
    access_type: rule.type,
    // Before 2.28 a rule had no state of its own.
    state: call.since(28) ? rule.state : status === 'syncing' ? 'new' : status,
    ...(call.since(21) && { access_key: rule.key }),
    ...(call.since(33) && { created_at: rule.createdAt, updated_at: rule.updatedAt }),
    ...(call.since(45) && { metadata: rule.metadata }),
  };
}

function actionEntity(call: ManilaCall, name: string): Record<string, unknown> {
  const given = call.entity(name) ?? call.entity(`os-${name}`);
  if (!given) throw badRequest();
  return given;
}

const GONE = 'NotFound: Resource could not be found.';

function allow(call: ManilaCall): LabResponse {
  const given = actionEntity(call, 'allow_access');
  const share = findShare(call, call.param('share_id'), GONE);
  if (share.softDeleted) {
    throw forbidden(`Cannot allow access for share '${share.id}' since it has been soft deleted.`);
  }
  requireActiveNetwork(call, share.networkId);
  if (!call.since(28) && share.accessRulesStatus === 'error') {
    throw badRequest(
      'Access rules cannot be added while the share or any of its replicas or migration copies has its access_rules_status set to error. Deny any rules in error state and try again.',
    );
  }
  const { access_type: type, access_to: to, access_level: level } = given;
  if (typeof type !== 'string' || to === undefined) throw serverError();
  const target = pythonText(to);
  validateAccess(call, type, target);
  if (level !== undefined && level !== null && level !== 'rw' && level !== 'ro') {
    throw badRequest(`Invalid access rule: Invalid share access level: ${pythonText(level)}.`);
  }
  const metadata = call.since(45) && isRecord(given['metadata']) ? given['metadata'] : {};
  checkMetadata(metadata, badRequest());
  const known = [...share.rules.values()].some((rule) => rule.type === type && sameTarget(type, rule.to, target));
  if (known) throw badRequest(`Share access ${type}:${target} exists.`);
  if (BUSY.includes(share.status) || share.host === '') {
    throw badRequest(
      'New access rules cannot be applied while the share or any of its replicas or migration copies lacks a valid host or is in an invalid state.',
    );
  }
  const rule: AccessRule = {
    id: uuid(),
    shareId: share.id,
    type,
    to: target,
    level: level === 'ro' ? 'ro' : 'rw',
    state: 'queued_to_apply',
    key: null,
    createdAt: call.state.time.manila(),
    updatedAt: null,
    metadata: storedMetadata(metadata),
  };
  share.rules.set(rule.id, rule);
  synchronise(call.state, share);
  return ok({ access: view(call, rule, true) });
}

function sameTarget(type: string, a: string, b: string): boolean {
  return type === 'ip' ? networkKey(a) === networkKey(b) : a.toLowerCase() === b.toLowerCase();
}

function deny(call: ManilaCall): LabResponse {
  const given = actionEntity(call, 'deny_access');
  if (!('access_id' in given)) throw serverError();
  const share = findShare(call, call.param('share_id'), GONE);
  if (share.softDeleted) {
    throw forbidden(`Cannot deny access for share '${share.id}' since it has been soft deleted.`);
  }
  requireActiveNetwork(call, share.networkId);
  const rule = share.rules.get(pythonText(given['access_id']));
  if (!rule) throw notFound('Resource could not be found.');
  if (BUSY.includes(share.status)) {
    throw badRequest(
      'Access rules cannot be denied while the share, any of its replicas or migration copies lacks a valid host or is in an invalid state.',
    );
  }
  rule.state = 'queued_to_deny';
  synchronise(call.state, share);
  return accepted;
}

/** Rules that a driver takes, by the share's protocol; any other makes the whole update fail. */
const DRIVER_TAKES: Record<string, string> = { NFS: 'ip', CIFS: 'user', CEPHFS: 'cephx' };

/** The back end brings its rules up to date: one update at a time, and whatever came meanwhile in the next. */
function synchronise(state: ManilaState, share: Share): void {
  if (share.accessRulesStatus === 'active') share.accessRulesStatus = 'syncing';
  state.later(1, () => {
    const rules = [...share.rules.values()];
    if (rules.some((rule) => rule.state === 'applying' || rule.state === 'denying')) return;
    update(state, share);
  });
}

function update(state: ManilaState, share: Share): void {
  if (!state.shares.has(share.id)) return;
  const queued = [...share.rules.values()].filter((rule) => rule.state.startsWith('queued_'));
  if (queued.length === 0) return;
  for (const rule of queued) rule.state = rule.state === 'queued_to_apply' ? 'applying' : 'denying';
  if (share.accessRulesStatus === 'active') share.accessRulesStatus = 'syncing';
  state.later(1, () => {
    const rules = [...share.rules.values()];
    const applied = rules.filter((rule) => rule.state === 'applying');
    const asked = share.proto === 'CEPHFS' ? applied : rules.filter((rule) => /^(applying|active)$/.test(rule.state));
    if (asked.some((rule) => rule.type !== DRIVER_TAKES[share.proto])) {
      for (const rule of rules) if (/^(applying|denying)$/.test(rule.state)) rule.state = 'error';
      share.accessRulesStatus = 'error';
      return;
    }
    for (const rule of rules) if (rule.state === 'denying') share.rules.delete(rule.id);
    for (const rule of applied) {
      rule.state = 'active';
      if (rule.type !== 'cephx') continue;
      rule.key = cephKey(share, rule);
      rule.updatedAt = state.time.manila();
    }
    const left = [...share.rules.values()];
    if (left.some((rule) => rule.state.startsWith('queued_'))) update(state, share);
    else share.accessRulesStatus = left.some((rule) => rule.state === 'error') ? 'error' : 'active';
  });
}

function cephKey(share: Share, rule: AccessRule): string {
  const digest = createHash('sha256').update(`${share.id}${rule.to}`).digest().subarray(0, 26);
  return Buffer.concat([Buffer.from([1, 0]), digest]).toString('base64');
}

/** By id, as the database gives them. */
function rulesOf(share: Share): AccessRule[] {
  return [...share.rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function listOfShare(call: ManilaCall): LabResponse {
  const share = findShare(call, call.param('share_id'), GONE);
  return ok({ access_list: rulesOf(share).map((rule) => view(call, rule, false)) });
}

function list(call: ManilaCall): LabResponse {
  const shareId = call.query.get('share_id');
  if (shareId === null) throw badRequest("The field 'share_id' has to be specified.");
  const text = call.query.get('metadata');
  const wanted = text === null ? {} : pythonDict(text);
  if (!wanted) throw serverError();
  const share = call.state.shares.get(shareId);
  if (!share || !(share.isPublic || call.context.isAdmin || share.projectId === call.projectId)) {
    throw badRequest(`Share ${shareId} not found.`);
  }
  const shown = rulesOf(share).filter((rule) =>
    Object.entries(wanted).every(([key, value]) => rule.metadata[key] === value),
  );
  return ok({ access_list: shown.map((rule) => view(call, rule, false)) });
}

function findRule(call: ManilaCall, sentence: string): AccessRule {
  const id = call.param('access_id');
  for (const share of call.state.shares.values()) {
    const rule = share.rules.get(id);
    if (rule && (call.context.isAdmin || share.projectId === call.projectId)) return rule;
  }
  throw notFound(sentence);
}

function show(call: ManilaCall): LabResponse {
  const rule = findRule(call, `Share access rule ${call.param('access_id')} not found.`);
  return ok({ access: view(call, rule, true) });
}

function putMetadata(call: ManilaCall): LabResponse {
  const given = call.entity('metadata');
  if (!given) throw badRequest();
  const rule = findRule(call, 'Resource could not be found.');
  checkRuleMetadata(given);
  rule.metadata = { ...rule.metadata, ...storedMetadata(given) };
  return ok({ metadata: given });
}

/** @throws 400 without saying which key or value it is about. */
function checkRuleMetadata(given: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(given)) {
    if (key === '' || !value) throw badRequest('Invalid metadata.');
    if (key.length > 255 || pythonText(value).length > 1023) throw badRequest('Invalid metadata size.');
  }
}

function removeMetadata(call: ManilaCall): LabResponse {
  const rule = findRule(call, 'Resource could not be found.');
  const gone = call.param('key');
  if (!(gone in rule.metadata)) throw notFound('Share access rule metadata does not exist.');
  rule.metadata = Object.fromEntries(Object.entries(rule.metadata).filter(([key]) => key !== gone));
  return { status: 200, contentType: 'application/json' };
}

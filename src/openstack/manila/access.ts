import type { AccessRule } from '../types.ts';
import type { ManilaApi } from './api.ts';

interface RawAccessRule {
  id: string;
  access_type: AccessRule['type'];
  access_to: string;
  access_level: AccessRule['level'];
  state: string;
  metadata?: Record<string, string>;
}

export interface NewAccessRule {
  type: AccessRule['type'];
  to: string;
  level: AccessRule['level'];
  /** Kept where the cloud has 2.45, left out elsewhere. */
  metadata?: Record<string, string>;
}

/** Access rules of a share. 2.45 made them a resource of their own and took the old action away. */
export async function listAccessRules(api: ManilaApi, shareId: string): Promise<AccessRule[]> {
  const { body } = api.supports('2.45')
    ? await api.call({ method: 'GET', path: '/share-access-rules', query: { share_id: shareId }, version: '2.45' })
    : await api.call({
        method: 'POST',
        path: actionPath(shareId),
        json: { access_list: null },
        version: '2.7',
        repeatable: true,
      });
  return (body as { access_list: RawAccessRule[] }).access_list.map(asRule);
}

/** Asks for a rule; it comes back `queued_to_apply`. Safe to repeat: Manila refuses a second one with 400. */
export async function allowAccess(api: ManilaApi, shareId: string, rule: NewAccessRule): Promise<AccessRule> {
  const withMetadata = rule.metadata !== undefined && api.supports('2.45');
  const { body } = await api.call({
    method: 'POST',
    path: actionPath(shareId),
    version: withMetadata ? '2.45' : '2.7',
    json: {
      allow_access: {
        access_type: rule.type,
        access_to: rule.to,
        access_level: rule.level,
        ...(withMetadata ? { metadata: rule.metadata } : {}),
      },
    },
  });
  return asRule((body as { access: RawAccessRule }).access);
}

/** Takes a rule away. Returns whether there was one; it is gone a little later. */
export async function denyAccess(api: ManilaApi, shareId: string, ruleId: string): Promise<boolean> {
  const answer = await api.optional({
    method: 'POST',
    path: actionPath(shareId),
    version: '2.7',
    json: { deny_access: { access_id: ruleId } },
    repeatable: true,
  });
  return answer !== undefined;
}

function actionPath(shareId: string): string {
  return `/shares/${encodeURIComponent(shareId)}/action`;
}

function asRule(raw: RawAccessRule): AccessRule {
  return {
    id: raw.id,
    type: raw.access_type,
    to: raw.access_to,
    level: raw.access_level,
    state: raw.state,
    metadata: raw.metadata ?? {},
  };
}

import type { LabResponse } from '../http-server.ts';
import { ok, page, sortedList, type ManilaCall, type ManilaRoute } from './call.ts';
import { badRequest, notFound } from './errors.ts';
import type { UserMessage } from './state.ts';

export const ACTION = { allocateHost: '001', create: '002', extend: '008' } as const;
export const DETAIL = { unknown: '001', noHost: '002', unexpectedNetwork: '003', noDefaultType: '024' } as const;

const ACTIONS: Record<string, string> = { '001': 'allocate host', '002': 'create', '008': 'extend' };
const filterSentence = (filter: string): string =>
  `No storage could be allocated for this share request, ${filter} filter didn't succeed.`;
const DETAILS: Record<string, string> = {
  '001': 'An unknown error occurred.',
  '002':
    'No storage could be allocated for this share request. Trying again with a different size or share type may succeed.',
  '003': 'Driver does not expect share-network to be provided with current configuration.',
  '007': filterSentence('AvailabilityZone'),
  '008': filterSentence('Capabilities'),
  '009': filterSentence('Capacity'),
  '024': 'No default share type has been made available. You must specify a share type for creating shares.',
};

export const messageRoutes: ManilaRoute[] = [
  { method: 'GET', path: '/messages', handler: list, since: 37 },
  { method: 'GET', path: '/messages/{message_id}', handler: show, since: 37 },
  { method: 'DELETE', path: '/messages/{message_id}', handler: remove, since: 37 },
];

function view(call: ManilaCall, message: UserMessage): Record<string, unknown> {
  return {
    id: message.id,
    project_id: message.projectId,
    action_id: message.actionId,
    detail_id: message.detailId,
    message_level: 'ERROR',
    created_at: message.createdAt,
    expires_at: message.expiresAt,
    request_id: message.requestId,
    links: call.links('messages', message.id),
    resource_type: message.resourceType,
    resource_id: message.resourceId,
    user_message: `${ACTIONS[message.actionId] ?? 'unknown action'}: ${DETAILS[message.detailId] ?? DETAILS['001'] ?? ''}`,
  };
}

const FILTERS: Record<string, (message: UserMessage) => string> = {
  request_id: (message) => message.requestId,
  resource_type: (message) => message.resourceType,
  resource_id: (message) => message.resourceId,
  action_id: (message) => message.actionId,
  detail_id: (message) => message.detailId,
  message_level: () => 'ERROR',
};

function list(call: ManilaCall): LabResponse {
  const { limit, offset } = page(call);
  const filters = call.filters();
  const since = call.since(52) ? time(filters, 'created_since') : undefined;
  const before = call.since(52) ? time(filters, 'created_before') : undefined;
  const fits = (message: UserMessage): boolean => {
    const at = Date.parse(`${message.createdAt}Z`);
    if ((since !== undefined && at < since) || (before !== undefined && at > before)) return false;
    return [...filters].every(([key, wanted]) => FILTERS[key] === undefined || FILTERS[key](message) === wanted);
  };
  const own = [...call.state.messages.values()].filter((message) => isOwn(call, message) && fits(message));
  const keys = {
    created_at: (message: UserMessage) => message.createdAt,
    id: (message: UserMessage) => message.id,
    ...FILTERS,
  };
  const all = sortedList(call, own, keys);
  const shown = all.slice(offset, limit === undefined ? undefined : offset + limit);
  const next = call.nextLink('messages', shown);
  return ok({
    messages: shown.map((message) => view(call, message)),
    ...(next.length > 0 && { messages_links: next }),
  });
}

function time(filters: Map<string, string>, key: string): number | undefined {
  const text = filters.get(key);
  if (text === undefined) return undefined;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`;
  const ms = Date.parse(zoned);
  if (Number.isNaN(ms)) throw badRequest(`Invalid value specified for the query key: ${key}`);
  return ms;
}

/** Administrators see every project's messages, without asking for it. */
function isOwn(call: ManilaCall, message: UserMessage): boolean {
  return call.context.isAdmin || message.projectId === call.projectId;
}

function find(call: ManilaCall): UserMessage {
  const id = call.param('message_id');
  const message = call.state.messages.get(id);
  if (!message || !isOwn(call, message)) throw notFound(`Message ${id} could not be found.`);
  return message;
}

function show(call: ManilaCall): LabResponse {
  return ok({ message: view(call, find(call)) });
}

function remove(call: ManilaCall): LabResponse {
  call.state.messages.delete(find(call).id);
  return { status: 204, contentType: 'text/html; charset=UTF-8' };
}

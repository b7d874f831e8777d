import type { LabRequest, LabResponse } from '../http-server.ts';
import { isRecord, notBoolean, strictBool } from '../python.ts';
import { badRequest, forbidden } from './errors.ts';
import type { ManilaState } from './state.ts';

/** Who asks. */
export interface ManilaContext {
  userId: string;
  /** Absent for tokens without a project. */
  projectId: string | undefined;
  roles: ReadonlySet<string>;
  isAdmin: boolean;
  requestId: string;
}

/** One request after its path, its token and its microversion were understood. */
export class ManilaCall {
  readonly request: LabRequest;
  readonly params: Record<string, string>;
  readonly state: ManilaState;
  readonly context: ManilaContext;
  /** The second number of the microversion: 73 for 2.73. */
  readonly version: number;
  /** Undefined where there is none, or none that is said to be JSON. */
  readonly body: unknown;
  /** Is the project's id in the path? Then it is in the links, too. */
  readonly projectInPath: boolean;

  constructor(from: {
    request: LabRequest;
    params: Record<string, string>;
    state: ManilaState;
    context: ManilaContext;
    version: number;
    body: unknown;
    projectInPath: boolean;
  }) {
    this.request = from.request;
    this.params = from.params;
    this.state = from.state;
    this.context = from.context;
    this.version = from.version;
    this.body = from.body;
    this.projectInPath = from.projectInPath;
  }

  param(name: string): string {
    return this.params[name] ?? '';
  }

  get query(): URLSearchParams {
    return this.request.query;
  }

  /** Does the request's microversion have what came with 2.`version`? */
  since(version: number): boolean {
    return this.version >= version;
  }

  /** The caller's project. Only administrators get here without one. */
  get projectId(): string {
    return this.context.projectId ?? '';
  }

  /** The object under `key` of the body, if there is one. */
  entity(key: string): Record<string, unknown> | undefined {
    const entity = isRecord(this.body) ? this.body[key] : undefined;
    return isRecord(entity) ? entity : undefined;
  }

  /** Query parameters; the last one counts where a name is repeated. */
  filters(): Map<string, string> {
    return new Map(this.query);
  }

  /** The two links of an object. */
  links(collection: string, id: string): { rel: string; href: string }[] {
    const { origin } = this.request;
    const project = this.projectInPath ? `${this.projectId}/` : '';
    return [
      { rel: 'self', href: `${origin}/v2/${project}${collection}/${id}` },
      { rel: 'bookmark', href: `${origin}/${project}${collection}/${id}` },
    ];
  }

  /**
   * The link to a next page: shown whenever a page is full, and misleading, because it says `marker`, which no list
   * here understands. Following it gives the same page for ever; `offset` is what pages.
   */
  nextLink(collection: string, items: readonly { id: string }[]): { rel: string; href: string }[] {
    const limit = Number(this.query.get('limit') ?? 0);
    const last = items.at(-1);
    if (!limit || items.length !== limit || !last) return [];
    const query = new Map(this.query).set('marker', last.id);
    const text = [...query].map(([key, value]) => `${key}=${value}`).join('&');
    const project = this.projectInPath ? `${this.projectId}/` : '';
    return [{ rel: 'next', href: `${this.request.origin}/v2/${project}${collection}?${text}` }];
  }
}

export type ManilaHandler = (call: ManilaCall) => LabResponse;

export interface ManilaRoute {
  method: string;
  /** Below `/v2`. */
  path: string;
  /** Key of the body, for the calls that share one path. */
  action?: string;
  /** Microversions that have the call, 2.`since` to 2.`until`. Others answer as if nothing were there. */
  since?: number;
  until?: number;
  /** Only for administrators. */
  admin?: boolean;
  /** Without a body the request is malformed. */
  needsBody?: boolean;
  /** What a token without a project gets: the sentence that refuses it, or the answer itself. */
  unscoped?: 'denied' | 'served';
  handler: ManilaHandler;
}

export const ok = (json: unknown): LabResponse => ({ status: 200, json });
/** Taken on; webob leaves its own content type on the empty answer. */
export const accepted: LabResponse = { status: 202, contentType: 'text/html; charset=UTF-8' };

/** @throws 403 in the words of `policy.check_policy`. */
export function requirePolicy(call: ManilaCall, rule: string): void {
  if (!call.context.isAdmin) throw forbidden(`Policy doesn't allow ${rule} to be performed.`);
}

/** `limit` and `offset` of a list. @throws 400 */
export function page(call: ManilaCall): { limit: number | undefined; offset: number } {
  const read = (name: string): number | undefined => {
    const text = call.query.get(name);
    if (text === null) return undefined;
    if (!/^\s*[+-]?\d+\s*$/.test(text)) throw badRequest(`${name} param must be an integer`);
    const value = Number(text);
    if (value < 0) throw badRequest(`${name} param must be positive`);
    return value;
  };
  const offset = read('offset') ?? 0;
  return { limit: read('limit'), offset };
}

type SortKeys<T> = Record<string, (item: T) => string | number | boolean | null>;

/** A copy of shares in the order of `sort_key` and `sort_dir`, then by id, as the database gives them. @throws 400 */
export function sortedShares<T extends { id: string }>(call: ManilaCall, items: readonly T[], keys: SortKeys<T>): T[] {
  const key = call.query.get('sort_key') ?? 'created_at';
  const direction = (call.query.get('sort_dir') ?? 'desc').toLowerCase();
  if (direction !== 'asc' && direction !== 'desc') {
    const sentence = `Wrong sorting data provided: sort key is '${key}' and sort direction is '${direction}'`;
    throw badRequest(`Invalid input received: ${sentence}.`);
  }
  const read = keys[key];
  if (!read) throw badRequest(`Invalid input received: Wrong sorting key provided - '${key}'.`);
  return inOrder(items, read, direction);
}

/** As above for other lists, in which every direction but `desc` is upwards. @throws 400 */
export function sortedList<T extends { id: string }>(call: ManilaCall, items: readonly T[], keys: SortKeys<T>): T[] {
  const key = call.query.get('sort_key') ?? 'created_at';
  const read = keys[key];
  if (!read) throw badRequest(`Invalid input received: Invalid sort key ${key}.`);
  return inOrder(items, read, (call.query.get('sort_dir') ?? 'desc') === 'desc' ? 'desc' : 'asc');
}

function inOrder<T extends { id: string }>(
  items: readonly T[],
  read: SortKeys<T>[string],
  direction: 'asc' | 'desc',
): T[] {
  const sign = direction === 'asc' ? 1 : -1;
  const compare = (a: string | number | boolean | null, b: string | number | boolean | null): number => {
    if (a === b) return 0;
    if (a === null) return -1;
    if (b === null) return 1;
    return a < b ? -1 : 1;
  };
  return [...items].sort((a, b) => sign * (compare(read(a), read(b)) || compare(a.id, b.id)));
}

/** Does the request ask for every project, and may it? An empty value means yes. */
export function allTenants(call: ManilaCall): boolean {
  const value = call.query.get('all_tenants');
  if (value === null || !call.context.isAdmin) return false;
  const all = value === '' ? true : strictBool(value);
  if (all === undefined) throw badRequest(notBoolean(value));
  return all;
}

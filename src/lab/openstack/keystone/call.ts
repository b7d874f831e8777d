import type { LabRequest, LabResponse } from '../http-server.ts';
import { isRecord } from '../python.ts';
import { expecting, forbidden, unauthorized } from './errors.ts';
import type { KeystoneState, Token } from './state.ts';
import type { Tokens } from './tokens.ts';

/** Who asks, as Keystone's policies see it. */
export interface Caller {
  token: Token;
  userId: string;
  projectId: string | undefined;
  roles: ReadonlySet<string>;
  systemScoped: boolean;
}

/** One request to Keystone after its path was understood. */
export class KeystoneCall {
  readonly request: LabRequest;
  readonly params: Record<string, string>;
  readonly state: KeystoneState;
  readonly tokens: Tokens;
  readonly #caller: Caller | undefined;

  constructor(
    request: LabRequest,
    params: Record<string, string>,
    state: KeystoneState,
    tokens: Tokens,
    caller: Caller | undefined,
  ) {
    this.request = request;
    this.params = params;
    this.state = state;
    this.tokens = tokens;
    this.#caller = caller;
  }

  /** @throws 401 without a valid token. */
  get caller(): Caller {
    if (!this.#caller) throw unauthorized();
    return this.#caller;
  }

  requireToken(): void {
    if (!this.#caller) throw unauthorized();
  }

  param(name: string): string {
    return this.params[name] ?? '';
  }

  get query(): URLSearchParams {
    return this.request.query;
  }

  /** Address below `/v3`, as it appears in links. */
  url(path: string): string {
    return `${this.request.origin}/v3${path}`;
  }

  /** @throws 400 where the body is no JSON object, or is not said to be one. */
  body(): Record<string, unknown> {
    if (!/^application\/json\b/i.test(this.request.headers['content-type'] ?? '')) {
      throw expecting('application/json', 'Content-Type header');
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(this.request.body.toString('utf8'));
    } catch {
      parsed = undefined;
    }
    if (!isRecord(parsed)) throw expecting('valid JSON', 'request body');
    return parsed;
  }

  /** The object under `key` of the body, empty where there is none, as Keystone takes it. */
  entity(key: string): Record<string, unknown> {
    const entity = this.body()[key];
    return isRecord(entity) ? entity : {};
  }

  get isAdmin(): boolean {
    return this.caller.roles.has('admin');
  }

  /** @throws 403 unless the caller has the role admin somewhere. */
  requireAdmin(action: string): void {
    if (!this.isAdmin) throw forbidden(`identity:${action}`);
  }

  /** As above; a reader of the whole system may look, too. */
  requireReader(action: string, allowed = false): void {
    const { systemScoped, roles } = this.caller;
    if (!allowed && !this.isAdmin && !(systemScoped && roles.has('reader'))) throw forbidden(`identity:${action}`);
  }
}

export type KeystoneHandler = (call: KeystoneCall) => LabResponse;

export interface KeystoneRoute {
  method: string;
  /** Below `/v3`. */
  path: string;
  handler: KeystoneHandler;
  /** Needs no token. */
  open?: boolean;
}

/** One object, with its own address in `links.self`. */
export function withLinks(call: KeystoneCall, path: string, view: Record<string, unknown>): Record<string, unknown> {
  return { ...view, links: { self: call.url(path) } };
}

/** A list, with the address it was asked for; Keystone never has a next page. */
export function listOf(call: KeystoneCall, key: string, items: readonly unknown[]): LabResponse {
  const self = `${call.request.origin}${call.request.url}`;
  return { status: 200, json: { [key]: items, links: { next: null, self, previous: null } } };
}

const COMPARATORS: Record<string, (have: string, want: string) => boolean> = {
  contains: (have, want) => have.includes(want),
  startswith: (have, want) => have.startsWith(want),
  endswith: (have, want) => have.endsWith(want),
};

/**
 * Keeps what fits the query: `name=x`, `enabled=true`, `name__contains=x`, `name__istartswith=x`. Capital letters
 * never count, and names that are no attribute are ignored.
 */
export function filtered<T>(
  query: URLSearchParams,
  items: Iterable<T>,
  attributes: Record<string, (item: T) => string | boolean | null>,
): T[] {
  return [...items].filter((item) =>
    [...query].every(([key, wanted]) => {
      const [attribute = '', comparator] = key.split('__');
      const read = attributes[attribute];
      if (!read) return true;
      const value = read(item);
      if (typeof value === 'boolean') return value === !/^(false|0|no|off)$/i.test(wanted);
      const have = (value ?? '').toLowerCase();
      const want = wanted.toLowerCase();
      if (comparator === undefined) return have === want;
      return COMPARATORS[comparator.replace(/^i(?=contains|startswith|endswith)/, '')]?.(have, want) ?? true;
    }),
  );
}

export const byId = <T extends { id: string }>(a: T, b: T): number => (a.id < b.id ? -1 : 1);

export const noContent: LabResponse = { status: 204 };

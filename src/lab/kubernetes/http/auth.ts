import { TLSSocket } from 'node:tls';
import type { IncomingMessage } from 'node:http';
import { ApiError } from '../status.ts';
import type { User } from './request.ts';

export const UNAUTHORIZED = new ApiError(401, 'Unauthorized', 'Unauthorized');

/** Bearer tokens that the API server knows. */
export class Tokens {
  readonly #users = new Map<string, { user: User; expiresAt: number }>();

  /** @param lifeMs milliseconds; a token without an end unless told. */
  add(token: string, user: User, lifeMs = Infinity): void {
    this.#users.set(token, { user, expiresAt: Date.now() + lifeMs });
  }

  revoke(token: string): void {
    this.#users.delete(token);
  }

  userOf(token: string): User | undefined {
    const found = this.#users.get(token);
    return found && found.expiresAt > Date.now() ? found.user : undefined;
  }
}

/**
 * Who asks: the subject of the client certificate, or the token's user, or nobody in particular.
 * @throws ApiError 401 where a token is given and not known.
 */
export function authenticate(request: IncomingMessage, tokens: Tokens): User {
  const { socket } = request;
  // A session that is taken up again counts as authorized also where no certificate was ever shown.
  const subject = (socket as Partial<TLSSocket>).getPeerCertificate?.().subject as
    { CN?: string; O?: string } | undefined;
  if (socket instanceof TLSSocket && socket.authorized && subject) {
    const { CN, O } = subject;
    return withGroup({ name: [CN].flat()[0] ?? '', groups: [O ?? []].flat() }, 'system:authenticated');
  }
  const [, token] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token !== undefined) {
    const user = tokens.userOf(token.trim());
    if (!user) throw UNAUTHORIZED;
    return withGroup(user, 'system:authenticated');
  }
  return { name: 'system:anonymous', groups: ['system:unauthenticated'] };
}

/** The user that the caller wants to be taken for (`kubectl --as`). */
export function impersonated(request: IncomingMessage, user: User): User {
  const name = request.headers['impersonate-user'];
  if (typeof name !== 'string') return user;
  const groups = request.headers['impersonate-group'];
  const named = typeof groups === 'string' ? groups.split(', ') : [];
  return withGroup({ name, groups: [...named, ...serviceAccountGroups(name)] }, 'system:authenticated');
}

/** `system:serviceaccount:NAMESPACE:NAME` belongs to the groups of its namespace. */
export function serviceAccountGroups(name: string): string[] {
  const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(name) ?? [];
  return namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

function withGroup(user: User, group: string): User {
  return user.groups.includes(group) ? user : { ...user, groups: [...user.groups, group] };
}

import { randomBytes, randomUUID } from 'node:crypto';

/** Keystone's form of an id: 32 hexadecimal digits. */
export function hexId(): string {
  return randomUUID().replaceAll('-', '');
}

/** Manila's form of an id. */
export function uuid(): string {
  return randomUUID();
}

/** The value of `x-openstack-request-id` and `x-compute-request-id`. */
export function requestId(): string {
  return `req-${randomUUID()}`;
}

/** As long as Fernet tokens are: about 130 characters unscoped, 183 with a project, and more where `extra` is set. */
export function tokenId(length: number): string {
  return `gAAAAA${randomBytes(Math.ceil(length)).toString('base64url')}`.slice(0, length);
}

/** Is this what oslo.utils takes for a UUID? Hyphens do not count. */
export function isUuidLike(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{32}$/i.test(text.replaceAll('-', '').replace(/^\{|\}$/g, ''));
}

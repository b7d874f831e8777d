import { isIP } from 'node:net';
import type { ManilaCall } from './call.ts';
import { badRequest } from './errors.ts';

/** @throws 400 where a rule's target is not one of its type, in the words of Manila and of Python's ipaddress. */
export function validateAccess(call: ManilaCall, type: string, to: string): void {
  if (type === 'ip') validateNetwork(to, call.since(38));
  else if (type === 'user') validateUser(to);
  else if (type === 'cert') validateCommonName(to.trim());
  else if (type === 'cephx' && call.since(13)) validateCephId(to);
  else {
    throw badRequest(
      call.since(13)
        ? "Only 'ip', 'user', 'cert' or 'cephx' access types are supported."
        : "Only 'ip', 'user' or 'cert' access types are supported.",
    );
  }
}

function validateNetwork(to: string, ipv6: boolean): void {
  const [address = '', prefix, ...rest] = to.split('/');
  const family = isIP(address);
  const bits = family === 6 ? 128 : 32;
  const length = prefix === undefined ? bits : /^\d+$/.test(prefix) ? Number(prefix) : NaN;
  if (family === 0 || rest.length > 0 || !(length <= bits) || (family === 6 && !ipv6)) {
    if (ipv6) throw badRequest(`'${to}' does not appear to be an IPv4 or IPv6 network`);
    throw badRequest(`Expected 4 octets in '${address}'`);
  }
  const value = numberOf(address, family);
  const hostBits = BigInt(bits - length);
  if ((value >> hostBits) << hostBits !== value) throw badRequest(`${to} has host bits set`);
}

/** Two spellings of one network have the same key: a bare address is a network of one. */
export function networkKey(to: string): string {
  const [address = '', prefix] = to.split('/');
  const family = isIP(address);
  if (family === 0) return to;
  return `${family}:${numberOf(address, family)}/${prefix ?? (family === 6 ? 128 : 32)}`;
}

function numberOf(address: string, family: number): bigint {
  if (family === 4) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  const v4 = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex = (high: string | undefined, low: string | undefined): string =>
    ((Number(high) << 8) | Number(low)).toString(16);
  const text = v4 ? `${v4[1] ?? ''}${hex(v4[2], v4[3])}:${hex(v4[4], v4[5])}` : address;
  const [head = '', tail] = text.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function validateUser(name: string): void {
  if (/^[\s|.]+$/.test(name)) {
    throw badRequest('Invalid user or group name,cannot consist solely of periods or spaces.');
  }
  if (!/^.[^"/\\[\]:;|=,+*?<>]{3,254}$/.test(name)) {
    throw badRequest(
      'Invalid user or group name. Must be 4-255 characters and consist of alphanumeric characters and exclude special characters "/\\[]:;|=,+*?<>',
    );
  }
}

function validateCommonName(name: string): void {
  if (name.length < 1 || name.length > 64) {
    throw badRequest('Invalid CN (common name). Must be 1-64 chars long.');
  }
}

function validateCephId(id: string): void {
  if (id === '') throw badRequest('Ceph IDs may not be empty.');
  if (!/^[\x20-\x7e\t-\r]*$/.test(id)) throw badRequest('Ceph IDs must consist of ASCII printable characters.');
  if (id.includes('.')) throw badRequest('Ceph IDs may not contain periods.');
}

import type { KeystoneCall } from './call.ts';
import { invalidField, KeystoneError, missingField } from './errors.ts';

/** @throws 400 in the words of Keystone's request schemas. */
export function requiredName(given: Record<string, unknown>): string {
  if (!('name' in given)) throw missingField('name');
  const name = given['name'];
  if (typeof name !== 'string') throw invalidField('name', `${JSON.stringify(name)} is not of type 'string'`);
  if (name === '') throw invalidField('name', "'' is too short");
  if (name.length > 255) throw invalidField('name', `'${name}' is too long`);
  if (name.trim() === '') throw invalidField('name', `'${name}' does not match '[\\\\S]+'`);
  return name;
}

export function booleanOf(given: Record<string, unknown>, field: string): boolean | undefined {
  const value = given[field];
  if (value === undefined || typeof value === 'boolean') return value;
  throw invalidField(field, `${JSON.stringify(value).replaceAll('"', "'")} is not of type 'boolean'`);
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What a PATCH wants changed. @throws 400 where that is nothing */
export function changedEntity(call: KeystoneCall, key: string): Record<string, unknown> {
  const given = call.entity(key);
  if (Object.keys(given).length === 0) throw new KeystoneError(400, '{} does not have enough properties');
  return given;
}

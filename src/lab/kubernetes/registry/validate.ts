import { type Json, type JsonObject, isObject, without } from '../json.ts';
import { type KubeObject, asJson } from '../objects.ts';
import { type SchemaNode, type Schemas, OBJECT_META } from '../schema/node.ts';
import { type FieldError, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { equal } from '../json.ts';
import type { NameRule } from './strategy.ts';

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const LABEL1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const LABEL_VALUE = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';
const LABEL_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const matches = (pattern: string, text: string): boolean => new RegExp(`^${pattern}$`).test(text);

/** What is wrong with a name, in the words of apimachinery's pkg/util/validation. */
export function nameFault(rule: NameRule, name: string): string | undefined {
  switch (rule) {
    case 'subdomain':
      if (name.length > 253) return 'must be no more than 253 bytes';
      return matches(SUBDOMAIN, name)
        ? undefined
        : `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`;
    case 'label':
      if (name.length > 63) return 'must be no more than 63 bytes';
      return matches(LABEL, name)
        ? undefined
        : `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`;
    case 'label1035':
      if (name.length > 63) return 'must be no more than 63 bytes';
      return matches(LABEL1035, name)
        ? undefined
        : `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${LABEL1035}')`;
    case 'path':
      if (name === '.' || name === '..') return `may not be '${name}'`;
      if (name.includes('/')) return "may not contain '/'";
      return name.includes('%') ? "may not contain '%'" : undefined;
  }
}

/** Name, labels, annotations and finalizers of any object. */
export function validateMeta(object: KubeObject, rule: NameRule): FieldError[] {
  const { name, labels = {}, annotations = {} } = object.metadata;
  const errors: FieldError[] = [];
  if (!name) errors.push(required('metadata.name', 'name or generateName is required'));
  else {
    const fault = nameFault(rule, name);
    if (fault) errors.push(invalidValue('metadata.name', name, fault));
  }
  for (const [key, value] of Object.entries(labels)) {
    const fault = qualifiedNameFault(key);
    if (fault) errors.push(invalidValue('metadata.labels', key, fault));
    const valueFault = labelValueFault(value);
    if (valueFault) errors.push(invalidValue('metadata.labels', value, valueFault));
  }
  for (const key of Object.keys(annotations)) {
    const fault = qualifiedNameFault(key.toLowerCase());
    if (fault) errors.push(invalidValue('metadata.annotations', key, fault));
  }
  for (const finalizer of object.metadata.finalizers ?? []) {
    const fault = qualifiedNameFault(finalizer);
    if (fault) errors.push(invalidValue('metadata.finalizers', finalizer, fault));
  }
  return errors;
}

function labelValueFault(value: string): string | undefined {
  if (value.length > 63) return 'must be no more than 63 bytes';
  if (matches(LABEL_VALUE, value)) return undefined;
  return `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${LABEL_VALUE}')`;
}

function qualifiedNameFault(key: string): string | undefined {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  const rule = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${LABEL_NAME}')`;
  if (parts.length > 2)
    return `a valid label key ${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix === '') return 'prefix part must be non-empty';
  if (prefix !== undefined) {
    const fault = nameFault('subdomain', prefix);
    if (fault) return `prefix part ${fault}`;
  }
  if (name === '') return 'name part must be non-empty';
  if (name.length > 63) return 'name part must be no more than 63 bytes';
  return matches(LABEL_NAME, name) ? undefined : `name part ${rule}`;
}

/** What may not change in the metadata of an object that exists. */
export function validateMetaUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const fields = [
    'name',
    'namespace',
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ] as const;
  if (old.metadata.deletionTimestamp !== undefined) {
    const added = (object.metadata.finalizers ?? []).filter((one) => !old.metadata.finalizers?.includes(one));
    if (added.length > 0) {
      const list = `[]string{${added.map((one) => JSON.stringify(one)).join(', ')}}`;
      errors.push(
        forbiddenField(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
        ),
      );
    }
  }
  for (const field of fields) {
    if (!equal(object.metadata[field], old.metadata[field])) {
      errors.push(invalidValue(`metadata.${field}`, object.metadata[field], 'field is immutable'));
    }
  }
  return errors;
}

/** Required fields that are missing and values that are not among those the schema lists; not in the status. */
export function validateSchema(schemas: Schemas, root: SchemaNode, object: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  walk(schemas, root, without(asJson(object), 'status'), '', errors);
  return errors;
}

function walk(schemas: Schemas, outer: SchemaNode, value: Json, path: string, errors: FieldError[]): void {
  const { node, name } = schemas.resolve(outer);
  if (name === OBJECT_META && path === 'metadata') return;
  if (isObject(value) && node.properties) {
    walkStruct(schemas, node, value, path, errors);
  } else if (isObject(value) && isObject(node.additionalProperties)) {
    for (const [key, member] of Object.entries(value)) {
      if (member !== undefined) walk(schemas, node.additionalProperties, member, `${path}[${key}]`, errors);
    }
  } else if (Array.isArray(value) && node.items) {
    for (const [index, item] of value.entries()) walk(schemas, node.items, item, `${path}[${index}]`, errors);
  } else if (outer.enum && typeof value === 'string' && !outer.enum.includes(value) && value !== '') {
    errors.push(
      unsupported(
        path,
        value,
        outer.enum
          .filter((one) => one !== '')
          .map(String)
          .sort(),
      ),
    );
  }
}

function walkStruct(schemas: Schemas, node: SchemaNode, value: JsonObject, path: string, errors: FieldError[]): void {
  for (const field of node.required ?? []) {
    const member = value[field];
    // Numbers and booleans have a zero value that may be meant; structs are told by what is missing in them.
    if (member !== undefined && member !== null && member !== '') continue;
    if (node.properties?.[field]?.type === 'array' && member === null) continue;
    errors.push(required(join(path, field)));
  }
  for (const [key, member] of Object.entries(value)) {
    const property = node.properties?.[key];
    if (property && member !== undefined && member !== null) walk(schemas, property, member, join(path, key), errors);
  }
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

import { type Json, type JsonObject, clone, isObject, without } from '../json.ts';
import { OBJECT_META, type SchemaNode, type Schemas, refTo } from '../schema/node.ts';
import { decode } from '../schema/decode.ts';
import { type FieldError, invalidValue, required, unsupported } from '../status.ts';

/** One served version of a CustomResourceDefinition. */
export interface CustomVersion {
  /** The `openAPIV3Schema` with the fields that every object has. */
  schema: SchemaNode;
  hasStatus: boolean;
  columns: PrinterColumn[];
}

export interface PrinterColumn {
  name: string;
  type: string;
  jsonPath: string;
  priority?: number;
  format?: string;
}

/** What every custom object has, whatever its schema says. */
export function withObjectFields(schema: SchemaNode): SchemaNode {
  return {
    ...schema,
    type: 'object',
    properties: {
      ...schema.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: refTo(OBJECT_META),
    },
  };
}

/** Drops the fields that the schema does not have, sets its defaults, and reads the metadata as for built-in kinds. */
export function decodeCustom(schemas: Schemas, version: CustomVersion, input: JsonObject) {
  const unknown: string[] = [];
  const { metadata, ...rest } = input;
  const meta = decode(schemas, OBJECT_META, isObject(metadata) ? metadata : {});
  unknown.push(...meta.unknown.map((path) => `metadata.${path}`));
  const body = prune(version.schema, clone(rest), '', unknown) as JsonObject;
  applyDefaults(version.schema, body);
  return { object: { ...body, metadata: meta.object } as JsonObject, unknown };
}

function prune(node: SchemaNode, value: Json, path: string, unknown: string[]): Json {
  if (Array.isArray(value)) {
    const items = node.items;
    return items ? value.map((item, index) => prune(items, item, `${path}[${index}]`, unknown)) : value;
  }
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    const below = path === '' ? key : `${path}.${key}`;
    const property = node.properties?.[key];
    const inner = property ?? (isObject(node.additionalProperties) ? node.additionalProperties : undefined);
    if (member === undefined) continue;
    if (inner) {
      if (member === null && inner.nullable !== true) continue;
      out[key] = prune(inner, member, below, unknown);
    } else if (node['x-kubernetes-preserve-unknown-fields'] || node.additionalProperties === true) {
      out[key] = member;
    } else {
      unknown.push(below);
    }
  }
  return out;
}

function applyDefaults(node: SchemaNode, value: Json): void {
  if (Array.isArray(value)) {
    if (node.items) for (const item of value) applyDefaults(node.items, item);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, property] of Object.entries(node.properties ?? {})) {
    if (value[key] === undefined && property.default !== undefined) value[key] = clone(property.default);
    const member = value[key];
    if (member !== undefined) applyDefaults(property, member);
  }
}

/** What the schema of a custom object says against it (apiextensions' structural schemas; no CEL). */
export function validateCustom(version: CustomVersion, object: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  check(version.schema, without(object, 'metadata'), '', errors);
  return errors;
}

function check(node: SchemaNode, value: Json, path: string, errors: FieldError[]): void {
  const shown = path === '' ? '<nil>' : path;
  if (value === null && node.nullable) return;
  const fault = typeFault(node, value);
  if (fault) {
    const text = invalidValue(
      shown,
      typeName(value),
      `${shown} in body must be of type ${fault}: ${JSON.stringify(typeName(value))}`,
    );
    errors.push({ ...text, reason: 'FieldValueTypeInvalid' });
    return;
  }
  if (node.enum && !node.enum.includes(value)) errors.push(unsupported(shown, value, node.enum.map(String)));
  if (typeof value === 'string') checkString(node, value, shown, errors);
  if (typeof value === 'number') checkNumber(node, value, shown, errors);
  if (Array.isArray(value) && node.items) {
    for (const [index, item] of value.entries()) check(node.items, item, `${path}[${index}]`, errors);
  }
  if (isObject(value)) checkObject(node, value, path, errors);
  if (node.oneOf && node.oneOf.filter((one) => fits(one, value)).length !== 1) {
    const [few, many] = [node.oneOf.some((one) => fits(one, value)), 'Found more than one match'];
    const why = few ? many : 'Found none valid';
    errors.push(
      invalidValue(shown, '', `${JSON.stringify(shown)} must validate one and only one schema (oneOf). ${why}`),
    );
  }
}

function fits(node: SchemaNode, value: Json): boolean {
  const errors: FieldError[] = [];
  check(node, value, 'x', errors);
  return errors.length === 0;
}

function checkObject(node: SchemaNode, value: JsonObject, path: string, errors: FieldError[]): void {
  for (const field of node.required ?? []) {
    if (value[field] === undefined) errors.push(required(path === '' ? field : `${path}.${field}`));
  }
  for (const [key, member] of Object.entries(value)) {
    const inner =
      node.properties?.[key] ?? (isObject(node.additionalProperties) ? node.additionalProperties : undefined);
    if (inner && member !== undefined) check(inner, member, path === '' ? key : `${path}.${key}`, errors);
  }
}

function checkString(node: SchemaNode, value: string, path: string, errors: FieldError[]): void {
  if (node.pattern !== undefined && !new RegExp(node.pattern).test(value)) {
    errors.push(invalidValue(path, value, `${path} in body should match '${node.pattern}'`));
  }
  if (node.maxLength !== undefined && value.length > node.maxLength) {
    errors.push({
      reason: 'FieldValueTooLong',
      message: `Too long: may not be more than ${node.maxLength} bytes`,
      field: path,
    });
  }
  if (node.minLength !== undefined && value.length < node.minLength) {
    errors.push(invalidValue(path, value, `${path} in body should be at least ${node.minLength} chars long`));
  }
}

function checkNumber(node: SchemaNode, value: number, path: string, errors: FieldError[]): void {
  if (node.minimum !== undefined && value < node.minimum) {
    errors.push(invalidValue(path, value, `${path} in body should be greater than or equal to ${node.minimum}`));
  }
  if (node.maximum !== undefined && value > node.maximum) {
    errors.push(invalidValue(path, value, `${path} in body should be less than or equal to ${node.maximum}`));
  }
}

/** The type that was wanted, where the value has another one. */
function typeFault(node: SchemaNode, value: Json): string | undefined {
  if (node['x-kubernetes-int-or-string'])
    return typeof value === 'string' || typeof value === 'number' ? undefined : 'integer,string';
  switch (node.type) {
    case 'object':
      return isObject(value) ? undefined : 'object';
    case 'array':
      return Array.isArray(value) ? undefined : 'array';
    case 'string':
      return typeof value === 'string' ? undefined : 'string';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'boolean';
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) ? undefined : 'integer';
    case 'number':
      return typeof value === 'number' ? undefined : 'number';
    default:
      return undefined;
  }
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value;
}

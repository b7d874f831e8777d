import { type Json, type JsonObject, clone, isObject } from '../json.ts';
import { canonicalQuantity, isQuantity } from './quantity.ts';
import {
  INT_OR_STRING,
  QUANTITY,
  RAW_EXTENSION,
  type SchemaNode,
  type Schemas,
  TIME,
  type Zeros,
  goName,
  isFreeForm,
} from './node.ts';

export interface Decoded {
  object: JsonObject;
  /** Paths of fields that the kind does not have; they are not in `object`. */
  unknown: string[];
}

/** A value of the wrong type, in the words of Go's JSON decoder. */
export class DecodeError extends Error {}

/**
 * Reads an object of a built-in kind as the API server's decoder does: unknown fields are dropped and told, nulls are
 * fields that are not set, structs are always there, and empty values come out as Go writes them again.
 * @throws DecodeError where a value has the wrong type.
 */
export function decode(schemas: Schemas, rootName: string, input: JsonObject): Decoded {
  const decoder = new Decoder(schemas);
  const object = decoder.struct({ node: schemas.named(rootName), name: rootName }, input, '', goName(rootName));
  return { object, unknown: decoder.unknown };
}

interface Typed {
  node: SchemaNode;
  name: string | undefined;
}

class Decoder {
  readonly unknown: string[] = [];
  readonly #schemas: Schemas;

  constructor(schemas: Schemas) {
    this.#schemas = schemas;
  }

  struct(type: Typed, input: JsonObject, path: string, go: string): JsonObject {
    const out: JsonObject = {};
    const properties = type.node.properties ?? {};
    const zeros = this.#schemas.zerosOf(type.name);
    for (const [key, value] of Object.entries(input)) {
      const property = properties[key];
      if (!property) {
        this.unknown.push(join(path, key));
        continue;
      }
      if (value === null || value === undefined) continue;
      const decoded = this.#field(property, value, join(path, key), `${goName(type.name) || go}.${goPath(path, key)}`);
      if (isLeftOut(decoded, property, zeros.omit?.includes(key) === true)) continue;
      out[key] = decoded;
    }
    for (const [key, property] of Object.entries(properties)) {
      if (out[key] === undefined) this.#fill(out, key, property, zeros, type);
    }
    return out;
  }

  /** What Go writes for a field that is not set: structs and required scalars. */
  #fill(out: JsonObject, key: string, property: SchemaNode, zeros: Zeros, type: Typed): void {
    if (zeros.write?.includes(key)) {
      out[key] = zeroOf(resolvedType(this.#schemas, property));
      return;
    }
    if (zeros.null?.includes(key)) {
      out[key] = null;
      return;
    }
    const zero = property.default;
    if (zero === undefined) return;
    if (isObject(zero)) {
      const resolved = this.#schemas.resolve(property);
      if (resolved.node.properties) out[key] = this.struct(resolved, {}, '', '');
    } else if (type.node.required?.includes(key)) {
      out[key] = zeroOf(resolvedType(this.#schemas, property));
    }
  }

  #field(property: SchemaNode, value: Json, path: string, go: string): Json {
    const type = this.#schemas.resolve(property);
    const { node } = type;
    if (type.name === QUANTITY) return quantity(value, go);
    if (type.name === INT_OR_STRING || node.format === 'int-or-string') return intOrString(value, go);
    if (type.name === RAW_EXTENSION || (isFreeForm(node) && !node.properties)) return clone(value);
    if (node.type === 'object') return this.#object(type, value, path, go);
    if (node.type === 'array') return this.#array(node, value, path, go);
    return scalar(node, type.name, value, go);
  }

  #object(type: Typed, value: Json, path: string, go: string): Json {
    if (!isObject(value)) throw wrongType(value, go, goType(type));
    if (type.node.properties) return this.struct(type, value, path, go.split('.')[0] ?? '');
    const element = type.node.additionalProperties;
    if (!isObject(element)) return clone(value);
    const out: JsonObject = {};
    for (const [key, member] of Object.entries(value)) {
      // A null in a map is the element's zero value.
      const given = member ?? zeroOf(resolvedType(this.#schemas, element));
      out[key] = this.#field(element, given, join(path, key), go);
    }
    return out;
  }

  #array(node: SchemaNode, value: Json, path: string, go: string): Json {
    const items = node.items;
    if (!Array.isArray(value)) {
      throw wrongType(value, go, items ? `[]${goType(this.#schemas.resolve(items))}` : '[]interface {}');
    }
    if (!items) return clone(value);
    return value.map((item, index) => {
      const given = item ?? zeroOf(resolvedType(this.#schemas, items));
      return this.#field(items, given, `${path}[${index}]`, go);
    });
  }
}

function resolvedType(schemas: Schemas, node: SchemaNode): string | undefined {
  return schemas.resolve(node).node.type;
}

function zeroOf(type: string | undefined): Json {
  if (type === 'integer' || type === 'number') return 0;
  if (type === 'boolean') return false;
  if (type === 'object') return {};
  return '';
}

/** `omitempty`: empty lists, maps and (where Go has no pointer) scalars are not written. */
function isLeftOut(value: Json, property: SchemaNode, zeroIsOmitted: boolean): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return property.additionalProperties !== undefined && Object.keys(value).length === 0;
  return zeroIsOmitted && (value === '' || value === 0 || value === false);
}

function scalar(node: SchemaNode, name: string | undefined, value: Json, go: string): Json {
  switch (node.type) {
    case 'string':
      if (typeof value !== 'string') throw wrongType(value, go, name === TIME ? 'string' : 'string');
      if (node.format === 'byte') return base64(value);
      if (node.format === 'date-time') return time(value);
      return value;
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(value, go, node.format ?? 'int64');
      return value;
    case 'number':
      if (typeof value !== 'number') throw wrongType(value, go, 'float64');
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(value, go, 'bool');
      return value;
    default:
      return clone(value);
  }
}

function quantity(value: Json, go: string): Json {
  if (typeof value === 'number') return canonicalQuantity(String(value));
  if (typeof value !== 'string') throw wrongType(value, go, 'resource.Quantity');
  if (!isQuantity(value)) {
    throw new DecodeError(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  return canonicalQuantity(value);
}

function intOrString(value: Json, go: string): Json {
  if (typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value))) return value;
  throw wrongType(value, go, 'int32');
}

function base64(text: string): string {
  const clean = text.replaceAll(/[\r\n]/g, '');
  const bad = clean.search(/[^A-Za-z0-9+/=]/);
  if (bad >= 0) throw new DecodeError(`illegal base64 data at input byte ${bad}`);
  if (clean.length % 4 !== 0)
    throw new DecodeError(`illegal base64 data at input byte ${clean.length - (clean.length % 4)}`);
  return clean;
}

function time(text: string): string {
  if (Number.isNaN(Date.parse(text)) || !text.includes('T')) {
    throw new DecodeError(
      `parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(text)} as "2006"`,
    );
  }
  return text;
}

function wrongType(value: Json, go: string, wanted: string): DecodeError {
  return new DecodeError(`json: cannot unmarshal ${jsonKind(value)} into Go struct field ${go} of type ${wanted}`);
}

function jsonKind(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : `number ${value}`;
  return typeof value;
}

function goType({ node, name }: Typed): string {
  if (name !== undefined) return `${name.split('.').at(-2) ?? ''}.${goName(name)}`;
  if (isObject(node.additionalProperties)) return 'map[string]string';
  if (node.type === 'integer') return node.format ?? 'int64';
  return node.type === 'boolean' ? 'bool' : (node.type ?? 'interface {}');
}

/** Go names the path within the document without indexes: `spec.template.spec.containers.image`. */
function goPath(path: string, key: string): string {
  return join(path.replaceAll(/\[\d+\]/g, ''), key);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

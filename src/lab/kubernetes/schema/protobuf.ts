import { type Json, type JsonObject, isObject } from '../json.ts';
import { INT_OR_STRING, QUANTITY, RAW_EXTENSION, type SchemaNode, type Schemas } from './node.ts';

/**
 * Reads objects in Kubernetes' protobuf encoding (https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding),
 * which kubectl sends for kinds that it knows. Field numbers are in schemas.json.
 */
export function decodeProtobuf(schemas: Schemas, body: Buffer): JsonObject {
  if (body.toString('latin1', 0, 4) !== 'k8s\0') throw new Error('the body does not begin as protobuf of Kubernetes');
  const unknown = fieldsOf(body.subarray(4));
  const type = fieldsOf(bytesOf(unknown, 1));
  const apiVersion = bytesOf(type, 1).toString();
  const kind = bytesOf(type, 2).toString();
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  // Options have no group of their own in the schemas' list of kinds.
  const found = schemas.ofKind(group, version, kind) ?? schemas.ofKind('', 'v1', kind);
  if (!found) throw new Error(`no schema of ${kind} in ${apiVersion}`);
  const object = new ProtobufReader(schemas).message(found.name, bytesOf(unknown, 2));
  return { apiVersion, kind, ...object };
}

type Value = { varint: bigint } | { bytes: Buffer };

/** The fields of a message by number, each with all of its values. */
function fieldsOf(buffer: Buffer): Map<number, Value[]> {
  const fields = new Map<number, Value[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = buffer[at++];
      if (byte === undefined) throw new Error('protobuf: unexpected end');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (size: number): Buffer => {
    at += size;
    if (at > buffer.length) throw new Error('protobuf: unexpected end');
    return buffer.subarray(at - size, at);
  };
  while (at < buffer.length) {
    const key = Number(varint());
    const wire = key & 7;
    const value: Value =
      wire === 0 ? { varint: varint() } : { bytes: take(wire === 2 ? Number(varint()) : wire === 1 ? 8 : 4) };
    const number = key >>> 3;
    const known = fields.get(number);
    if (known) known.push(value);
    else fields.set(number, [value]);
  }
  return fields;
}

function bytesOf(fields: Map<number, Value[]>, number: number): Buffer {
  const value = fields.get(number)?.at(-1);
  return value && 'bytes' in value ? value.bytes : Buffer.alloc(0);
}

function integerOf(fields: Map<number, Value[]>, number: number): number {
  const value = fields.get(number)?.at(-1);
  return value && 'varint' in value ? signed(value.varint) : 0;
}

function signed(value: bigint): number {
  return Number(BigInt.asIntN(64, value));
}

class ProtobufReader {
  readonly #schemas: Schemas;

  constructor(schemas: Schemas) {
    this.#schemas = schemas;
  }

  message(name: string, buffer: Buffer): JsonObject {
    const numbers = this.#schemas.file.proto[name] ?? {};
    const properties = this.#schemas.named(name).properties ?? {};
    const fields = fieldsOf(buffer);
    const out = this.#members(numbers, properties, fields);
    for (const [number, inner] of numbers.inline ?? []) {
      const bytes = bytesOf(fields, number);
      if (bytes.length > 0) Object.assign(out, this.#members(inner, properties, fieldsOf(bytes)));
    }
    return out;
  }

  #members(
    numbers: Readonly<Record<string, unknown>>,
    properties: Readonly<Record<string, SchemaNode>>,
    fields: Map<number, Value[]>,
  ) {
    const out: JsonObject = {};
    for (const [name, number] of Object.entries(numbers)) {
      const values = typeof number === 'number' ? fields.get(number) : undefined;
      const property = properties[name];
      if (values && property) out[name] = this.#field(property, values);
    }
    return out;
  }

  #field(property: SchemaNode, values: readonly Value[]): Json {
    const { node } = this.#schemas.resolve(property);
    if (node.type === 'array') {
      // A list of lists, such as a byte string in a list, is one level here.
      return values.map((value) => this.#value(node.items ?? {}, value));
    }
    if (node.type === 'object' && isObject(node.additionalProperties)) {
      const element = node.additionalProperties as SchemaNode;
      const entries = values.map((value) => {
        const entry = fieldsOf('bytes' in value ? value.bytes : Buffer.alloc(0));
        const member = entry.get(2)?.at(-1) ?? { bytes: Buffer.alloc(0) };
        return [bytesOf(entry, 1).toString(), this.#value(element, member)] as const;
      });
      return Object.fromEntries(entries);
    }
    const last = values.at(-1);
    return last ? this.#value(property, last) : null;
  }

  #value(property: SchemaNode, value: Value): Json {
    const { node, name } = this.#schemas.resolve(property);
    if ('varint' in value) return node.type === 'boolean' ? value.varint !== 0n : signed(value.varint);
    const { bytes } = value;
    if (name === QUANTITY) return bytesOf(fieldsOf(bytes), 1).toString();
    if (name === INT_OR_STRING) {
      const fields = fieldsOf(bytes);
      return integerOf(fields, 1) === 1 ? bytesOf(fields, 3).toString() : integerOf(fields, 2);
    }
    if (name === RAW_EXTENSION) return JSON.parse(bytesOf(fieldsOf(bytes), 1).toString()) as Json;
    if (node.format === 'date-time') return timeOf(fieldsOf(bytes), property);
    if (node.format === 'byte') return bytes.toString('base64');
    if (node.properties && name !== undefined) return this.message(name, bytes);
    if (node.type === 'object') return JSON.parse(bytesOf(fieldsOf(bytes), 1).toString() || '{}') as Json;
    return bytes.toString();
  }
}

function timeOf(fields: Map<number, Value[]>, property: SchemaNode): Json {
  // An empty message is no time.
  if (fields.size === 0) return null;
  const ms = integerOf(fields, 1) * 1000 + Math.floor(integerOf(fields, 2) / 1e6);
  const text = new Date(ms).toISOString();
  const isMicro = JSON.stringify(property).includes('MicroTime');
  return isMicro ? text.replace('Z', '000Z') : text.replace(/\.\d+Z$/, 'Z');
}

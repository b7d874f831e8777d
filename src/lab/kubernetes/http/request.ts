import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { parse as parseYaml } from 'yaml';
import { type JsonObject, isObject } from '../json.ts';
import type { Schemas } from '../schema/node.ts';
import { type ParsedJson, parseJson } from '../schema/parse-json.ts';
import { decodeProtobuf } from '../schema/protobuf.ts';
import { ApiError, badRequest } from '../status.ts';

/** Who asks. */
export interface User {
  name: string;
  uid?: string;
  groups: string[];
  extra?: Record<string, string[]>;
}

/** One request with its body read. */
export interface ApiRequest {
  method: string;
  /** Path without query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
  /** The body as it came. */
  bytes: Buffer;
  user: User;
  /** Address that the client reached, for messages. */
  socket: Socket;
}

const MAX_BODY = 3 * 1024 * 1024;

export async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY) {
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY}`, {});
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** A document, the members that it gives twice, and where each member is. */
export type Document = Omit<ParsedJson, 'value'> & { value: JsonObject };

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** The body as an object of `kind`, from JSON, YAML or protobuf. */
export function readDocument(schemas: Schemas, request: ApiRequest, kind: string): Document {
  const type = (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
  if (type === PROTOBUF) return { value: decodeProtobuf(schemas, request.bytes), duplicates: [], positions: new Map() };
  if (!['', 'application/json', 'application/yaml'].includes(type)) {
    const known = `application/json, application/yaml, ${PROTOBUF}, application/cbor`;
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${known}`,
      {},
    );
  }
  try {
    const parsed = parseJson(request.body);
    if (isObject(parsed.value)) return { ...parsed, value: parsed.value };
  } catch (error) {
    const yaml = type === 'application/yaml' ? yamlObject(request.body) : undefined;
    if (yaml) return { value: yaml, duplicates: [], positions: new Map() };
    throw unreadable(kind, (error as Error).message, request.body);
  }
  throw unreadable(kind, 'expected an object', request.body);
}

function unreadable(kind: string, why: string, body: string): ApiError {
  const start = body.length > 30 ? `${body.slice(0, 30)} ...` : body;
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${start})`,
  );
}

/** The configuration of an apply, which is YAML that may be JSON. */
export function readApplyConfig(body: string, isStrict: boolean): JsonObject {
  try {
    const { value, duplicates } = parseJson(body);
    const [first] = duplicates;
    if (isStrict && first) throw duplicateKey(body, first.path);
    if (isObject(value)) return value;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    const yaml = yamlObject(body);
    if (yaml) return yaml;
  }
  throw badRequest('error decoding YAML: error converting YAML to JSON: yaml: the document is no object');
}

function duplicateKey(body: string, path: string): ApiError {
  const key = path.split('.').at(-1) ?? path;
  const line = body.slice(0, body.lastIndexOf(`"${key}"`)).split('\n').length;
  return badRequest(
    `error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line ${line}: key ${JSON.stringify(key)} already set in map`,
  );
}

function yamlObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = parseYaml(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Is the flag given as true? Watches take `1`, `true` and the bare name. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value === '' || value === '1' || value === 'true' || value === 'True' || value === 'TRUE' || value === 't';
}

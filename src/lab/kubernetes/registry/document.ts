import { type JsonObject, text } from '../json.ts';
import type { KubeObject } from '../objects.ts';
import { DecodeError } from '../schema/decode.ts';
import type { Member } from '../schema/parse-json.ts';
import { badRequest } from '../status.ts';
import { type Resource, identified } from './resource.ts';

/** How strictly a document is read, and what was met in it before. */
export interface ReadOptions {
  /** What happens to unknown and duplicate fields; `Warn` unless told. */
  validation?: 'Ignore' | 'Warn' | 'Strict';
  /** What the parser met in the request: duplicate fields, and where each field is. */
  duplicates?: readonly Member[];
  positions?: ReadonlyMap<string, number>;
  /** Where warnings for the client go. */
  warnings?: string[];
}

/** Reads a document that a client sent: kind, namespace and fields have to fit. */
export function readDocument(
  resource: Resource,
  namespace: string | undefined,
  input: JsonObject,
  options: ReadOptions,
): KubeObject {
  const { apiVersion = resource.apiVersion, kind = resource.kind } = input;
  const handled = `${text(kind)} in version ${JSON.stringify(text(apiVersion).split('/').at(-1))} cannot be handled as a ${resource.kind}`;
  if (kind !== resource.kind || apiVersion !== resource.apiVersion) {
    const version = text(apiVersion).split('/').at(-1) ?? '';
    const packageName = resource.group === '' ? 'core' : (resource.group.split('.')[0] ?? '');
    const names = `(${version}.${text(kind)}) to (${packageName}.${resource.kind})`;
    throw badRequest(`${handled}: converting ${names}: unknown conversion`);
  }
  const object = decodeObject(resource, { ...input, apiVersion, kind }, options, handled);
  const given = object.metadata.namespace;
  const wanted = resource.namespaced ? namespace : undefined;
  if (given && given !== wanted) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (wanted !== undefined) object.metadata.namespace = wanted;
  else delete object.metadata.namespace;
  return object;
}

/** An object of this kind as the schema has it. @throws ApiError 400 where it cannot be one. */
export function decodeObject(
  resource: Resource,
  input: JsonObject,
  options?: ReadOptions,
  handled?: string,
): KubeObject {
  try {
    const { object, unknown } = resource.decode(input);
    if (options) complain(options, unknown, handled ?? '');
    return identified(resource, object);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(`${handled ?? resource.kind}: ${error.message}`);
  }
}

/** Refuses or warns about fields that the kind does not have. */
function complain(options: ReadOptions, unknown: readonly string[], handled: string): void {
  const { validation = 'Warn', duplicates = [], positions, warnings = [] } = options;
  if (validation === 'Ignore') return;
  // In the order in which they stand in the document.
  const texts = [
    ...unknown.map((path) => ({ text: `unknown field ${JSON.stringify(path)}`, position: positions?.get(path) ?? 0 })),
    ...duplicates.map(({ path, position }) => ({ text: `duplicate field ${JSON.stringify(path)}`, position })),
  ]
    .sort((a, b) => a.position - b.position)
    .map(({ text }) => text);
  if (texts.length === 0) return;
  if (validation === 'Strict') throw badRequest(`${handled}: strict decoding error: ${texts.join(', ')}`);
  warnings.push(...texts);
}

import { type Json, type JsonObject, isObject, text } from '../json.ts';
import { type KubeObject, asJson } from '../objects.ts';
import { JsonPatchError, applyJsonPatch, applyMergePatch } from '../patch/json-patch.ts';
import { StrategicPatchError, applyStrategicPatch } from '../patch/strategic.ts';
import type { Registry, WriteOptions, Written } from '../registry/registry.ts';
import type { Resource } from '../registry/resource.ts';
import { DecodeError } from '../schema/decode.ts';
import { parseJson } from '../schema/parse-json.ts';
import { ApiError, badRequest, forbiddenField, invalid, invalidValue, required } from '../status.ts';
import { type ApiRequest, flag, readApplyConfig } from './request.ts';

const PATCH_OPTIONS = { group: 'meta.k8s.io', kind: 'PatchOptions' };
export const APPLY_TYPES = ['application/apply-patch+yaml', 'application/apply-patch+json'];

/** Where a patch goes. */
export interface PatchTarget {
  resource: Resource;
  namespace: string | undefined;
  name: string;
  subresource: string | undefined;
}

/**
 * A patch of any of the four kinds.
 * @throws ApiError 400, 404, 409, 415 or 422 with the server's texts.
 */
export function patchObject(
  registry: Registry,
  target: PatchTarget,
  request: ApiRequest,
  options: WriteOptions,
  isManagerNamed: boolean,
): Written {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (APPLY_TYPES.includes(type)) return applyObject(registry, target, request, options, isManagerNamed);
  if (request.query.has('force')) {
    throw invalid(PATCH_OPTIONS, '', [forbiddenField('force', 'may not be specified for non-apply patch')]);
  }
  const { resource, namespace, name, subresource } = target;
  const apply = patcher(registry, resource, type, request.body);
  const old = registry.get(resource, namespace, name);
  const patched = apply(old);
  if (!isObject(patched)) throw badRequest('the patch does not leave an object');
  const object = decodePatched(resource, patched, options);
  if (object.metadata.name !== name) {
    throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`);
  }
  return { object: registry.replace(resource, old, object, options, subresource), created: false };
}

function applyObject(
  registry: Registry,
  { resource, namespace, name, subresource }: PatchTarget,
  request: ApiRequest,
  options: WriteOptions,
  isManagerNamed: boolean,
): Written {
  if (!isManagerNamed) throw invalid(PATCH_OPTIONS, '', [required('fieldManager', 'is required for apply patch')]);
  const config = readApplyConfig(request.body, options.validation === 'Strict');
  const { apiVersion = '', kind = '', metadata } = config;
  if (apiVersion !== resource.apiVersion || kind !== resource.kind) {
    throw badRequest(`invalid object type: ${apiVersion === '' ? '/' : text(apiVersion)}, Kind=${text(kind)}`);
  }
  const given = isObject(metadata) ? metadata.name : undefined;
  if (given !== undefined && given !== name) {
    throw badRequest(`the name of the object (${text(given)}) does not match the name on the URL (${name})`);
  }
  const space = isObject(metadata) ? metadata.namespace : undefined;
  if (space !== undefined && space !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const named: JsonObject =
    given === undefined ? { ...config, metadata: { ...(isObject(metadata) ? metadata : {}), name } } : config;
  return registry.apply(
    resource,
    namespace,
    name,
    named,
    { ...options, force: flag(request.query, 'force') },
    subresource,
  );
}

/** Reads the patch, and returns what it makes of an object. */
function patcher(registry: Registry, resource: Resource, type: string, body: string): (old: KubeObject) => Json {
  const supported = [
    'application/json-patch+json',
    'application/merge-patch+json',
    'application/strategic-merge-patch+json',
  ];
  if (resource.custom && !supported.slice(0, 2).includes(type)) {
    const known = 'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';
    const message = `the body of the request was in an unknown format - accepted media types include: ${known}`;
    throw new ApiError(415, 'UnsupportedMediaType', message);
  }
  if (!supported.includes(type)) {
    throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  }
  const patch = readPatch(body);
  if (type === 'application/json-patch+json') {
    if (!Array.isArray(patch))
      throw badRequest(
        'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
      );
    return (old) => orRejected(() => applyJsonPatch(asJson(old), patch as never));
  }
  if (type === 'application/merge-patch+json') return (old) => applyMergePatch(asJson(old), patch);
  const object = isObject(patch) ? patch : {};
  return (old) => orRejected(() => applyStrategicPatch(registry.catalog.schemas, resource.schema, asJson(old), object));
}

function readPatch(body: string): Json {
  try {
    return parseJson(body).value;
  } catch (error) {
    throw badRequest(`error decoding patch: ${(error as Error).message}`);
  }
}

function orRejected(work: () => Json): Json {
  try {
    return work();
  } catch (error) {
    if (error instanceof StrategicPatchError) throw badRequest(error.message);
    if (!(error instanceof JsonPatchError)) throw error;
    // What is wrong with the patch is not told, as there.
    throw new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
}

/** The patched document as an object of its kind; what does not fit is an invalid `patch`. */
function decodePatched(resource: Resource, patched: JsonObject, options: WriteOptions): KubeObject {
  const nothing = { group: '', kind: '' };
  const refuse = (why: string): ApiError => invalid(nothing, '', [invalidValue('patch', JSON.stringify(patched), why)]);
  try {
    const { object, unknown } = resource.decode(patched);
    const texts = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
    if (texts.length > 0 && options.validation === 'Strict') throw refuse(`strict decoding error: ${texts.join(', ')}`);
    if (options.validation !== 'Ignore') options.warnings?.push(...texts);
    return { ...object, kind: resource.kind, apiVersion: resource.apiVersion } as unknown as KubeObject;
  } catch (error) {
    if (error instanceof DecodeError) throw refuse(error.message);
    throw error;
  }
}

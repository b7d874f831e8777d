import { randomUUID } from 'node:crypto';
import { equalButForTimes } from '../apply/field-manager.ts';
import { type Json, type JsonObject, at, clone, equal, text, without } from '../json.ts';
import { type KubeObject, asJson, asObject, timestamp } from '../objects.ts';
import { DecodeError } from '../schema/decode.ts';
import type { Member } from '../schema/parse-json.ts';
import {
  ApiError,
  type FieldError,
  alreadyExists,
  badRequest,
  conflict,
  internal,
  invalid,
  invalidValue,
  modified,
  notFound,
} from '../status.ts';
import { type Store, keyOf } from '../store/store.ts';
import type { Catalog } from './catalog.ts';
import { type Resource, identified } from './resource.ts';
import { randomSuffix } from './strategies/pod-spec.ts';
import { validateMeta, validateMetaUpdate } from './validate.ts';

/** Who writes, and how. */
export interface WriteOptions {
  /** Name of the field manager. */
  manager: string;
  dryRun?: boolean;
  /** What happens to unknown and duplicate fields; `Warn` unless told. */
  validation?: 'Ignore' | 'Warn' | 'Strict';
  /** What the parser met in the request: duplicate fields, and where each field is. */
  duplicates?: readonly Member[];
  positions?: ReadonlyMap<string, number>;
  /** Where warnings for the client go. */
  warnings?: string[];
  /** A component of the cluster itself: may change what users may not (a pod's node). */
  internal?: boolean;
}

/** What was written, and whether it was new. */
export interface Written {
  object: KubeObject;
  created: boolean;
}

/** Create, read and update of all kinds: decoding, defaults, admission, field owners and validation as the server has them. */
export class Registry {
  readonly store: Store;
  readonly catalog: Catalog;

  constructor(store: Store, catalog: Catalog) {
    this.store = store;
    this.catalog = catalog;
  }

  get(resource: Resource, namespace: string | undefined, name: string): KubeObject {
    const found = this.store.get(resource.bucket, keyOf(namespace, name));
    if (!found) throw notFound(resource, name);
    return found;
  }

  /** @throws ApiError 400, 403, 404 (namespace), 409 or 422 with the server's texts. */
  create(resource: Resource, namespace: string | undefined, input: JsonObject, options: WriteOptions): KubeObject {
    const object = this.#read(resource, namespace, input, options);
    this.#checkNamespace(resource, namespace, object.metadata.name || (object.metadata.generateName ?? ''));
    return this.#create(resource, namespace, object, options);
  }

  /** What a create does once the document is read; `apply` of a new object comes here too. */
  #create(
    resource: Resource,
    namespace: string | undefined,
    object: KubeObject,
    options: WriteOptions,
    owners?: (object: KubeObject) => KubeObject,
  ): KubeObject {
    const { metadata } = object;
    if (!metadata.name && metadata.generateName) {
      metadata.name = `${metadata.generateName.slice(0, 58)}${randomSuffix(5)}`;
    }
    delete metadata.deletionTimestamp;
    delete metadata.deletionGracePeriodSeconds;
    if (metadata.resourceVersion && options.dryRun !== true) {
      throw internal('resourceVersion should not be set on objects to be created');
    }
    metadata.uid = randomUUID();
    metadata.creationTimestamp = timestamp();
    if (resource.strategy.tracksGeneration === true) metadata.generation = 1;
    else delete metadata.generation;
    if (resource.subresources.has('status') && resource.bucket !== 'nodes') delete asJson(object).status;
    const prepared = this.#decoded(resource, asJson(object));
    resource.strategy.defaults?.(prepared);
    // Owners are counted before the strategy adds what belongs to nobody.
    const own = (written: KubeObject): KubeObject =>
      owners ? owners(written) : resource.fieldManager(undefined).update(undefined, written, options.manager);
    const managed = own(prepared).metadata.managedFields;
    resource.strategy.create?.(prepared, this.store);
    const made = this.#decoded(resource, asJson(prepared));
    if (managed) made.metadata.managedFields = managed;
    this.#validate(resource, made, []);
    const key = keyOf(namespace, made.metadata.name);
    if (this.store.get(resource.bucket, key)) throw alreadyExists(resource, made.metadata.name);
    return options.dryRun ? made : this.store.put(resource.bucket, key, made);
  }

  /** PUT of an object or of one of its subresources. */
  update(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    input: JsonObject,
    options: WriteOptions,
    subresource?: string,
  ): Written {
    const object = this.#read(resource, namespace, input, options);
    if (object.metadata.name && object.metadata.name !== name) {
      throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`);
    }
    object.metadata.name = name;
    const old = this.store.get(resource.bucket, keyOf(namespace, name));
    if (!old) {
      if (resource.strategy.createsOnUpdate && subresource === undefined) {
        this.#checkNamespace(resource, namespace, name);
        return { object: this.#create(resource, namespace, object, options), created: true };
      }
      throw notFound(resource, name);
    }
    checkUid(resource, old, object);
    if (!object.metadata.resourceVersion && resource.strategy.needsVersion) {
      const named = resource.custom ? { group: resource.group, kind: resource.plural } : resource;
      const value = resource.custom ? 0 : '';
      throw invalid(named, name, [invalidValue('metadata.resourceVersion', value, 'must be specified for an update')]);
    }
    return { object: this.replace(resource, old, object, options, subresource), created: false };
  }

  /** Puts `object`, which is complete, in the place of `old`. */
  replace(
    resource: Resource,
    old: KubeObject,
    object: KubeObject,
    options: WriteOptions,
    subresource?: string,
    owners?: KubeObject['metadata']['managedFields'],
  ): KubeObject {
    const given = object.metadata;
    if (given.resourceVersion && given.resourceVersion !== old.metadata.resourceVersion) {
      throw modified(resource, old.metadata.name);
    }
    const prepared = this.#decoded(resource, this.#parts(resource, old, object, subresource));
    resource.strategy.defaults?.(prepared);
    keepSystemFields(prepared, old);
    if (subresource === undefined) resource.strategy.update?.(prepared, old);
    // What controllers note in annotations along with the status is no new intent.
    if (subresource !== 'status' && resource.strategy.tracksGeneration && generationMoves(resource, prepared, old)) {
      prepared.metadata.generation = (old.metadata.generation ?? 0) + 1;
    }
    const made = owners
      ? owned(prepared, owners)
      : resource.fieldManager(subresource).update(old, owned(prepared, given.managedFields), options.manager);
    if (owners?.length === 0) delete made.metadata.managedFields;
    const extra = options.internal ? [] : (resource.strategy.validateUpdate?.(made, old) ?? []);
    const meta = validateMetaUpdate(made, old);
    // Built-in kinds check their metadata twice, and tell it twice in the causes.
    this.#validate(resource, made, [...meta, ...(resource.custom ? [] : meta), ...extra]);
    return this.#keep(resource, old, made, options);
  }

  #keep(resource: Resource, old: KubeObject, made: KubeObject, options: WriteOptions): KubeObject {
    if (
      equalButForTimes(
        { ...made, metadata: { ...made.metadata, resourceVersion: '' } },
        { ...old, metadata: { ...old.metadata, resourceVersion: '' } },
      )
    ) {
      return old;
    }
    if (options.dryRun)
      return { ...made, metadata: { ...made.metadata, resourceVersion: old.metadata.resourceVersion ?? '' } };
    const key = keyOf(made.metadata.namespace, made.metadata.name);
    if (isFinished(made)) {
      this.store.remove(resource.bucket, key);
      return made;
    }
    return this.store.put(resource.bucket, key, made);
  }

  /**
   * Server-side apply.
   * @throws ApiError 409 with the managers and fields in the way.
   */
  apply(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    config: JsonObject,
    options: WriteOptions & { force: boolean },
    subresource?: string,
  ): Written {
    const old = this.store.get(resource.bucket, keyOf(namespace, name));
    const manager = resource.fieldManager(subresource);
    if (!old) {
      if (subresource !== undefined) throw notFound(resource, name);
      const uid = at(config, 'metadata', 'uid');
      if (typeof uid === 'string' && uid !== '') {
        throw conflict(
          resource,
          name,
          `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
        );
      }
      const applied = manager.apply(undefined, config, options.manager, options.force);
      this.#checkNamespace(resource, namespace, name);
      const object = this.#decoded(resource, asJson(applied));
      object.metadata.name = name;
      if (namespace !== undefined) object.metadata.namespace = namespace;
      const entries = applied.metadata.managedFields;
      const owners = (written: KubeObject): KubeObject => ({
        ...written,
        metadata: { ...written.metadata, ...(entries && { managedFields: entries }) },
      });
      return { object: this.#create(resource, namespace, object, options, owners), created: true };
    }
    const applied = manager.apply(old, config, options.manager, options.force);
    const given = at(config, 'metadata', 'resourceVersion');
    const object = asObject(clone(asJson(applied)));
    // An apply says which version it expects only where it names one.
    if (typeof given === 'string') object.metadata.resourceVersion = given;
    else delete object.metadata.resourceVersion;
    const owners = applied.metadata.managedFields ?? [];
    return { object: this.replace(resource, old, object, options, subresource, owners), created: false };
  }

  /** Reads a document that a client sent: kind, namespace and fields have to fit. */
  #read(resource: Resource, namespace: string | undefined, input: JsonObject, options: WriteOptions): KubeObject {
    const { apiVersion = resource.apiVersion, kind = resource.kind } = input;
    const handled = `${text(kind)} in version ${JSON.stringify(text(apiVersion).split('/').at(-1))} cannot be handled as a ${resource.kind}`;
    if (kind !== resource.kind || apiVersion !== resource.apiVersion) {
      const version = text(apiVersion).split('/').at(-1) ?? '';
      const packageName = resource.group === '' ? 'core' : (resource.group.split('.')[0] ?? '');
      const names = `(${version}.${text(kind)}) to (${packageName}.${resource.kind})`;
      throw badRequest(`${handled}: converting ${names}: unknown conversion`);
    }
    const object = this.#decoded(resource, { ...input, apiVersion, kind }, options, handled);
    const given = object.metadata.namespace;
    const wanted = resource.namespaced ? namespace : undefined;
    if (given && given !== wanted) {
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    }
    if (wanted !== undefined) object.metadata.namespace = wanted;
    else delete object.metadata.namespace;
    return object;
  }

  #decoded(resource: Resource, input: JsonObject, options?: WriteOptions, handled?: string): KubeObject {
    try {
      const { object, unknown } = resource.decode(input);
      if (options) complain(options, unknown, handled ?? '');
      return identified(resource, object);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw badRequest(`${handled ?? resource.kind}: ${error.message}`);
    }
  }

  /** Which part of the object a write may change. */
  #parts(resource: Resource, old: KubeObject, object: KubeObject, subresource: string | undefined): JsonObject {
    const written = asJson(object);
    if (subresource === undefined) {
      return resource.subresources.has('status') ? { ...written, status: asJson(old).status } : written;
    }
    const metadata = resource.custom
      ? old.metadata
      : {
          ...old.metadata,
          labels: object.metadata.labels,
          annotations: object.metadata.annotations,
          finalizers: object.metadata.finalizers,
        };
    return { ...asJson(old), status: written.status, metadata: metadata as unknown as Json };
  }

  /** Nothing is made in a namespace that is not there or is about to go. */
  #checkNamespace(resource: Resource, namespace: string | undefined, name: string): void {
    if (!resource.namespaced || namespace === undefined) return;
    const found = this.store.get('namespaces', namespace);
    const namespaces = { group: '', plural: 'namespaces', kind: 'Namespace' };
    if (!found) throw notFound(namespaces, namespace);
    if (at(asJson(found), 'status', 'phase') !== 'Terminating') return;
    const { group, plural } = resource;
    const what = group === '' ? plural : `${plural}.${group}`;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    throw new ApiError(403, 'Forbidden', `${what} ${JSON.stringify(name)} is forbidden: ${why}`, {
      name,
      ...(group !== '' && { group }),
      kind: plural,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    });
  }

  #validate(resource: Resource, object: KubeObject, more: FieldError[]): void {
    const special = [...(resource.strategy.validate?.(object) ?? []), ...more];
    const isTold = ({ field, reason }: FieldError): boolean =>
      special.some((one) => one.reason === reason && (one.field === field || field.startsWith(`${one.field}[`))) ||
      resource.strategy.optional?.includes(field) === true;
    const generic = resource.validateSchema(object).filter((error) => !isTold(error));
    const errors = [...validateMeta(object, resource.strategy.names ?? 'subdomain'), ...generic, ...special];
    if (errors.length > 0) throw invalid(resource, object.metadata.name || '', errors);
  }
}

/** Refuses or warns about fields that the kind does not have. */
function complain(options: WriteOptions, unknown: readonly string[], handled: string): void {
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

/** With these managed fields, or with its own where there are none. */
function owned(object: KubeObject, managedFields: KubeObject['metadata']['managedFields']): KubeObject {
  return { ...object, metadata: { ...object.metadata, ...(managedFields && { managedFields }) } };
}

/** A PUT with a uid is for that object alone. The text is that of the store behind a real server. */
function checkUid(resource: Resource, old: KubeObject, { metadata }: KubeObject): void {
  if (metadata.uid === undefined || metadata.uid === '' || metadata.uid === old.metadata.uid) return;
  const folder = resource.custom ? `${resource.group}/${resource.plural}` : resource.plural;
  const key = ['', 'registry', folder, ...[old.metadata.namespace ?? []].flat(), old.metadata.name].join('/');
  const why = `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid ?? ''}`;
  const error = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
  throw conflict(resource, old.metadata.name, error);
}

/** What an update can never change, whatever it says. */
function keepSystemFields(object: KubeObject, old: KubeObject): void {
  const { metadata } = object;
  metadata.uid ??= old.metadata.uid ?? '';
  keep(metadata, old.metadata, 'creationTimestamp');
  keep(metadata, old.metadata, 'deletionTimestamp');
  keep(metadata, old.metadata, 'deletionGracePeriodSeconds');
  keep(metadata, old.metadata, 'generation');
  metadata.resourceVersion = old.metadata.resourceVersion ?? '';
}

/** Gives one member the value that it has, or has not, in another object. */
function keep(metadata: KubeObject['metadata'], old: KubeObject['metadata'], name: keyof KubeObject['metadata']): void {
  Object.assign(metadata, { [name]: old[name] });
}

function generationMoves(resource: Resource, object: KubeObject, old: KubeObject): boolean {
  const body = (one: KubeObject): JsonObject => without(asJson(one), 'metadata', 'status');
  if (!equal(body(object), body(old))) return true;
  // Deployments count their annotations too, for the sake of old clients.
  return resource.bucket === 'apps/deployments' && !equal(object.metadata.annotations, old.metadata.annotations);
}

/** Is it marked as deleted, with nothing left to wait for? */
export function isFinished(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  const specFinalizers = object.kind === 'Namespace' ? at(asJson(object), 'spec', 'finalizers') : undefined;
  const isHeld = finalizers.length > 0 || (Array.isArray(specFinalizers) && specFinalizers.length > 0);
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && !isHeld;
}

import { randomUUID } from 'node:crypto';
import { equalButForTimes } from '../apply/field-manager.ts';
import { type JsonObject, at, clone } from '../json.ts';
import { type KubeObject, asJson, asObject, timestamp } from '../objects.ts';
import {
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
import { type ReadOptions, decodeObject, readDocument } from './document.ts';
import { checkNamespace } from './namespaces.ts';
import type { Resource } from './resource.ts';
import { randomSuffix } from './strategies/pod-spec.ts';
import { checkUid, generationMoves, isFinished, keepSystemFields, writablePart } from './update-rules.ts';
import { validateMeta, validateMetaUpdate } from './validate.ts';

/** Who writes, and how. */
export interface WriteOptions extends ReadOptions {
  /** Name of the field manager. */
  manager: string;
  dryRun?: boolean;
  /** A component of the cluster itself: may change what users may not (a pod's node). */
  internal?: boolean;
}

/** What was written, and whether it was new. */
export interface Written {
  object: KubeObject;
  created: boolean;
}

/** Create, read, update and apply of all kinds, in the order of steps that the server has. */
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
    const object = readDocument(resource, namespace, input, options);
    checkNamespace(this.store, resource, namespace, object.metadata.name || (object.metadata.generateName ?? ''));
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
    const prepared = decodeObject(resource, asJson(object));
    resource.strategy.defaults?.(prepared);
    // Owners are counted before the strategy adds what belongs to nobody.
    const own = (written: KubeObject): KubeObject =>
      owners ? owners(written) : resource.fieldManager(undefined).update(undefined, written, options.manager);
    const managed = own(prepared).metadata.managedFields;
    resource.strategy.create?.(prepared, this.store);
    const made = decodeObject(resource, asJson(prepared));
    if (managed) made.metadata.managedFields = managed;
    validateObject(resource, made, []);
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
    const object = readDocument(resource, namespace, input, options);
    if (object.metadata.name && object.metadata.name !== name) {
      throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`);
    }
    object.metadata.name = name;
    const old = this.store.get(resource.bucket, keyOf(namespace, name));
    if (!old) {
      if (resource.strategy.createsOnUpdate && subresource === undefined) {
        checkNamespace(this.store, resource, namespace, name);
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
    const prepared = decodeObject(resource, writablePart(resource, old, object, subresource));
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
    validateObject(resource, made, [...meta, ...(resource.custom ? [] : meta), ...extra]);
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
      checkNamespace(this.store, resource, namespace, name);
      const object = decodeObject(resource, asJson(applied));
      object.metadata.name = name;
      if (namespace !== undefined) object.metadata.namespace = namespace;
      const entries = applied.metadata.managedFields;
      const owners = (written: KubeObject): KubeObject => owned(written, entries);
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
}

/** With these managed fields, or with its own where there are none. */
function owned(object: KubeObject, managedFields: KubeObject['metadata']['managedFields']): KubeObject {
  return { ...object, metadata: { ...object.metadata, ...(managedFields && { managedFields }) } };
}

/** Everything that is told of a wrong object at once. @throws ApiError 422 */
function validateObject(resource: Resource, object: KubeObject, more: FieldError[]): void {
  const special = [...(resource.strategy.validate?.(object) ?? []), ...more];
  const isTold = ({ field, reason }: FieldError): boolean =>
    special.some((one) => one.reason === reason && (one.field === field || field.startsWith(`${one.field}[`))) ||
    resource.strategy.optional?.includes(field) === true;
  const generic = resource.validateSchema(object).filter((error) => !isTold(error));
  const errors = [...validateMeta(object, resource.strategy.names ?? 'subdomain'), ...generic, ...special];
  if (errors.length > 0) throw invalid(resource, object.metadata.name || '', errors);
}

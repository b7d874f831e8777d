import type { Atoms } from '../apply/atom.ts';
import { type AtomRef } from '../apply/atom.ts';
import { FieldManager } from '../apply/field-manager.ts';
import { FieldSet } from '../apply/fieldset.ts';
import { type JsonObject, isObject, without } from '../json.ts';
import { type KubeObject, asJson } from '../objects.ts';
import { type Decoded, decode } from '../schema/decode.ts';
import type { DiscoveredResource, SchemaNode, Schemas } from '../schema/node.ts';
import type { FieldError } from '../status.ts';
import { type CustomVersion, decodeCustom, validateCustom } from './custom.ts';
import type { Strategy } from './strategy.ts';
import { validateSchema } from './validate.ts';

/** One kind of object as the API serves it. */
export interface Resource {
  group: string;
  version: string;
  apiVersion: string;
  plural: string;
  singular: string;
  kind: string;
  listKind: string;
  namespaced: boolean;
  shortNames: string[];
  categories: string[];
  verbs: string[];
  /** Where its objects are kept: `apps/daemonsets`. */
  bucket: string;
  subresources: ReadonlyMap<string, DiscoveredResource>;
  storageVersionHash?: string | undefined;
  strategy: Strategy;
  schema: SchemaNode;
  /** Columns and schema of a kind that a CustomResourceDefinition defines. */
  custom?: CustomVersion;
  /** Reads a document as this kind. @throws DecodeError */
  decode(input: JsonObject): Decoded;
  /** Required fields, supported values and, for custom kinds, everything else the schema says. */
  validateSchema(object: KubeObject): FieldError[];
  fieldManager(subresource: string | undefined): FieldManager;
}

/** What a resource is made of. */
export interface ResourceParts extends Omit<Resource, 'apiVersion' | 'decode' | 'validateSchema' | 'fieldManager'> {
  /** Name of a built-in kind's schema. */
  schemaName?: string;
}

export function makeResource(schemas: Schemas, atoms: Atoms, parts: ResourceParts): Resource {
  const { group, version, kind, custom, schema, schemaName = '' } = parts;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const read = (input: JsonObject): Decoded =>
    custom ? decodeCustom(schemas, custom, input) : decode(schemas, schemaName, input);
  const managers = new Map<string, FieldManager>();
  const type: AtomRef = atoms.of(schema);
  return {
    ...parts,
    apiVersion,
    decode: read,
    validateSchema: (object) =>
      custom ? validateCustom(custom, asJson(object)) : validateSchema(schemas, schema, object),
    fieldManager(subresource) {
      const key = subresource ?? '';
      let manager = managers.get(key);
      if (!manager) {
        const empty = custom ? { apiVersion, kind } : read({ apiVersion, kind }).object;
        const ignored = ignoredFields(parts, subresource);
        manager = new FieldManager({ type, apiVersion, kind, subresource, ignored, empty });
        managers.set(key, manager);
      }
      return manager;
    },
  };
}

/** The status belongs to its subresource, and everything else to the object. */
function ignoredFields({ subresources, custom }: ResourceParts, subresource: string | undefined): FieldSet {
  const set = new FieldSet();
  if (subresource === 'status') {
    set.insert(['f:spec']);
    if (custom) set.insert(['f:metadata']);
  } else if (subresources.has('status')) {
    set.insert(['f:status']);
  }
  return set;
}

/** An object with what every object says about itself, in the order in which the server writes it. */
export function identified(resource: Resource, object: JsonObject): KubeObject {
  const { metadata, ...rest } = without(object, 'apiVersion', 'kind') as JsonObject;
  return {
    kind: resource.kind,
    apiVersion: resource.apiVersion,
    metadata: isObject(metadata) ? metadata : {},
    ...rest,
  } as unknown as KubeObject;
}

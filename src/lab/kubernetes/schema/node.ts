import { type Json, type JsonObject, isObject } from '../json.ts';

/** A node of an OpenAPI v3 schema, as far as it is read here. */
export interface SchemaNode {
  $ref?: string;
  allOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  anyOf?: SchemaNode[];
  not?: SchemaNode;
  type?: string;
  format?: string;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  required?: string[];
  enum?: Json[];
  default?: Json;
  nullable?: boolean;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: 'atomic' | 'granular';
  'x-kubernetes-patch-strategy'?: string;
  'x-kubernetes-patch-merge-key'?: string;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-validations'?: { rule: string; message?: string; messageExpression?: string }[];
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

/** What the script `scripts/lab-schemas.mjs` took from a real server. */
export interface SchemaFile {
  /** Body of `/version`. */
  version: JsonObject;
  /** APIResources with the `groupVersion` they are in. */
  resources: DiscoveredResource[];
  schemas: Record<string, SchemaNode>;
  /** By name of a schema. */
  zeros: Record<string, Zeros>;
  /** Numbers of fields in protobuf, by name of a schema. */
  proto: Record<string, FieldNumbers>;
}

/** Numbers of a message's fields; `inline` are messages whose fields stand beside the others in JSON. */
export interface FieldNumbers {
  [field: string]: unknown;
  inline?: [number: number, fields: Record<string, number>][];
}

/** How Go writes empty fields: what it leaves out, writes as null, or writes as "", 0 or false. */
export interface Zeros {
  omit?: string[];
  null?: string[];
  write?: string[];
}

/** metav1.APIResource as the real server listed it. */
export interface DiscoveredResource {
  groupVersion: string;
  name: string;
  singularName: string;
  namespaced: boolean;
  kind: string;
  verbs: string[];
  group?: string;
  version?: string;
  shortNames?: string[];
  categories?: string[];
  storageVersionHash?: string;
}

const REF = '#/components/schemas/';
export const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
export const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
export const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
export const RAW_EXTENSION = 'io.k8s.apimachinery.pkg.runtime.RawExtension';
export const TIME = 'io.k8s.apimachinery.pkg.apis.meta.v1.Time';

/** A node with its reference followed: what it is, and the name of the type it refers to. */
export interface Resolved {
  node: SchemaNode;
  /** Full name of the referenced schema; undefined for a schema that stands where it is used. */
  name: string | undefined;
}

/** Finds schemas by name. */
export class Schemas {
  readonly #file: SchemaFile;

  constructor(file: SchemaFile) {
    this.#file = file;
  }

  get file(): SchemaFile {
    return this.#file;
  }

  named(name: string): SchemaNode {
    const node = this.#file.schemas[name];
    if (!node) throw new Error(`schemas.json has no ${name}`);
    return node;
  }

  /** The schema of a kind, or undefined where it is none of the built-in ones. */
  ofKind(group: string, version: string, kind: string): { name: string; node: SchemaNode } | undefined {
    for (const [name, node] of Object.entries(this.#file.schemas)) {
      const kinds = node['x-kubernetes-group-version-kind'];
      if (kinds?.some((one) => one.kind === kind && one.group === group && one.version === version))
        return { name, node };
    }
    return undefined;
  }

  /** Follows `$ref`, also where it is wrapped in an `allOf` of one, which is how defaults are put beside it. */
  resolve(node: SchemaNode): Resolved {
    const ref = node.$ref ?? (node.allOf?.length === 1 ? node.allOf[0]?.$ref : undefined);
    if (ref === undefined) return { node, name: undefined };
    const name = ref.slice(REF.length);
    return { node: this.named(name), name };
  }

  zerosOf(name: string | undefined): Zeros {
    return (name === undefined ? undefined : this.#file.zeros[name]) ?? {};
  }
}

/** A reference to a built-in schema. */
export function refTo(name: string): SchemaNode {
  return { $ref: `${REF}${name}` };
}

/** Does the node take any JSON at all (free-form objects, `JSON` of apiextensions)? */
export function isFreeForm(node: SchemaNode): boolean {
  return node.type === undefined && !node.oneOf && !node.properties && !node.items;
}

/** Is it a map with free keys rather than a struct? */
export function isMap(node: SchemaNode): boolean {
  return node.type === 'object' && !node.properties && node.additionalProperties !== undefined;
}

/** Go's name of the type of a schema: `DeploymentSpec`. */
export function goName(name: string | undefined): string {
  return name?.split('.').at(-1) ?? '';
}

export function childSchema(node: SchemaNode, key: string): SchemaNode | undefined {
  const own = node.properties?.[key];
  if (own) return own;
  return isObject(node.additionalProperties) ? node.additionalProperties : undefined;
}

import type { KubeObject } from '../objects.ts';
import type { FieldError } from '../status.ts';

/** What a strategy may look up while it defaults or admits an object. */
export interface Lookup {
  get(bucket: string, key: string): KubeObject | undefined;
  list(bucket: string, namespace?: string): KubeObject[];
}

/**
 * What is special about one kind. Objects that are handed in are copies of the request's, to be changed in place.
 * The generic rules (names, labels, required fields, supported values) are in `validate.ts`.
 */
export interface Strategy {
  /** Defaults of the version, as `pkg/apis/<group>/<version>/defaults.go`; also after each update and patch. */
  defaults?(object: KubeObject): void;
  /** On create, after the defaults: what the strategy and the default admission plugins set. */
  create?(object: KubeObject, lookup: Lookup): void;
  /** On update of the object itself: what follows from other fields, or is kept as it was. */
  update?(object: KubeObject, old: KubeObject): void;
  validate?(object: KubeObject): FieldError[];
  /** Fields that may not change. */
  validateUpdate?(object: KubeObject, old: KubeObject): FieldError[];
  /** Field labels beside metadata.name and metadata.namespace. */
  fields?: Readonly<Record<string, (object: KubeObject) => string>>;
  /** Does a change of the spec raise metadata.generation? `changes`: new objects have none yet. */
  tracksGeneration?: boolean | 'changes';
  /** Does a PUT create what is not there? */
  createsOnUpdate?: boolean;
  /** Has a PUT to say which version it replaces? */
  needsVersion?: boolean;
  /** Does a delete answer with the object that is gone, rather than with a Status? */
  returnsDeleted?: boolean;
  /** Fields that the schema requires and this kind's validation does not ask for by that name. */
  optional?: readonly string[];
  /** How names are checked; a DNS subdomain unless told. */
  names?: NameRule;
  /** Fields below the object that a PUT of the object does not write; `status` where there is that subresource. */
  ignored?: readonly (readonly string[])[];
}

export type NameRule = 'subdomain' | 'label' | 'label1035' | 'path';

/** A member that is created where it is missing, for defaults of nested fields. */
export function ensure<T extends object, K extends keyof T>(parent: T, key: K): NonNullable<T[K]> {
  const made = parent[key] ?? ({} as NonNullable<T[K]>);
  parent[key] = made;
  return made;
}

/** Sets a member that is not set. */
export function setDefault<T extends object, K extends keyof T>(parent: T, key: K, value: T[K]): void {
  parent[key] ??= value;
}

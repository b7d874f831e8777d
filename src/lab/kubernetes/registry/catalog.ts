import { createHash } from 'node:crypto';
import { Atoms } from '../apply/atom.ts';
import { type Json, isObject } from '../json.ts';
import type { KubeObject } from '../objects.ts';
import { type DiscoveredResource, type SchemaNode, Schemas, type SchemaFile } from '../schema/node.ts';
import { type CustomVersion, type PrinterColumn, withObjectFields } from './custom.ts';
import { type Resource, makeResource } from './resource.ts';
import { STRATEGIES } from './strategies/index.ts';

/** A CustomResourceDefinition as far as it is read here. */
export interface Definition extends KubeObject {
  spec: {
    group: string;
    scope: 'Namespaced' | 'Cluster';
    names: {
      plural: string;
      singular?: string;
      kind: string;
      listKind?: string;
      shortNames?: string[];
      categories?: string[];
    };
    versions: {
      name: string;
      served: boolean;
      storage: boolean;
      schema?: { openAPIV3Schema?: SchemaNode };
      subresources?: { status?: Json; scale?: Json };
      additionalPrinterColumns?: PrinterColumn[];
    }[];
  };
}

const CUSTOM_VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/** Kinds that only answer a question, and keep nothing. */
const REVIEWS = new Set(['selfsubjectaccessreviews', 'selfsubjectreviews']);

/** All kinds that are served: the built-in ones and those that CustomResourceDefinitions add. */
export class Catalog {
  readonly schemas: Schemas;
  readonly #atoms: Atoms;
  readonly #builtin: Resource[];
  readonly #custom = new Map<string, Resource[]>();

  constructor(file: SchemaFile) {
    this.schemas = new Schemas(file);
    this.#atoms = new Atoms(this.schemas);
    this.#builtin = file.resources.filter(({ name }) => !name.includes('/')).map((one) => this.#fromDiscovery(one));
  }

  all(): Resource[] {
    return [...this.#builtin, ...[...this.#custom.values()].flat()];
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.all().find((one) => one.plural === plural && one.group === group && one.version === version);
  }

  /** @throws Error for a kind that is not served. */
  ofKind(apiVersion: string, kind: string): Resource {
    const found = this.all().find((one) => one.kind === kind && one.apiVersion === apiVersion);
    if (!found) throw new Error(`no kind ${kind} in ${apiVersion}`);
    return found;
  }

  /** The kind whose objects are kept in a bucket; the first of several. */
  ofBucket(bucket: string): Resource | undefined {
    return this.all().find((one) => one.bucket === bucket && !REVIEWS.has(one.plural));
  }

  /** Serves the versions of a definition, in place of those it had. */
  define(definition: Definition): void {
    const { spec } = definition;
    const served = spec.versions.filter((version) => version.served);
    this.#custom.set(
      definition.metadata.name,
      served.map((version) => {
        const schema = withObjectFields(version.schema?.openAPIV3Schema ?? {});
        const hasStatus = isObject(version.subresources?.status);
        const custom: CustomVersion = { schema, hasStatus, columns: version.additionalPrinterColumns ?? [] };
        const { names } = spec;
        return makeResource(this.schemas, this.#atoms, {
          group: spec.group,
          version: version.name,
          plural: names.plural,
          singular: names.singular ?? names.kind.toLowerCase(),
          kind: names.kind,
          listKind: names.listKind ?? `${names.kind}List`,
          namespaced: spec.scope === 'Namespaced',
          shortNames: names.shortNames ?? [],
          categories: names.categories ?? [],
          verbs: CUSTOM_VERBS,
          bucket: `${spec.group}/${names.plural}`,
          subresources: hasStatus ? statusOf(spec, version.name) : new Map(),
          storageVersionHash: hashOf(spec.group, version.name, names.kind),
          strategy: { tracksGeneration: true, needsVersion: true, fields: {} },
          schema,
          custom,
        });
      }),
    );
  }

  undefine(name: string): void {
    this.#custom.delete(name);
  }

  #fromDiscovery(one: DiscoveredResource): Resource {
    const [version = '', group = ''] = one.groupVersion.split('/').reverse();
    // Events are one kind under two names; both are kept as core/v1 has them.
    const bucket = group === '' || group === 'events.k8s.io' ? one.name : `${group}/${one.name}`;
    const found = this.schemas.ofKind(group, version, one.kind);
    if (!found) throw new Error(`schemas.json has no schema of ${one.kind} in ${one.groupVersion}`);
    const subresources = this.schemas.file.resources
      .filter((sub) => sub.groupVersion === one.groupVersion && sub.name.startsWith(`${one.name}/`))
      .map((sub): [string, DiscoveredResource] => [sub.name.slice(one.name.length + 1), sub]);
    return makeResource(this.schemas, this.#atoms, {
      group,
      version,
      plural: one.name,
      singular: one.singularName,
      kind: one.kind,
      listKind: `${one.kind}List`,
      namespaced: one.namespaced,
      shortNames: one.shortNames ?? [],
      categories: one.categories ?? [],
      verbs: one.verbs,
      bucket,
      subresources: new Map(subresources),
      storageVersionHash: one.storageVersionHash,
      strategy: STRATEGIES[bucket] ?? {},
      schema: found.node,
      schemaName: found.name,
    });
  }
}

/** How the server names what it keeps, in discovery. */
function hashOf(group: string, version: string, kind: string): string {
  return createHash('sha256').update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString('base64');
}

function statusOf({ names, group, scope }: Definition['spec'], version: string): Map<string, DiscoveredResource> {
  const status: DiscoveredResource = {
    groupVersion: `${group}/${version}`,
    name: `${names.plural}/status`,
    singularName: '',
    namespaced: scope === 'Namespaced',
    kind: names.kind,
    verbs: ['get', 'patch', 'update'],
  };
  return new Map([['status', status]]);
}

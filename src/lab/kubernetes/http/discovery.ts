import { createHash } from 'node:crypto';
import type { JsonObject, Json } from '../json.ts';
import type { Catalog } from '../registry/catalog.ts';
import type { Resource } from '../registry/resource.ts';
import { type SchemaNode, refTo } from '../schema/node.ts';

/** What the API server says about itself: groups, kinds, schemas. */
export class Discovery {
  readonly #catalog: Catalog;
  readonly #address: string;

  /** @param address `127.0.0.1:6443` */
  constructor(catalog: Catalog, address: string) {
    this.#catalog = catalog;
    this.#address = address;
  }

  /** The body for a path of discovery; undefined where there is nothing under it. */
  answer(path: string, accept: string): { body: JsonObject; type?: string } | undefined {
    const parts = path.split('/').filter((part) => part !== '');
    const [root, group, version] = parts;
    const isAggregated = accept.includes('as=APIGroupDiscoveryList') && /v=v2(\D|$)/.test(accept);
    if (root === 'api') {
      if (group === undefined) return isAggregated ? aggregated([this.#group('')]) : { body: this.#legacy() };
      return parts.length === 2 && group === 'v1' ? { body: this.#resources('', 'v1') } : undefined;
    }
    if (root !== 'apis' || parts.length > 3) return undefined;
    const groups = this.#groups();
    if (group === undefined) {
      if (isAggregated) return aggregated(groups.map((name) => this.#group(name)));
      const list = { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((name) => this.#apiGroup(name)) };
      return { body: list };
    }
    if (!groups.includes(group)) return undefined;
    if (version === undefined) return { body: { kind: 'APIGroup', apiVersion: 'v1', ...this.#apiGroup(group) } };
    return this.#versions(group).includes(version) ? { body: this.#resources(group, version) } : undefined;
  }

  #legacy(): JsonObject {
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: this.#address }],
    };
  }

  #groups(): string[] {
    return [...new Set(this.#catalog.all().map(({ group }) => group))].filter((group) => group !== '');
  }

  #versions(group: string): string[] {
    return [...new Set(this.#of(group).map(({ version }) => version))];
  }

  #of(group: string, version?: string): Resource[] {
    return this.#catalog
      .all()
      .filter((one) => one.group === group && (version === undefined || one.version === version))
      .sort((a, b) => (a.plural < b.plural ? -1 : 1));
  }

  #apiGroup(name: string): JsonObject {
    const versions = this.#versions(name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions, preferredVersion: versions[0] ?? {} };
  }

  #resources(group: string, version: string): JsonObject {
    const list = this.#of(group, version).flatMap((one): JsonObject[] => [
      {
        name: one.plural,
        singularName: one.singular,
        namespaced: one.namespaced,
        kind: one.kind,
        verbs: one.verbs,
        ...(one.shortNames.length > 0 && { shortNames: one.shortNames }),
        ...(one.categories.length > 0 && { categories: one.categories }),
        ...(one.storageVersionHash !== undefined && { storageVersionHash: one.storageVersionHash }),
      },
      ...[...one.subresources.values()].map((sub) => ({
        name: sub.name,
        singularName: '',
        namespaced: one.namespaced,
        ...(sub.group !== undefined && { group: sub.group }),
        ...(sub.version !== undefined && { version: sub.version }),
        kind: sub.kind,
        verbs: sub.verbs,
      })),
    ]);
    const groupVersion = group === '' ? version : `${group}/${version}`;
    return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: list };
  }

  #group(group: string): JsonObject {
    return {
      metadata: group === '' ? {} : { name: group },
      versions: this.#versions(group).map((version) => ({
        version,
        resources: this.#of(group, version).map((one) => ({
          resource: one.plural,
          responseKind: { group, version, kind: one.kind },
          scope: one.namespaced ? 'Namespaced' : 'Cluster',
          singularResource: one.singular,
          verbs: one.verbs,
          ...(one.shortNames.length > 0 && { shortNames: one.shortNames }),
          ...(one.categories.length > 0 && { categories: one.categories }),
          subresources: [...one.subresources].map(([name, sub]) => ({
            subresource: name,
            responseKind: { group: sub.group ?? group, version: sub.version ?? version, kind: sub.kind },
            verbs: sub.verbs,
          })),
        })),
        freshness: 'Current',
      })),
    };
  }

  /** `/openapi/v3`, or the document of one group and version below it. */
  openapi(path: string): JsonObject | undefined {
    const name = path.replace(/^\/openapi\/v3\/?/, '');
    const all = new Map(
      this.#catalog.all().map((one) => [one.group === '' ? 'api/v1' : `apis/${one.apiVersion}`, one]),
    );
    if (name === '') {
      const paths = [...all.keys()].map((key): [string, Json] => {
        // Clients keep a document for as long as its hash stays the same.
        const hash = createHash('sha512')
          .update(JSON.stringify(this.#document(key)))
          .digest('hex')
          .toUpperCase();
        return [key, { serverRelativeURL: `/openapi/v3/${key}?hash=${hash}` }];
      });
      return { paths: Object.fromEntries(paths) };
    }
    return all.has(name) ? this.#document(name) : undefined;
  }

  #document(name: string): JsonObject {
    const apiVersion = name.replace(/^apis?\//, '');
    const resources = this.#catalog.all().filter((one) => one.apiVersion === apiVersion);
    const schemas: Record<string, SchemaNode> = {};
    const paths: JsonObject = {};
    for (const one of resources) {
      const { group, version, kind } = one;
      const schemaName = this.#catalog.schemas.ofKind(group, version, kind)?.name ?? customName(one);
      schemas[schemaName] = { ...one.schema, 'x-kubernetes-group-version-kind': [{ group, version, kind }] };
      this.#referred(schemas[schemaName], schemas);
      const base = `/${name}${one.namespaced ? '/namespaces/{namespace}' : ''}/${one.plural}`;
      paths[`${base}/{name}`] = { patch: patchOperation(group, version, kind), get: getOperation(one, schemaName) };
    }
    return {
      openapi: '3.0.0',
      info: { title: 'Kubernetes', version: 'v1.35.4' },
      paths,
      components: { schemas: schemas as unknown as JsonObject },
    };
  }

  #referred(node: SchemaNode, into: Record<string, SchemaNode>): void {
    for (const [, name = ''] of JSON.stringify(node).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (into[name]) continue;
      const found = this.#catalog.schemas.named(name);
      into[name] = found;
      this.#referred(found, into);
    }
  }
}

function aggregated(items: JsonObject[]): { body: JsonObject; type: string } {
  return {
    body: { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items },
    type: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  };
}

/** `io.k8s.storage.snapshot.v1.VolumeSnapshot` of the group snapshot.storage.k8s.io. */
function customName({ group, version, kind }: Resource): string {
  return `${group.split('.').reverse().join('.')}.${version}.${kind}`;
}

/** Says to kubectl that patches may be validated, tried and forced. */
function patchOperation(group: string, version: string, kind: string): JsonObject {
  return {
    parameters: ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
      name,
      in: 'query',
      schema: { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true },
    })),
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}

function getOperation({ group, version, kind }: Resource, schemaName: string): JsonObject {
  const schema = refTo(schemaName) as unknown as JsonObject;
  return {
    responses: { 200: { description: 'OK', content: { 'application/json': { schema } } } },
    'x-kubernetes-action': 'get',
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}

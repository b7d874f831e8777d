import type { ServerResponse } from 'node:http';
import { type JsonObject, without } from '../json.ts';
import { type KubeObject, asJson } from '../objects.ts';
import { deleteObject, parseInteger, readDeleteOptions } from '../registry/deletion.ts';
import type { Registry } from '../registry/registry.ts';
import type { Resource } from '../registry/resource.ts';
import type { Schemas } from '../schema/node.ts';
import { ApiError, type Status, methodNotAllowed } from '../status.ts';
import { fromEventsGroup, toEventsGroup } from './events.ts';
import { listPage } from './list.ts';
import { patchObject } from './patch.ts';
import type { Rbac } from './rbac.ts';
import { type ApiRequest, flag, readDocument } from './request.ts';
import { reviewOf } from './reviews.ts';
import type { Route } from './route.ts';
import { selectionOf } from './select.ts';
import { tableOf } from './table.ts';
import { type Watches, checkResourceVersion, defaultTimeoutSeconds } from './watch.ts';
import { writeOptions } from './write-options.ts';

/** What is sent back, unless a handler writes the answer itself. */
export interface Answer {
  status: number;
  body: unknown;
  type?: string;
  warnings?: string[];
}

/** One request to a known kind. */
export interface Call {
  request: ApiRequest;
  route: Route;
  resource: Resource;
}

/** How objects are wanted: as they are, as rows of a table, or only their metadata. */
type Form = 'object' | 'table' | 'metadata';

/** Create, read, update, patch, delete and watch over HTTP, for any kind. */
export class Handlers {
  readonly #registry: Registry;
  readonly #rbac: Rbac;
  readonly #watches: Watches;

  constructor(registry: Registry, rbac: Rbac, watches: Watches) {
    this.#registry = registry;
    this.#rbac = rbac;
    this.#watches = watches;
  }

  handle(call: Call): Answer {
    const { request, route } = call;
    const isCollection = route.name === undefined;
    switch (request.method) {
      case 'GET':
        return isCollection ? this.#list(call) : this.#get(call);
      case 'POST':
        if (isCollection) return this.#create(call);
        break;
      case 'PUT':
        if (!isCollection) return this.#update(call);
        break;
      case 'PATCH':
        if (!isCollection) return this.#patch(call);
        break;
      case 'DELETE':
        return isCollection ? this.#deleteAll(call) : this.#delete(call);
    }
    throw methodNotAllowed();
  }

  /** Writes changes until the client goes away. `cutAfterMs`: a connection that is cut on purpose. */
  watch({ request, route, resource }: Call, response: ServerResponse, cutAfterMs?: number): void {
    const { query } = request;
    const resourceVersion = query.get('resourceVersion') ?? '';
    checkResourceVersion(resourceVersion);
    const timeout = parseInteger(query.get('timeoutSeconds') ?? '0');
    const byName = route.name === undefined ? undefined : route.name;
    const selects = selectionOf(resource, query);
    const form = formOf(request);
    let isFirstTable = true;
    this.#watches.serve(response, resource, {
      namespace: resource.namespaced ? route.namespace : undefined,
      selection: (object) => (byName === undefined || object.metadata.name === byName) && selects(object),
      resourceVersion,
      timeoutSeconds: timeout > 0 ? timeout : defaultTimeoutSeconds(),
      bookmarks: flag(query, 'allowWatchBookmarks'),
      sendInitialEvents: flag(query, 'sendInitialEvents'),
      render: (object) => {
        if (form === 'object') return this.#shown(resource, object);
        if (form === 'metadata') return metadataOnly(object);
        const table = tableOf(
          resource,
          [object],
          { resourceVersion: object.metadata.resourceVersion ?? '' },
          isFirstTable,
        );
        isFirstTable = false;
        return table;
      },
      ...(cutAfterMs !== undefined && { cutAfterMs }),
    });
  }

  #get({ request, route, resource }: Call): Answer {
    const object = this.#registry.get(resource, route.namespace, route.name ?? '');
    return this.#answer(200, resource, object, request);
  }

  #list({ request, route, resource }: Call): Answer {
    const { query } = request;
    const namespace = resource.namespaced ? route.namespace : undefined;
    const page = listPage(this.#registry.store, resource, namespace, selectionOf(resource, query), query);
    const form = formOf(request);
    if (form === 'table') return { status: 200, body: tableOf(resource, page.items, page.metadata) };
    if (form === 'metadata') {
      const list = { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: page.metadata };
      return { status: 200, body: { ...list, items: page.items.map(metadataOnly) } };
    }
    return { status: 200, body: this.#listBody(resource, page.items, page.metadata) };
  }

  /** Items of built-in lists do not say what they are; those of custom kinds do. */
  #listBody(resource: Resource, items: readonly KubeObject[], metadata: JsonObject): JsonObject {
    return {
      kind: resource.listKind,
      apiVersion: resource.apiVersion,
      metadata: resource.custom ? { continue: '', ...metadata } : metadata,
      items: items.map((object) => {
        const shown = asJson(this.#shown(resource, object));
        if (resource.custom) return shown;
        return without(shown, 'kind', 'apiVersion');
      }),
    };
  }

  #create({ request, route, resource }: Call): Answer {
    const { options } = writeOptions(request, 'CreateOptions');
    const { value, duplicates, positions } = readDocument(this.#schemas, request, resource.kind);
    if (!resource.verbs.includes('list')) {
      return { status: 201, body: reviewOf(this.#rbac, request.user, resource, value, options.manager) };
    }
    const input = this.#input(resource, value);
    const created = this.#registry.create(this.#kept(resource), route.namespace, input, {
      ...options,
      duplicates,
      positions,
    });
    return { ...this.#answer(201, resource, created, request), warnings: options.warnings };
  }

  #update({ request, route, resource }: Call): Answer {
    const { options } = writeOptions(request, 'UpdateOptions');
    const { value, duplicates, positions } = readDocument(this.#schemas, request, resource.kind);
    const written = this.#registry.update(
      this.#kept(resource),
      route.namespace,
      route.name ?? '',
      this.#input(resource, value),
      { ...options, duplicates, positions },
      route.subresource,
    );
    const answer = this.#answer(written.created ? 201 : 200, resource, written.object, request);
    return { ...answer, warnings: options.warnings };
  }

  #patch({ request, route, resource }: Call): Answer {
    const { options, isManagerNamed } = writeOptions(request, 'PatchOptions');
    const target = {
      resource: this.#kept(resource),
      namespace: route.namespace,
      name: route.name ?? '',
      subresource: route.subresource,
    };
    const written = patchObject(this.#registry, target, request, options, isManagerNamed);
    const answer = this.#answer(written.created ? 201 : 200, resource, written.object, request);
    return { ...answer, warnings: options.warnings };
  }

  #delete({ request, route, resource }: Call): Answer {
    const options = this.#deleteOptions(request);
    const name = route.name ?? '';
    const { object, gone } = deleteObject(this.#registry, resource, route.namespace, name, options);
    if (!gone || resource.strategy.returnsDeleted) return this.#answer(200, resource, object, request);
    const { group, plural } = resource;
    const status: Status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name, ...(group !== '' && { group }), kind: plural, uid: object.metadata.uid ?? '' },
    };
    return { status: 200, body: status };
  }

  #deleteAll({ request, route, resource }: Call): Answer {
    if (!resource.verbs.includes('deletecollection')) throw methodNotAllowed();
    const options = this.#deleteOptions(request);
    const selects = selectionOf(resource, request.query);
    const items = this.#registry.store
      .list(resource.bucket, resource.namespaced ? route.namespace : undefined)
      .filter(selects)
      .map(({ metadata }) => deleteObject(this.#registry, resource, metadata.namespace, metadata.name, options).object);
    const metadata = { resourceVersion: String(this.#registry.store.revision) };
    return { status: 200, body: this.#listBody(resource, items, metadata) };
  }

  get #schemas(): Schemas {
    return this.#registry.catalog.schemas;
  }

  #deleteOptions(request: ApiRequest) {
    writeOptions(request, 'DeleteOptions');
    const body = request.body === '' ? {} : readDocument(this.#schemas, request, 'DeleteOptions').value;
    return readDeleteOptions(body, request.query);
  }

  #answer(status: number, resource: Resource, object: KubeObject, request: ApiRequest): Answer {
    const form = formOf(request);
    if (form === 'object') return { status, body: this.#shown(resource, object) };
    if (form === 'metadata') return { status, body: metadataOnly(object) };
    return { status, body: tableOf(resource, [object], { resourceVersion: object.metadata.resourceVersion ?? '' }) };
  }

  /** Events are kept as core/v1 has them, whichever group they are asked for by. */
  #kept(resource: Resource): Resource {
    return resource.group === 'events.k8s.io' ? this.#registry.catalog.ofKind('v1', 'Event') : resource;
  }

  #input(resource: Resource, value: JsonObject): JsonObject {
    return resource.group === 'events.k8s.io' ? fromEventsGroup(value) : value;
  }

  #shown(resource: Resource, object: KubeObject): KubeObject {
    return resource.group === 'events.k8s.io' ? toEventsGroup(object) : object;
  }
}

function metadataOnly({ metadata }: KubeObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: metadata as unknown as JsonObject };
}

/** @throws ApiError 406 where nothing is wanted that the server can write. */
function formOf({ headers }: ApiRequest): Form {
  const accept = headers.accept ?? '';
  for (const wanted of accept.split(',').map((one) => one.trim())) {
    if (!/^(application\/(json|\*)|\*\/\*)/.test(wanted)) continue;
    if (wanted.includes('as=Table')) return 'table';
    return wanted.includes('as=PartialObjectMetadata') ? 'metadata' : 'object';
  }
  if (accept === '') return 'object';
  const known =
    'application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';
  throw new ApiError(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${known}`, {});
}

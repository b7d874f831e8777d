/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters -- callers name the shape they read, as in types.ts */
import type { Context } from '../core/context.ts';
import { couldNotRun } from '../core/errors.ts';
import { retry } from '../core/retry.ts';
import { describeObject, isNotFound, KubeApiError, KubeUnreachable } from './errors.ts';
import { openExec } from './exec.ts';
import { type ClusterChoice, loadKubeTarget } from './kubeconfig.ts';
import {
  collectionPath,
  discoveryPath,
  groupVersion,
  knownResource,
  objectPath,
  type Resource,
  selectorQuery,
} from './kinds.ts';
import { type HttpAnswer, type HttpRequest, Transport } from './transport.ts';
import type {
  ApplyOptions,
  CallOptions,
  Collection,
  DeleteOptions,
  ExecOptions,
  ExecResult,
  ExecSession,
  KubeClient,
  KubeObject,
  ObjectRef,
  WatchEvent,
  WriteOptions,
} from './types.ts';
import { WATCH_SECONDS, watchCollection } from './watch.ts';

/** Owner of what this program applies, in `managedFields`. */
export const FIELD_MANAGER = 'manila-rwx';

/** Objects a page of a list; what kubectl takes. */
const PAGE = 500;

/**
 * Chooses the cluster and readies a connection. No request is made: the first call finds out whether the cluster is
 * there.
 * @throws CliError (exit 2) where the kubeconfig is missing or wrong.
 */
export async function connectKube(ctx: Context, choice: ClusterChoice = {}): Promise<KubeClient> {
  const target = await loadKubeTarget(ctx, choice);
  return new RestClient(ctx, new Transport(ctx, target), target.namespace);
}

type Query = Record<string, string | undefined>;

class RestClient implements KubeClient {
  readonly server: string;
  readonly context: string;
  readonly namespace: string;
  readonly #ctx: Context;
  readonly #transport: Transport;
  readonly #discovered = new Map<string, Promise<Resource | undefined>>();

  constructor(ctx: Context, transport: Transport, namespace: string) {
    this.#ctx = ctx;
    this.#transport = transport;
    this.server = transport.asked.server;
    this.context = transport.asked.context;
    this.namespace = namespace;
  }

  async get<T extends KubeObject>(ref: ObjectRef, options: CallOptions = {}): Promise<T | undefined> {
    const resource = await this.#resource(ref, options);
    if (!resource) return undefined;
    try {
      return await this.#read<T>(objectPath(resource, ref), options);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async list<T extends KubeObject>(collection: Collection, options: CallOptions = {}) {
    const resource = await this.#resource(collection, options);
    if (!resource) return { items: [], resourceVersion: '' };
    const path = collectionPath(resource, collection.namespace);
    try {
      return await this.#pages<T>(path, collection, options);
    } catch (error) {
      if (isNotFound(error)) return { items: [], resourceVersion: '' };
      throw error;
    }
  }

  async create(object: KubeObject, options: WriteOptions = {}): Promise<KubeObject> {
    const resource = await this.#resourceToWrite(object, options);
    const path = collectionPath(resource, object.metadata.namespace);
    return this.#write('POST', path, { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' }, object, options);
  }

  async apply(object: KubeObject, options: ApplyOptions = {}): Promise<KubeObject> {
    const resource = await this.#resourceToWrite(object, options);
    const query = {
      fieldManager: FIELD_MANAGER,
      fieldValidation: 'Strict',
      force: options.force ? 'true' : undefined,
    };
    // JSON is YAML. https://kubernetes.io/docs/reference/using-api/server-side-apply/
    const contentType = 'application/apply-patch+yaml';
    return this.#write('PATCH', objectPath(resource, object.metadata), query, object, options, contentType);
  }

  async mergePatch(ref: ObjectRef, patch: object, options: WriteOptions = {}): Promise<KubeObject> {
    const resource = await this.#resourceToWrite(ref, options);
    const query = { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' };
    return this.#write('PATCH', objectPath(resource, ref), query, patch, options, 'application/merge-patch+json');
  }

  async delete(ref: ObjectRef, options: DeleteOptions = {}): Promise<boolean> {
    const resource = await this.#resource(ref, options);
    if (!resource) return false;
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: options.gracePeriodSeconds,
      propagationPolicy: options.propagationPolicy,
      preconditions: { uid: options.uid, resourceVersion: options.resourceVersion },
      // Where there is a body, the server does not look at the query: a dry run asked for there would delete.
      dryRun: options.dryRun ? ['All'] : undefined,
    };
    try {
      await this.#write('DELETE', objectPath(resource, ref), {}, body, options);
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  watch<T extends KubeObject>(collection: Collection, signal: AbortSignal): AsyncIterable<WatchEvent<T>> {
    return watchCollection<T>(
      this.#ctx,
      {
        list: (stop) => this.list<T>(collection, { signal: stop }),
        open: async (resourceVersion, options) => {
          const resource = await this.#resourceToWrite(collection, options);
          const path = withQuery(collectionPath(resource, collection.namespace), {
            ...selectorQuery(collection),
            watch: 'true',
            resourceVersion,
            allowWatchBookmarks: 'true',
            timeoutSeconds: String(WATCH_SECONDS),
          });
          return this.#transport.open({ method: 'GET', path, ...options });
        },
        apiError: (status) => new KubeApiError(status.code ?? 0, status, this.#transport.asked),
      },
      signal,
    );
  }

  async exec(pod: { name: string; namespace: string }, options: ExecOptions): Promise<ExecResult> {
    const session = await openExec(this.#transport, pod, options, false);
    return session.ended;
  }

  async execSession(pod: { name: string; namespace: string }, options: ExecOptions): Promise<ExecSession> {
    return openExec(this.#transport, pod, options, true);
  }

  async logs(
    pod: { name: string; namespace: string },
    options: CallOptions & { container?: string; tailLines?: number; previous?: boolean } = {},
  ): Promise<string> {
    const path = withQuery(
      `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${encodeURIComponent(pod.name)}/log`,
      {
        container: options.container,
        tailLines: options.tailLines === undefined ? undefined : String(options.tailLines),
        previous: options.previous ? 'true' : undefined,
      },
    );
    try {
      return (await this.#send({ method: 'GET', path, accept: '*/*', ...calls(options) }, true)).text;
    } catch (error) {
      // 400: the container has not started, or there is no previous one.
      if (error instanceof KubeApiError && (error.status === 404 || error.status === 400)) return '';
      throw error;
    }
  }

  async can(
    access: { verb: string; group?: string; resource: string; subresource?: string; namespace?: string },
    options: CallOptions = {},
  ): Promise<boolean> {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: access },
    };
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    // A review keeps nothing, so it may be repeated like a read.
    const answer = await this.#send({ method: 'POST', path, body: review, ...calls(options) }, true);
    return (JSON.parse(answer.text) as { status?: { allowed?: boolean } }).status?.allowed === true;
  }

  async raw(path: string, options: CallOptions = {}): Promise<unknown> {
    const { text } = await this.#send(
      { method: 'GET', path, accept: 'application/json, */*', ...calls(options) },
      true,
    );
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  }

  close(): void {
    this.#transport.close();
  }

  async #pages<T extends KubeObject>(path: string, collection: Collection, options: CallOptions) {
    const items: T[] = [];
    let next: string | undefined;
    for (;;) {
      const query: Query = { ...selectorQuery(collection), limit: String(PAGE), continue: next };
      let page: { items?: T[]; metadata: { resourceVersion?: string; continue?: string } };
      try {
        page = await this.#read(withQuery(path, query), options);
      } catch (error) {
        if (next === undefined || !(error instanceof KubeApiError) || error.status !== 410) throw error;
        // The pages were too slow for the server's memory: once more, in one piece.
        page = await this.#read(withQuery(path, selectorQuery(collection)), options);
        items.length = 0;
      }
      // Items of a list come without their type.
      for (const item of page.items ?? [])
        items.push({ ...item, apiVersion: collection.apiVersion, kind: collection.kind });
      next = page.metadata.continue || undefined;
      if (next === undefined) return { items, resourceVersion: page.metadata.resourceVersion ?? '' };
    }
  }

  /** The resource of a kind: from the table, or from the server's own list. Undefined where the server has none. */
  async #resource({ apiVersion, kind }: { apiVersion: string; kind: string }, options: CallOptions) {
    const known = knownResource(apiVersion, kind);
    if (known) return known;
    const key = `${apiVersion} ${kind}`;
    const found = this.#discovered.get(key) ?? this.#discover(apiVersion, kind, options);
    this.#discovered.set(key, found);
    // Neither a failure nor an absence is remembered: a CRD may be installed by this very run.
    const resource = await found.catch((error: unknown) => {
      this.#discovered.delete(key);
      throw error;
    });
    if (!resource) this.#discovered.delete(key);
    return resource;
  }

  async #discover(apiVersion: string, kind: string, options: CallOptions): Promise<Resource | undefined> {
    try {
      const { resources } = await this.#read<{ resources: { name: string; kind: string; namespaced: boolean }[] }>(
        discoveryPath(apiVersion),
        options,
      );
      const found = resources.find((one) => one.kind === kind && !one.name.includes('/'));
      return found && { ...groupVersion(apiVersion), resource: found.name, namespaced: found.namespaced };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #resourceToWrite(type: { apiVersion: string; kind: string }, options: CallOptions): Promise<Resource> {
    const resource = await this.#resource(type, options);
    if (resource) return resource;
    throw couldNotRun('unknown-kind', `the cluster ${this.server} knows no ${type.kind} of ${type.apiVersion}`, {
      remedy: `see what it knows: kubectl --context ${this.context} api-resources`,
    });
  }

  async #read<T>(path: string, options: CallOptions): Promise<T> {
    const answer = await this.#send({ method: 'GET', path, ...calls(options) }, true);
    return JSON.parse(answer.text) as T;
  }

  async #write(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    query: Query,
    body: object,
    options: WriteOptions,
    contentType?: string,
  ): Promise<KubeObject> {
    const subject = 'metadata' in body ? describeObject(body as KubeObject) : undefined;
    const request: HttpRequest = {
      method,
      subject,
      path: withQuery(path, { ...query, dryRun: options.dryRun ? 'All' : undefined }),
      body,
      ...(contentType === undefined ? {} : { contentType }),
      ...calls(options),
    };
    return JSON.parse((await this.#send(request, false)).text) as KubeObject;
  }

  /** Sends, and repeats what may be repeated: reads after faults that pass, writes only where nothing was taken. */
  async #send(request: HttpRequest, repeatable: boolean): Promise<HttpAnswer> {
    return retry(() => this.#transport.send(request), {
      clock: this.#ctx.clock,
      signal: request.signal,
      retryable: (error) => {
        if (error instanceof KubeUnreachable) {
          if (error.permanent || error.errno === undefined) return false;
          return repeatable || error.untouched;
        }
        if (!(error instanceof KubeApiError)) return false;
        if (error.status === 429 || (repeatable && error.status >= 500)) return error.retryAfterMs ?? true;
        return false;
      },
    });
  }
}

function calls({ signal, timeoutMs }: CallOptions): Pick<HttpRequest, 'signal' | 'timeoutMs'> {
  return { signal, timeoutMs };
}

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

import { randomUUID } from 'node:crypto';
import { type JsonObject, at, isObject, text } from '../json.ts';
import type { Pod } from '../kinds.ts';
import { type KubeObject, type LabelSelector, asJson, asObject, timestamp } from '../objects.ts';
import { deleteObject, readDeleteOptions } from '../registry/deletion.ts';
import type { Registry } from '../registry/registry.ts';
import { setNamespaceFinalizers } from '../registry/namespaces.ts';
import { ApiError, badRequest, methodNotAllowed, notServed } from '../status.ts';
import { labelSelectorTest } from '../store/selectors.ts';
import { serviceAccountGroups, type Tokens } from './auth.ts';
import type { Answer, Call, Handlers } from './handlers.ts';
import { readDocument } from './request.ts';
import { writeOptions } from './write-options.ts';

/** Scale, eviction, tokens and the like. What is not here is said to be missing. */
export class Subresources {
  readonly #registry: Registry;
  readonly #handlers: Handlers;
  readonly #tokens: Tokens;

  constructor(registry: Registry, handlers: Handlers, tokens: Tokens) {
    this.#registry = registry;
    this.#handlers = handlers;
    this.#tokens = tokens;
  }

  handle(call: Call): Answer {
    const { route, resource, request } = call;
    switch (route.subresource) {
      case 'status':
        if (request.method === 'POST' || request.method === 'DELETE') throw methodNotAllowed();
        return this.#handlers.handle(call);
      case 'scale':
        return this.#scale(call);
      case 'eviction':
        if (request.method !== 'POST') throw methodNotAllowed();
        return this.#evict(call);
      case 'token':
        if (request.method !== 'POST') throw methodNotAllowed();
        return this.#token(call);
      case 'finalize':
        if (request.method !== 'PUT') throw methodNotAllowed();
        return this.#finalize(call);
      default:
        throw notServed(`${request.method} ${resource.plural}/${route.subresource ?? ''} (${request.path})`);
    }
  }

  #scale({ request, route, resource }: Call): Answer {
    const object = this.#registry.get(resource, route.namespace, route.name ?? '');
    if (request.method === 'GET') return { status: 200, body: scaleOf(object) };
    if (request.method !== 'PUT' && request.method !== 'PATCH') throw methodNotAllowed();
    const { options } = writeOptions(request, 'UpdateOptions');
    const replicas = at(readScale(request.body), 'spec', 'replicas') ?? 0;
    if (typeof replicas !== 'number' || replicas < 0) throw badRequest('spec.replicas: must be a number from 0');
    const spec = { ...(asJson(object).spec as JsonObject), replicas };
    const next = asObject({ ...asJson(object), spec });
    return { status: 200, body: scaleOf(this.#registry.replace(resource, object, next, options)) };
  }

  #evict({ request, route, resource }: Call): Answer {
    const pod = this.#registry.get(resource, route.namespace, route.name ?? '') as Pod;
    const { value } = readDocument(this.#registry.catalog.schemas, request, 'Eviction');
    const budget = this.#budgetInTheWay(pod);
    if (budget) {
      throw new ApiError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
        causes: [{ reason: 'DisruptionBudget', message: budget }],
      });
    }
    const options = readDeleteOptions(isObject(value.deleteOptions) ? value.deleteOptions : {}, request.query);
    deleteObject(this.#registry, resource, route.namespace, route.name ?? '', options);
    return { status: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
  }

  /** Why a disruption budget does not let the pod go now. */
  #budgetInTheWay(pod: Pod): string | undefined {
    if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed' || pod.spec.nodeName === undefined)
      return undefined;
    for (const budget of this.#registry.store.list('policy/poddisruptionbudgets', pod.metadata.namespace)) {
      const json = asJson(budget);
      if (!labelSelectorTest(at(json, 'spec', 'selector') as LabelSelector | undefined)(pod.metadata.labels)) continue;
      const status = (name: string): string => text(at(json, 'status', name) ?? 0);
      if (Number(status('disruptionsAllowed')) > 0) continue;
      return `The disruption budget ${budget.metadata.name} needs ${status('desiredHealthy')} healthy pods and has ${status('currentHealthy')} currently`;
    }
    return undefined;
  }

  /** A token for a service account, as `kubectl create token` asks for it. */
  #token({ request, route, resource }: Call): Answer {
    const account = this.#registry.get(resource, route.namespace, route.name ?? '');
    const { value } = readDocument(this.#registry.catalog.schemas, request, 'TokenRequest');
    const seconds = Number(at(value, 'spec', 'expirationSeconds') ?? 3600);
    const name = `system:serviceaccount:${account.metadata.namespace ?? ''}:${account.metadata.name}`;
    const token = `lab.${randomUUID()}.${randomUUID()}`;
    this.#tokens.add(
      token,
      { name, uid: account.metadata.uid ?? '', groups: serviceAccountGroups(name) },
      seconds * 1000,
    );
    const audiences = at(value, 'spec', 'audiences') ?? ['https://kubernetes.default.svc.cluster.local'];
    return {
      status: 201,
      body: {
        kind: 'TokenRequest',
        apiVersion: 'authentication.k8s.io/v1',
        metadata: {
          name: account.metadata.name,
          namespace: account.metadata.namespace,
          creationTimestamp: timestamp(),
        },
        spec: { audiences, expirationSeconds: seconds, boundObjectRef: null },
        status: { token, expirationTimestamp: timestamp(Date.now() + seconds * 1000) },
      },
    };
  }

  #finalize({ request, route, resource }: Call): Answer {
    const { value } = readDocument(this.#registry.catalog.schemas, request, 'Namespace');
    const finalizers = at(value, 'spec', 'finalizers');
    return { status: 200, body: setNamespaceFinalizers(this.#registry, resource, route.name ?? '', finalizers) };
  }
}

function readScale(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    if (isObject(value)) return value;
  } catch {
    // Told below.
  }
  throw badRequest('the body is no Scale');
}

function scaleOf(object: KubeObject): JsonObject {
  const json = asJson(object);
  const labels = at(json, 'spec', 'selector', 'matchLabels');
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    // As Go writes it: a zero is left out of the spec, and kept in the status.
    spec: at(json, 'spec', 'replicas') ? { replicas: at(json, 'spec', 'replicas') } : {},
    status: {
      replicas: at(json, 'status', 'replicas') ?? 0,
      selector: isObject(labels)
        ? Object.entries(labels)
            .map(([key, value]) => `${key}=${text(value)}`)
            .join(',')
        : '',
    },
  };
}

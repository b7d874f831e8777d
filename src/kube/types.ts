/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters -- callers name the shape they read; raw JSON is not checked */
/** Kubernetes objects as the API sends them: raw JSON, so that no field is lost that this program does not know. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
  managedFields?: ManagedFields[];
}

export interface ManagedFields {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource?: string;
  fieldsV1?: Record<string, unknown>;
}

/** What names one object. `apiVersion` and `kind` choose the resource; a missing namespace means cluster scope. */
export interface ObjectRef {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string | undefined;
}

/** A kind of object, and where to look for it. Without a namespace: in all of them. */
export interface Collection {
  apiVersion: string;
  kind: string;
  namespace?: string | undefined;
  labelSelector?: string;
  fieldSelector?: string;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Milliseconds until the call is given up; 30 s unless told. */
  timeoutMs?: number;
}

export interface WriteOptions extends CallOptions {
  /** The server checks the request and keeps nothing. */
  dryRun?: boolean;
}

export interface ApplyOptions extends WriteOptions {
  /** Take over fields that another manager holds. Without it that is an error which names manager and fields. */
  force?: boolean;
}

export interface DeleteOptions extends WriteOptions {
  /** Seconds; the object's own setting unless told. */
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  /** Refuse (409) if the object is not this one any more. */
  uid?: string | undefined;
  /** Refuse (409) if the object was changed since it had this version. */
  resourceVersion?: string | undefined;
}

export interface WatchEvent<T extends KubeObject = KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: T;
}

export interface ExecOptions {
  container?: string;
  command: readonly string[];
  /** Milliseconds until the exec is abandoned with a `timed-out` error. */
  timeoutMs: number;
  signal?: AbortSignal;
}

export interface ExecResult {
  /** Exit code of the command in the container. */
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A command running in a container. Lines can be awaited and input can be written, which is what a barrier needs. */
export interface ExecSession {
  /** Resolves with the next line of stdout, or undefined when it ended. */
  nextLine(): Promise<string | undefined>;
  write(text: string): void;
  /** Resolves when the command ended. `stdout` holds all of it, also lines that were read. */
  readonly ended: Promise<ExecResult>;
  /** Abandons it: closes the connection. The process in the container may live on. */
  abandon(): void;
}

/**
 * A connection to one API server. Reads are repeated after connection errors, 429 and 5xx with back-off; writes only
 * where the server said that it did not take them (429, connection refused). Errors are CliErrors: `kube-unreachable`,
 * `kube-unauthorized`, `kube-forbidden` (exit 3, naming verb and resource) and `kube-api` for the rest, all with the
 * server's own sentence; {@link KubeApiError} carries status and reason for callers that decide by them.
 */
export interface KubeClient {
  /** `https://10.0.0.1:6443` */
  readonly server: string;
  /** Name of the kubeconfig's context. */
  readonly context: string;
  /** The context's namespace, `default` where it has none; `-n` beats it. */
  readonly namespace: string;

  /** GET of one object; undefined where there is none (404). */
  get<T extends KubeObject = KubeObject>(ref: ObjectRef, options?: CallOptions): Promise<T | undefined>;
  /** All objects of a collection, page by page (500 each). Items carry apiVersion and kind. A resource that the server does not know (404) is an empty list. */
  list<T extends KubeObject = KubeObject>(
    collection: Collection,
    options?: CallOptions,
  ): Promise<{ items: T[]; resourceVersion: string }>;
  create(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Server-side apply as field manager `manila-rwx`, with strict field validation. */
  apply(object: KubeObject, options?: ApplyOptions): Promise<KubeObject>;
  /** JSON merge patch. */
  mergePatch(ref: ObjectRef, patch: object, options?: WriteOptions): Promise<KubeObject>;
  /** Returns whether there was something to delete. Does not wait until it is gone. */
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<boolean>;
  /**
   * List, then watch from there: first an ADDED for each object that exists, then what happens, until the signal is
   * aborted or the loop is left. Cut connections and 410 Gone are mended by listing again; deletions that happened
   * in between are reported.
   */
  watch<T extends KubeObject = KubeObject>(collection: Collection, signal: AbortSignal): AsyncIterable<WatchEvent<T>>;
  /** Runs a command in a container to its end. A non-zero exit code is a result, not an error. */
  exec(pod: { name: string; namespace: string }, options: ExecOptions): Promise<ExecResult>;
  /** Starts a command in a container and leaves the conversation to the caller. */
  execSession(pod: { name: string; namespace: string }, options: ExecOptions): Promise<ExecSession>;
  /** The last lines of a container's log; empty text where there is none (yet). */
  logs(
    pod: { name: string; namespace: string },
    options?: CallOptions & { container?: string; tailLines?: number; previous?: boolean },
  ): Promise<string>;
  /** May this user do that? SelfSubjectAccessReview. */
  can(
    access: { verb: string; group?: string; resource: string; subresource?: string; namespace?: string },
    options?: CallOptions,
  ): Promise<boolean>;
  /** A raw GET, such as `/version` or `/openapi/v3`. */
  raw(path: string, options?: CallOptions): Promise<unknown>;
  /** Closes idle connections. */
  close(): void;
}

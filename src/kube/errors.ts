import { CliError, errnoOf, messageOf } from '../core/errors.ts';
import { ExitCode } from '../core/exit-codes.ts';
import type { KubeObject } from './types.ts';

/** One cause of a refused request, as metav1.StatusCause. */
export interface StatusCause {
  /** `FieldValueRequired`, `FieldManagerConflict` and so on. */
  reason?: string;
  message?: string;
  /** The field, as the server writes it: `spec.template.spec.containers[0].image`. */
  field?: string;
}

/** metav1.Status, as far as it is read here. */
export interface Status {
  kind?: string;
  status?: string;
  code?: number;
  reason?: string;
  message?: string;
  details?: { name?: string; group?: string; kind?: string; causes?: StatusCause[]; retryAfterSeconds?: number };
}

/** Who asked whom, for messages. */
export interface Asked {
  /** `https://10.0.0.1:6443` */
  server: string;
  /** Name of the kubeconfig's context. */
  context: string;
  /** What was asked about, where the server does not say it: `DaemonSet manila-csi/node`. */
  subject?: string | undefined;
}

/** The API server's refusal. `status` is 0 where there was no HTTP answer (an ERROR event of a watch has its own). */
export class KubeApiError extends CliError {
  readonly status: number;
  /** `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Forbidden`, `Expired` and so on. */
  readonly reason: string;
  readonly causes: readonly StatusCause[];
  /** Milliseconds that the server asks to wait, where it does. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, body: Status, asked: Asked, requestId?: string, retryAfterMs?: number) {
    const text = describe(status, body, asked);
    super({ ...text, exitCode: ExitCode.CouldNotRun, requestId });
    this.name = 'KubeApiError';
    this.status = status;
    this.reason = body.reason ?? '';
    this.causes = body.details?.causes ?? [];
    const asksSeconds = body.details?.retryAfterSeconds;
    this.retryAfterMs = retryAfterMs ?? (asksSeconds ? asksSeconds * 1000 : undefined);
  }
}

function describe(status: number, body: Status, asked: Asked): { code: string; message: string; remedy?: string } {
  const sentence = withoutDiff(body.message ?? '') || body.reason || `HTTP ${status}`;
  if (status === 401) {
    return {
      code: 'kube-unauthorized',
      message: `the API server ${asked.server} does not accept the login of context ${quote(asked.context)}: ${sentence}`,
      remedy: 'log in again, or choose another context with --context',
    };
  }
  if (status === 403 && body.reason !== 'Expired') {
    return {
      code: 'kube-forbidden',
      message: sentence,
      remedy: `ask the cluster's administrator for that right, or choose another context than ${quote(asked.context)} with --context`,
    };
  }
  const causes = body.details?.causes ?? [];
  if (causes.some(({ reason }) => reason === 'FieldManagerConflict'))
    return describeConflict(body, causes, asked.subject);
  return { code: 'kube-api', message: withCauses(sentence, causes) };
}

/** Server-side apply was refused because other managers hold the fields: says who holds what. */
function describeConflict(
  { details }: Status,
  causes: StatusCause[],
  subject = details?.name === undefined ? 'the object' : `${details.kind ?? 'object'} ${details.name}`,
): { code: string; message: string; remedy: string } {
  const byManager = new Map<string, string[]>();
  for (const { message = '', field = '' } of causes) {
    const manager = /^conflict with ("[^"]*")/.exec(message)?.[1] ?? message;
    byManager.set(manager, [...(byManager.get(manager) ?? []), field.replace(/^\./, '')]);
  }
  const held = [...byManager].map(([manager, fields]) => `${manager} holds ${fields.join(', ')}`).join('; ');
  return {
    code: 'kube-conflict',
    message: `${subject} was not changed: ${held}`,
    remedy: 'take these fields out of the other manager’s manifest, then run it again',
  };
}

/** Without the internal form of the object that the API server puts after some sentences as a diff. */
function withoutDiff(message: string): string {
  return message.replace(/\n@@ [^]*$/, '').trim();
}

/** The server's sentence, and each cause that the sentence does not already hold. */
function withCauses(sentence: string, causes: StatusCause[]): string {
  const more = causes
    .map(({ field, message = '' }) => [field, withoutDiff(message)].filter(Boolean).join(': '))
    .filter((text) => text !== '' && !sentence.includes(text));
  return more.length === 0 ? sentence : `${sentence}\n${more.map((text) => `  ${text}`).join('\n')}`;
}

/** Was there nothing under that name (or no such resource)? Also where the error was wrapped on its way. */
export function isNotFound(error: unknown): boolean {
  if (error instanceof KubeApiError) return error.status === 404;
  return error instanceof Error && error.cause !== undefined && isNotFound(error.cause);
}

/** No answer from the API server (exit 3), in the words of the connection. */
export class KubeUnreachable extends CliError {
  /** Node's error code: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, ... */
  readonly errno: string | undefined;

  constructor(asked: Asked, cause: unknown, what = messageOf(cause)) {
    const errno = errnoOf(cause);
    super({
      code: 'kube-unreachable',
      exitCode: ExitCode.CouldNotRun,
      message: `cannot reach the API server ${asked.server} of context ${quote(asked.context)}: ${what}`,
      remedy: remedyFor(errno, asked),
      cause,
    });
    this.name = 'KubeUnreachable';
    this.name = 'KubeUnreachable';
    this.errno = errno;
  }

  /** Nothing of the request has reached the server, so that even a write may be repeated. */
  get untouched(): boolean {
    return this.errno !== undefined && NOT_CONNECTED.has(this.errno);
  }

  /** A wrong certificate or name stays wrong, and a deadline that is over has left no time for another try. */
  get permanent(): boolean {
    return this.errno !== undefined && (TLS_CODE.test(this.errno) || ['ENOTFOUND', 'ABORT_ERR'].includes(this.errno));
  }
}

const NOT_CONNECTED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'EAI_AGAIN']);
/** OpenSSL's verification codes as Node names them: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const TLS_CODE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO/;

function remedyFor(errno: string | undefined, asked: Asked): string {
  if (errno && TLS_CODE.test(errno)) {
    return `the certificate authority in the kubeconfig does not fit this server: fetch the kubeconfig of context ${quote(asked.context)} again`;
  }
  return 'check that the cluster is up and that this address can be reached from here, or choose another context with --context';
}

/** `DaemonSet manila-csi/node`: an object as it is named in messages. */
export function describeObject(object: Pick<KubeObject, 'kind'> & { metadata: { name: string; namespace?: string } }) {
  const { name, namespace } = object.metadata;
  return `${object.kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

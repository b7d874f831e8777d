import type { JsonObject } from './json.ts';

/** One cause of a refusal, as metav1.StatusCause. */
export interface Cause {
  reason: string;
  message: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: Cause[];
  retryAfterSeconds?: number;
}

/** metav1.Status of a refusal. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: JsonObject;
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code?: number;
}

/** Which objects a refusal is about, as messages name them: `deployments.apps`, `Deployment.apps`. */
export interface Named {
  group: string;
  plural: string;
  kind: string;
}

/** A refusal that becomes the body of the answer. */
export class ApiError extends Error {
  readonly status: Status;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.name = 'ApiError';
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason && { reason }),
      ...(details && { details }),
      code,
    };
  }

  get code(): number {
    return this.status.code ?? 500;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }
}

/** `configmaps "b" not found` */
export function notFound(resource: Named, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualified(resource)} ${quote(name)} not found`, detailsOf(resource, name));
}

export function alreadyExists(resource: Named, name: string): ApiError {
  const message = `${qualified(resource)} ${quote(name)} already exists`;
  return new ApiError(409, 'AlreadyExists', message, detailsOf(resource, name));
}

export function conflict(resource: Named, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} ${quote(name)}: ${why}`;
  return new ApiError(409, 'Conflict', message, detailsOf(resource, name));
}

/** The object was written by somebody else since it was read. */
export function modified(resource: Named, name: string): ApiError {
  return conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

/** An error without a reason, as the server sends where a handler returned a plain Go error. */
export function internal(message: string): ApiError {
  return new ApiError(500, '', message);
}

export function methodNotAllowed(): ApiError {
  const message = 'the server does not allow this method on the requested resource';
  return new ApiError(405, 'MethodNotAllowed', message, {});
}

export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message);
}

/** What the real server serves and the lab does not: said, never answered with something that looks like success. */
export function notServed(what: string): ApiError {
  return new ApiError(501, 'NotImplemented', `the lab does not serve ${what}`);
}

/** `kind` as the server writes it in messages about invalid objects: `Deployment.apps`. */
export function invalid(
  target: { group: string; kind: string },
  name: string,
  errors: readonly FieldError[],
): ApiError {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  const list = texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
  const subject = target.group === '' ? target.kind : `${target.kind}.${target.group}`;
  return new ApiError(422, 'Invalid', `${subject} ${quote(name)} is invalid: ${list}`, {
    ...(name !== '' && { name }),
    ...(target.group !== '' && { group: target.group }),
    ...(target.kind !== '' && { kind: target.kind }),
    causes: errors.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}

/** One field that is wrong, as field.Error of apimachinery. */
export interface FieldError extends Cause {
  field: string;
}

export function required(field: string, detail = ''): FieldError {
  return { reason: 'FieldValueRequired', message: withDetail('Required value', detail), field };
}

export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  return { reason: 'FieldValueInvalid', message: withDetail(`Invalid value: ${shown(value)}`, detail), field };
}

export function unsupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const known = supported.map(quote).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${shown(value)}: supported values: ${known}`,
    field,
  };
}

export function forbiddenField(field: string, detail: string): FieldError {
  return { reason: 'FieldValueForbidden', message: withDetail('Forbidden', detail), field };
}

export function fieldNotFound(field: string, value: unknown): FieldError {
  return { reason: 'FieldValueNotFound', message: `Not found: ${shown(value)}`, field };
}

export function duplicate(field: string, value: unknown): FieldError {
  return { reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}`, field };
}

export function quote(text: string): string {
  return JSON.stringify(text);
}

function withDetail(what: string, detail: string): string {
  return detail === '' ? what : `${what}: ${detail}`;
}

function shown(value: unknown): string {
  return JSON.stringify(value ?? null);
}

function qualified({ group, plural }: Named): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function detailsOf({ group, plural }: Named, name: string): StatusDetails {
  return { name, ...(group !== '' && { group }), kind: plural };
}

/** Header names whose values are credentials, in lower case. */
const SECRET_HEADERS = new Set([
  'authorization',
  'cookie',
  'openstack-auth-receipt',
  'set-cookie',
  'x-auth-token',
  'x-service-token',
  'x-subject-token',
]);

/** Matches the end of a key only: `secretName` and `provisioner-secret-name` are names of Secrets, not secrets. */
const SECRET_KEY = /(?:password|passcode|secret|token|access_?key|user-?key|client-key-data|authorization)$/i;

export const REDACTED = '[redacted]';

/** The value of a header as it may be shown. */
export function redactHeader(name: string, value: string): string {
  return SECRET_HEADERS.has(name.toLowerCase()) ? REDACTED : value;
}

/** A copy of JSON-like data with the values of credential-like keys replaced, and Secrets' data emptied of values. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (value === null || typeof value !== 'object') return value;
  const isSecret = (value as { kind?: unknown }).kind === 'Secret';
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => {
      if (isSecret && (key === 'data' || key === 'stringData')) return [key, maskAll(inner)];
      if (SECRET_KEY.test(key) && typeof inner === 'string') return [key, REDACTED];
      return [key, redact(inner)];
    }),
  );
}

function maskAll(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return REDACTED;
  return Object.fromEntries(Object.keys(value).map((key) => [key, REDACTED]));
}

/**
 * Removes secrets from free text: userinfo in URLs, Fernet tokens, bearer values and the strings that were
 * registered as secret (passwords and tokens of this run).
 */
export function redactText(text: string, secrets: Iterable<string> = []): string {
  let out = text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, `$1${REDACTED}@`)
    .replace(/\bgAAAA[\w=-]{20,}/g, REDACTED)
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/g, `$1 ${REDACTED}`);
  for (const secret of secrets) if (secret.length >= 4) out = out.replaceAll(secret, REDACTED);
  return out;
}

/** What this run has learned that must never be printed. Everything the program writes goes through `clean`. */
export class SecretStore {
  readonly #secrets = new Set<string>();

  /**
   * A short plain word is not registered: the program prints no request bodies, and to mask `secret` wherever it
   * stands would break every `secretName` in the output and tell the password to whoever can read the sentence.
   */
  add(secret: string | undefined): void {
    if (secret !== undefined && secret.length >= 4 && !/^[a-z]{1,8}$/i.test(secret)) this.#secrets.add(secret);
  }

  clean(text: string): string {
    return redactText(text, this.#secrets);
  }
}

import { X509Certificate } from 'node:crypto';
import { didYouMean, nearest } from '../../../core/nearest.ts';
import { LOGIN_PROOFS, SECRET_KEYS } from '../../../drivers/secret-keys.ts';
import type { Fault, LintObject, LintRule } from '../types.ts';

interface Entry {
  /** `data` or `stringData`. */
  field: 'data' | 'stringData';
  value: string;
}

/** The keys of a Secret as the driver gets them: stringData wins over data. What is not base64 is left out. */
export function entriesOf({ data, stringData }: LintObject): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [key, value] of Object.entries(data ?? {})) {
    if (typeof value === 'string' && isBase64(value)) {
      entries.set(key, { field: 'data', value: Buffer.from(value, 'base64').toString() });
    }
  }
  for (const [key, value] of Object.entries(stringData ?? {})) {
    if (typeof value === 'string') entries.set(key, { field: 'stringData', value });
  }
  return entries;
}

/** Is it a Secret for this driver, as far as its keys tell? */
export function looksLikeOurs(object: LintObject): boolean {
  return [...Object.keys(object.data ?? {}), ...Object.keys(object.stringData ?? {})].some((key) =>
    /^os[-_]/i.test(key),
  );
}

/** Line breaks are allowed in it: `base64` wraps its output. */
function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replaceAll(/\s/g, ''));
}

const secretEncoding: LintRule = {
  id: 'secret-encoding',
  kinds: ['Secret'],
  *check({ data, stringData }) {
    for (const [key, value] of Object.entries(data ?? {})) {
      if (typeof value === 'string' && isBase64(value)) continue;
      yield error('data', key, `${key} under data is not base64`, 'put it under stringData as plain text');
    }
    for (const [key, value] of Object.entries(stringData ?? {})) {
      if (typeof value === 'string') continue;
      yield error(
        'stringData',
        key,
        `the API server takes text only, and ${key} is a ${typeof value}`,
        'put it in quotes',
      );
    }
  },
};

const secretKey: LintRule = {
  id: 'secret-key',
  kinds: ['Secret'],
  *check(object) {
    const known = Object.keys(SECRET_KEYS);
    for (const [key, { field, value }] of entriesOf(object)) {
      const rule = SECRET_KEYS[key];
      if (!rule) {
        const meant = nearest(key, known);
        if (meant === undefined && !key.startsWith('os-')) continue;
        yield {
          ...error(
            field,
            key,
            `the driver does not know the key ${key} and passes over it${didYouMean(key, known)}`,
            meant === undefined ? 'take it out' : `write ${meant}`,
          ),
          severity: meant === undefined ? 'warning' : 'error',
          atKey: true,
        };
      } else if (value === '') {
        yield error(
          field,
          key,
          `the driver refuses an empty ${key}: parameter '${key}' cannot be empty`,
          'give it a value, or take it out',
        );
      } else if (rule.values && !rule.values.test(value)) {
        yield error(
          field,
          key,
          `${key} is ${JSON.stringify(value)}, and the driver takes ${rule.valuesText ?? ''}`,
          `write ${rule.valuesText ?? ''}`,
        );
      }
    }
  },
};

const blankAround: LintRule = {
  id: 'secret-blank',
  kinds: ['Secret'],
  *check(object) {
    for (const [key, { field, value }] of entriesOf(object)) {
      if (!(key in SECRET_KEYS) || key === 'os-certAuthority' || value === value.trim() || value === '') continue;
      const what = value.endsWith('\n') ? 'ends with a line break' : 'has blanks around it';
      yield error(
        field,
        key,
        `the value of ${key} ${what}, which becomes part of it: logins fail`,
        'encode it without: printf %s VALUE | base64 -w0, or use stringData',
      );
    }
  },
};

const login: LintRule = {
  id: 'secret-login',
  kinds: ['Secret'],
  *check(object) {
    const entries = entriesOf(object);
    const has = hasKey(entries);
    for (const [key, { needsOneOf = [] }] of Object.entries(SECRET_KEYS)) {
      const there = needsOneOf.filter(has);
      if (!has(key) || needsOneOf.length === 0 || there.length === 1) continue;
      const field = entries.get(key)?.field ?? 'data';
      const needed = needsOneOf.join(', ');
      if (there.length > 1) {
        const message = `with ${key} the driver takes exactly one of ${needed}, and there are ${there.join(' and ')}`;
        yield error(field, there[1] ?? key, message, 'keep the keys of one kind of login');
      } else {
        const message = `${key} is there without ${needsOneOf.length === 1 ? needed : `one of ${needed}`}`;
        yield error(field, key, message, 'add what is missing, or take it out');
      }
    }
  },
};

const loginUser: LintRule = {
  id: 'secret-user',
  kinds: ['Secret'],
  *check(object) {
    const entries = entriesOf(object);
    const has = hasKey(entries);
    if (usesClouds(entries)) return;
    if (!has('os-authURL')) {
      yield whole(
        'there is no os-authURL: the driver does not know where Keystone is',
        'add os-authURL, such as https://keystone.example.com/v3',
      );
    }
    if (has('os-password') && LOGIN_PROOFS.filter(has).length === 1) yield* passwordFaults(has);
    const byName = has('os-applicationCredentialName') && !has('os-applicationCredentialID');
    if (byName && !has('os-userID') && !has('os-userName')) {
      yield whole(
        'an application credential by name needs its user: os-userID, or os-userName with a domain',
        'add it, or use os-applicationCredentialID',
      );
    }
  },
};

function hasKey(entries: Map<string, Entry>): (key: string) => boolean {
  return (key) => (entries.get(key)?.value ?? '') !== '';
}

function whole(message: string, remedy: string): Fault {
  return { severity: 'error', path: [], message, remedy };
}

/** What gophercloud wants of a login by password; it says so only when a claim is made. */
function* passwordFaults(has: (key: string) => boolean): Iterable<Fault> {
  if (has('os-userID') === has('os-userName')) {
    yield whole(
      `a password needs exactly one of os-userName and os-userID, and ${has('os-userID') ? 'both are there' : 'there is neither'}`,
      has('os-userID') ? 'keep one' : 'add one',
    );
  }
  const domain = (kind: string): boolean =>
    [`os-${kind}DomainID`, `os-${kind}DomainName`, 'os-domainID', 'os-domainName'].some(has);
  if (has('os-userName') && !domain('user')) {
    yield whole('os-userName is unique only in a domain, and there is none', 'add os-userDomainName (often Default)');
  }
  if (has('os-projectName') && !domain('project')) {
    yield whole(
      'os-projectName is unique only in a domain, and there is none',
      'add os-projectDomainName (often Default)',
    );
  }
  if (!has('os-projectID') && !has('os-projectName')) {
    yield whole('there is no project, so the login is for none', 'add os-projectID');
  }
}

function usesClouds(entries: Map<string, Entry>): boolean {
  return /^(1|t|true)$/i.test(entries.get('os-useClouds')?.value ?? '');
}

const addresses: LintRule = {
  id: 'secret-address',
  kinds: ['Secret'],
  *check(object) {
    const entries = entriesOf(object);
    const url = entries.get('os-authURL');
    if (url && url.value.trim() !== '' && !/^https?:\/\/[^/]/.test(url.value.trim())) {
      yield error(
        url.field,
        'os-authURL',
        'os-authURL is no address with http:// or https:// in front',
        'write it as https://keystone.example.com/v3',
      );
    } else if (url && /\/v2\.0\/?$/.test(url.value.trim())) {
      yield error(url.field, 'os-authURL', 'os-authURL ends with /v2.0, which Keystone has no more', 'write /v3');
    }
    const authority = entries.get('os-certAuthority');
    if (authority && !isCertificate(authority.value)) {
      yield error(
        authority.field,
        'os-certAuthority',
        'os-certAuthority holds no certificate in PEM: the driver refuses it',
        'put in the text of the CA file, from -----BEGIN CERTIFICATE----- on',
      );
    }
    for (const [key, { field, value }] of entries) {
      if (!SECRET_KEYS[key]?.isPath || value === '') continue;
      yield {
        ...error(
          field,
          key,
          `${key} is the path of a file in the driver’s pods, of the controller and on every node`,
          key === 'os-certAuthorityPath'
            ? 'put the text itself under os-certAuthority instead'
            : 'mount the file there',
        ),
        severity: 'warning',
      };
    }
    if (entries.get('os-TLSInsecure')?.value === 'true') {
      yield {
        ...error(
          entries.get('os-TLSInsecure')?.field ?? 'data',
          'os-TLSInsecure',
          'the driver checks no certificates: who is between it and the cloud can read the credential',
          'put the CA under os-certAuthority instead',
        ),
        severity: 'warning',
      };
    }
  },
};

function isCertificate(text: string): boolean {
  try {
    new X509Certificate(text);
    return true;
  } catch {
    return false;
  }
}

function error(field: 'data' | 'stringData', key: string, message: string, remedy: string): Fault {
  return { severity: 'error', path: [field, key], message, remedy };
}

export const SECRET_RULES: readonly LintRule[] = [secretEncoding, secretKey, blankAround, login, loginUser, addresses];

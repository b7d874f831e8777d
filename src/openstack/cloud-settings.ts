import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Context, Env } from '../core/context.ts';
import { configError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { authInput } from './auth-input.ts';
import { fileTrouble, isRaw, type Raw, type RawValue } from './clouds-files.ts';
import { type AuthInput, v3Address } from './keystone.ts';
import type { Endpoint } from './types.ts';

/** One cloud, with everything that a session needs. */
export interface CloudSettings {
  /** For people: `cloud "admin" of /etc/openstack/clouds.yaml`. */
  source: string;
  /** Keystone's v3 address, without a final slash. */
  authUrl: string;
  auth: AuthInput;
  region: string | undefined;
  interface: Endpoint['interface'];
  caPem: string | undefined;
  certPem: string | undefined;
  keyPem: string | undefined;
  insecure: boolean;
  /** Milliseconds until an answer must have begun; undefined leaves it to the program. */
  answerMs: number | undefined;
  /** Address of Manila that is taken instead of the catalog's. */
  manilaOverride: string | undefined;
}

export interface Sources {
  source: string;
  /** Profile, entry and secure.yaml, or the OS_* variables: the later beats the earlier. */
  layers: Raw[];
  /** OS_* variables that hold for every cloud: they beat the layers. */
  adjusting: Env;
  /** `--os-*` flags, by variable: they beat everything. */
  flags: Env;
  /** Region of manila-rwx.yaml: beats the layers only. */
  region: string | undefined;
}

type Keys = Record<string, RawValue>;

/** Old names (openstacksdk's fix-ups, gophercloud's OS_USERID). */
const RENAMED: Record<string, string> = {
  tenant_id: 'project_id',
  tenant_name: 'project_name',
  user_name: 'username',
  userid: 'user_id',
  auth_plugin: 'auth_type',
  endpoint_type: 'interface',
  default_domain: 'default_domain_id',
};

/**
 * Merges what is known about a cloud and reads its CA file.
 * @throws CliError (exit 2) `clouds-invalid` for what cannot be used, `unknown-region`, `cacert`.
 */
export async function settingsFrom(ctx: Context, sources: Sources): Promise<CloudSettings> {
  const { source } = sources;
  const flags = withType(keysOf(sources.flags));
  const adjusting = keysOf(sources.adjusting);
  const base = sources.layers.map(flat).reduce<Keys>(over, {});
  const wantedRegion =
    text(flags.region_name) ?? text(adjusting.region_name) ?? sources.region ?? text(base.region_name);
  const region = chooseRegion(source, base.regions, wantedRegion);
  const merged = [flat(region.values), adjusting, flags].reduce(over, base);
  const get = (key: string): string | undefined => text(merged[key]);
  const authUrl = addressOf(source, get('auth_url')?.replaceAll('{region_name}', region.name ?? ''));
  const insecure = isTrue(get('insecure')) || isFalse(get('verify'));
  if (insecure)
    ctx.io.warn(`${source}: certificates are not checked (insecure); anybody on the way can read the password`);
  const file = (key: string): Promise<string | undefined> => readPem(ctx, source, key, get(key));
  return {
    source,
    authUrl: v3Address(authUrl),
    auth: authInput(ctx, source, get),
    region: region.name,
    interface: interfaceOf(source, get('shared_file_system_interface') ?? get('interface')),
    caPem: insecure ? undefined : await file('cacert'),
    certPem: await file('cert'),
    keyPem: await file('key'),
    insecure,
    answerMs: get('api_timeout') === undefined ? undefined : Number(get('api_timeout')) * 1000 || undefined,
    manilaOverride:
      get('shared_file_system_endpoint_override') ?? get('share_endpoint_override') ?? get('sharev2_endpoint_override'),
  };
}

/** Names for one thing: who gives one of them takes back the others. */
const EITHER = [
  ['project_id', 'project_name'],
  ['project_domain_id', 'project_domain_name'],
  ['user_id', 'username'],
  ['user_domain_id', 'user_domain_name'],
  ['application_credential_id', 'application_credential_name'],
];

/** One layer over another. */
function over(base: Keys, layer: Keys): Keys {
  const replaced = new Set(EITHER.filter((names) => names.some((name) => name in layer)).flat());
  const kept = Object.entries(base).filter(([key]) => !replaced.has(key));
  return { ...Object.fromEntries(kept), ...layer };
}

/** A token, credential or password on the command line says how to log in, unless that is said too. */
function withType(flags: Keys): Keys {
  if ('auth_type' in flags) return flags;
  if ('token' in flags) return { ...flags, auth_type: 'token' };
  if ('application_credential_secret' in flags) return { ...flags, auth_type: 'v3applicationcredential' };
  return 'password' in flags ? { ...flags, auth_type: 'password' } : flags;
}

/** What stands in `auth` beside what stands outside; outside wins, as openstacksdk has it. */
function flat({ auth, ...rest }: Raw): Keys {
  return { ...(isRaw(auth) ? renamed(auth) : {}), ...renamed(rest) };
}

function renamed(raw: Raw): Keys {
  return Object.fromEntries(
    Object.entries(raw)
      .map(([key, value]): [string, RawValue] => {
        const name = key.replaceAll('-', '_');
        return [RENAMED[name] ?? name, value];
      })
      .filter(([, value]) => value !== '' && value !== 'null' && value !== '~'),
  );
}

/** `OS_AUTH_URL` -> `auth_url`. */
export function rawOf(variables: Env): Raw {
  const raw: Raw = {};
  for (const [key, value] of Object.entries(variables)) {
    if (value !== undefined && value !== '') raw[key.replace(/^OS_/, '').toLowerCase()] = value;
  }
  return raw;
}

function keysOf(variables: Env): Keys {
  return renamed(rawOf(variables));
}

/** The region's name and what `regions:` says about it. Names are case-sensitive. */
function chooseRegion(
  source: string,
  list: RawValue | undefined,
  wanted: string | undefined,
): { name?: string; values: Raw } {
  const regions = (Array.isArray(list) ? list : []).map((one) =>
    isRaw(one)
      ? { name: text(one.name) ?? '', values: isRaw(one.values) ? one.values : {} }
      : { name: text(one) ?? '', values: {} },
  );
  const [first] = regions;
  if (first === undefined) return wanted === undefined ? { values: {} } : { name: wanted, values: {} };
  if (wanted === undefined) return first;
  const found = regions.find(({ name }) => name === wanted);
  if (found) return found;
  const names = regions.map(({ name }) => name);
  throw configError('unknown-region', `${source} has no region ${JSON.stringify(wanted)}${didYouMean(wanted, names)}`, {
    remedy: `its regions are ${names.join(', ')} (upper and lower case matter)`,
  });
}

function addressOf(source: string, authUrl: string | undefined): string {
  if (authUrl === undefined) {
    throw configError('clouds-invalid', `${source}: there is no auth_url`, {
      remedy: 'add auth_url: the address of Keystone, mostly ending in :5000/v3 or /identity/v3',
    });
  }
  if (!/^https?:\/\/[^/]/.test(authUrl) || !URL.canParse(authUrl)) {
    throw configError(
      'clouds-invalid',
      `${source}: auth_url ${JSON.stringify(authUrl)} is not an http or https address`,
      {
        remedy: 'write it in full, such as https://keystone.example.org:5000/v3',
      },
    );
  }
  return authUrl;
}

function interfaceOf(source: string, value: string | undefined): Endpoint['interface'] {
  const name = (value ?? 'public').replace(/URL$/, '');
  if (name === 'public' || name === 'internal' || name === 'admin') return name;
  throw configError(
    'clouds-invalid',
    `${source}: interface ${JSON.stringify(value)} is none of public, internal, admin`,
    {
      remedy: 'correct interface (OS_INTERFACE, --os-interface)',
    },
  );
}

/** Relative paths are relative to the working folder, as openstacksdk has it. */
async function readPem(
  ctx: Context,
  source: string,
  key: string,
  path: string | undefined,
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const full = path.startsWith('~/') ? join(ctx.home, path.slice(2)) : resolve(ctx.cwd, path);
  const remedy = `correct ${key} (${key === 'cacert' ? 'OS_CACERT, --os-cacert' : `OS_${key.toUpperCase()}`})`;
  let pem: string;
  try {
    pem = await readFile(full, 'utf8');
  } catch (error) {
    throw configError('cacert', `${source}: cannot read ${key} ${full}: ${fileTrouble(error)}`, {
      remedy,
      cause: error,
    });
  }
  if (!pem.includes('-----BEGIN ')) {
    throw configError('cacert', `${source}: ${key} ${full} is not a PEM file`, { remedy });
  }
  return pem;
}

function text(value: RawValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(true|yes|on|1)$/i.test(value);
}

function isFalse(value: string | undefined): boolean {
  return value !== undefined && /^(false|no|off|0)$/i.test(value);
}

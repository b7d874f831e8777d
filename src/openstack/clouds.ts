import type { Context, Env } from '../core/context.ts';
import { configError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { candidates, type CloudsFile, findCloudsFile, isFile, isRaw, type Raw } from './clouds-files.ts';
import { type CloudSettings, rawOf, settingsFrom, type Sources } from './cloud-settings.ts';

/** Which cloud a command means, beside what flags and environment say. */
export interface CloudChoice {
  /** Name in manila-rwx.yaml. A flag and the environment beat it. */
  cloud?: string | undefined;
  /** Region in manila-rwx.yaml. A flag and the environment beat it. */
  region?: string | undefined;
  /** This entry of clouds.yaml and no other: flags and environment choose nothing and change nothing. */
  only?: string | undefined;
}

/** Variables that choose a cloud or a file, and so do not make a cloud of their own. */
const SELECTORS = new Set([
  'OS_CLOUD',
  'OS_CLOUD_NAME',
  'OS_REGION_NAME',
  'OS_CLIENT_CONFIG_FILE',
  'OS_CLIENT_SECURE_FILE',
]);
/** Variables that say something about the machine or the network here and so hold for every cloud. */
const ADJUSTING = new Set([
  'OS_REGION_NAME',
  'OS_INTERFACE',
  'OS_ENDPOINT_TYPE',
  'OS_CACERT',
  'OS_SHARED_FILE_SYSTEM_ENDPOINT_OVERRIDE',
]);
/** Variables of other tools' habits that say nothing about who logs in. */
const SILENT = new Set([
  'OS_IDENTITY_API_VERSION',
  'OS_SHARE_API_VERSION',
  'OS_VOLUME_API_VERSION',
  'OS_IMAGE_API_VERSION',
]);

/**
 * Finds out which cloud is meant and how to log in there: `--os-*` flags, then OS_CLOUD, then the other OS_*
 * variables, then the name in manila-rwx.yaml, then the only entry of clouds.yaml. With an entry chosen, OS_*
 * variables of a login are not mixed into it (openstacksdk's rule; the `openstack` command mixes them, which has
 * sent many a command to the wrong project).
 *
 * @throws CliError `unknown-cloud`, `no-cloud`, `several-clouds` and what {@link findCloudsFile} and
 *   {@link settingsFrom} throw, all exit 2.
 */
export async function chooseCloud(ctx: Context, choice: CloudChoice): Promise<CloudSettings> {
  if (choice.only !== undefined) return fromFile(ctx, choice.only, { adjusting: {}, flags: {}, region: undefined });
  const flags = ctx.global.openstack;
  const { OS_CLOUD: flagCloud, ...otherFlags } = flags;
  const name = flagCloud ?? nonEmpty(ctx.env.OS_CLOUD);
  if (name !== undefined && !isEnvironmentCloud(ctx.env, name)) {
    warnAboutIgnored(ctx, flagCloud === undefined ? `OS_CLOUD=${name} is set` : `--os-cloud ${name} is given`);
    return named(ctx, name, otherFlags, choice);
  }
  if (otherFlags.OS_AUTH_URL !== undefined || nonEmpty(ctx.env.OS_AUTH_URL) !== undefined) {
    if (choice.cloud !== undefined) {
      ctx.io.warn(`OS_AUTH_URL is set, so cloud ${JSON.stringify(choice.cloud)} of the configuration file is not used`);
    }
    return fromVariables(ctx, otherFlags, choice);
  }
  if (choice.cloud !== undefined) return named(ctx, choice.cloud, otherFlags, choice);
  return theOnlyOne(ctx, otherFlags, choice);
}

/** An entry of clouds.yaml, as far as it says who logs in where; nothing of it is secret. */
export interface CloudEntry {
  name: string;
  authUrl: string | undefined;
  user: string | undefined;
  project: string | undefined;
}

/** The clouds that there are to choose from. */
export interface OfferedClouds {
  /** What flags or environment have chosen; the name is undefined where OS_* variables are the login. */
  chosen: { name: string | undefined; by: string } | undefined;
  /** The clouds.yaml that counts; undefined where there is none. */
  path: string | undefined;
  /** Further files of that kind, which are not read. */
  shadowed: string[];
  entries: CloudEntry[];
}

/**
 * What there is to choose from, before anything is chosen.
 * @throws CliError what {@link findCloudsFile} throws.
 */
export async function offeredClouds(ctx: Context): Promise<OfferedClouds> {
  const file = await findCloudsFile(ctx, 'clouds', 'OS_CLIENT_CONFIG_FILE');
  const others = candidates(ctx, 'clouds').filter((path) => path !== file?.path);
  const there = await Promise.all(others.map(async (path) => ((await isFile(path)) ? [path] : [])));
  return {
    chosen: chosenCloud(ctx),
    path: file?.path,
    shadowed: there.flat(),
    entries: file ? cloudNames(file).map((name) => entryOf(name, asRaw(asRaw(file.data.clouds)[name]))) : [],
  };
}

function chosenCloud({ global: { openstack }, env }: Context): OfferedClouds['chosen'] {
  const variables = { name: undefined, by: 'OS_AUTH_URL is set' };
  const given = openstack.OS_CLOUD ?? nonEmpty(env.OS_CLOUD);
  if (given !== undefined) {
    if (isEnvironmentCloud(env, given)) return variables;
    return { name: given, by: openstack.OS_CLOUD === undefined ? 'OS_CLOUD is set' : '--os-cloud' };
  }
  if (openstack.OS_AUTH_URL !== undefined) return { name: undefined, by: '--os-auth-url' };
  return nonEmpty(env.OS_AUTH_URL) === undefined ? undefined : variables;
}

function entryOf(name: string, entry: Raw): CloudEntry {
  const auth = { ...entry, ...asRaw(entry.auth) };
  const first = (...keys: string[]): string | undefined =>
    keys.map((key) => auth[key]).find((value) => typeof value === 'string' && value !== '') as string | undefined;
  return {
    name,
    authUrl: first('auth_url'),
    user: first('username', 'user_name', 'user_id', 'application_credential_name', 'application_credential_id'),
    project: first('project_name', 'tenant_name', 'project_id', 'tenant_id'),
  };
}

/** `envvars` is openstacksdk's name for the cloud that the OS_* variables make; OS_CLOUD_NAME renames it. */
function isEnvironmentCloud(env: Env, name: string): boolean {
  return name === (env.OS_CLOUD_NAME ?? 'envvars') && nonEmpty(env.OS_AUTH_URL) !== undefined;
}

async function named(ctx: Context, name: string, flags: Env, choice: CloudChoice): Promise<CloudSettings> {
  return fromFile(ctx, name, { adjusting: adjustingVariables(ctx.env), flags, region: choice.region });
}

function adjustingVariables(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([key]) => ADJUSTING.has(key)));
}

async function theOnlyOne(ctx: Context, flags: Env, choice: CloudChoice): Promise<CloudSettings> {
  const file = await findCloudsFile(ctx, 'clouds', 'OS_CLIENT_CONFIG_FILE');
  const [only, ...more] = file ? cloudNames(file) : [];
  if (only === undefined) {
    const stray = loginVariables(ctx.env);
    throw configError('no-cloud', `no OpenStack cloud is chosen${stray ? `: ${stray} set, but not OS_AUTH_URL` : ''}`, {
      remedy: file
        ? `${file.path} holds no clouds: add one, or set OS_AUTH_URL and the other OS_* variables`
        : `set OS_CLOUD or OS_AUTH_URL (openrc), or write one of ${candidates(ctx, 'clouds')
            .filter((path) => path.endsWith('.yaml'))
            .join(', ')}`,
    });
  }
  if (more.length > 0) {
    throw configError('several-clouds', `${file?.path} holds several clouds: ${[only, ...more].join(', ')}`, {
      remedy: 'choose one: --os-cloud NAME, OS_CLOUD, or `cloud: { name: NAME }` in manila-rwx.yaml',
    });
  }
  return named(ctx, only, flags, choice);
}

async function fromFile(
  ctx: Context,
  name: string,
  over: Pick<Sources, 'adjusting' | 'flags' | 'region'>,
): Promise<CloudSettings> {
  const file = await findCloudsFile(ctx, 'clouds', 'OS_CLIENT_CONFIG_FILE');
  if (!file) {
    throw configError('unknown-cloud', `there is no clouds.yaml to find cloud ${JSON.stringify(name)} in`, {
      remedy: `write one of ${candidates(ctx, 'clouds')
        .filter((path) => path.endsWith('.yaml'))
        .join(', ')}`,
    });
  }
  const names = cloudNames(file);
  const entry = asRaw(file.data.clouds)[name];
  if (!names.includes(name) || entry === undefined) {
    const known = names.length > 0 ? `it has ${names.join(', ')}` : 'it has none';
    throw configError('unknown-cloud', `${file.path} has no cloud ${JSON.stringify(name)}${didYouMean(name, names)}`, {
      remedy: `${known}; choose with --os-cloud, OS_CLOUD or \`cloud:\` in manila-rwx.yaml`,
    });
  }
  const own = asRaw(entry);
  const secure = await findCloudsFile(ctx, 'secure', 'OS_CLIENT_SECURE_FILE');
  const secret = asRaw(asRaw(secure?.data.clouds)[name]);
  const layers = [await profileOf(ctx, own), own, secret];
  return settingsFrom(ctx, {
    source: `cloud ${JSON.stringify(name)} of ${file.path}`,
    layers,
    ...over,
  });
}

/** What `profile:` (or the old key `cloud:`) of an entry refers to, out of clouds-public.yaml. */
async function profileOf(ctx: Context, own: Raw): Promise<Raw> {
  const profile = own.profile ?? own.cloud;
  if (typeof profile !== 'string' || profile === '') return {};
  const file = await findCloudsFile(ctx, 'clouds-public');
  const profiles = asRaw(file?.data['public-clouds']);
  const found = profiles[profile];
  if (found === undefined) {
    const known = Object.keys(profiles);
    ctx.io.warn(
      `profile ${JSON.stringify(profile)} is not in ${file?.path ?? 'any clouds-public.yaml'}${didYouMean(profile, known)}; going on without it`,
    );
  }
  return asRaw(found);
}

async function fromVariables(ctx: Context, flags: Env, choice: CloudChoice): Promise<CloudSettings> {
  const env = Object.fromEntries(Object.entries(ctx.env).filter(([key]) => key.startsWith('OS_')));
  return settingsFrom(ctx, {
    source: nonEmpty(env.OS_AUTH_URL) === undefined ? '--os-* flags' : 'OS_* variables',
    layers: [rawOf(env)],
    adjusting: adjustingVariables(env),
    flags,
    region: choice.region,
  });
}

function warnAboutIgnored(ctx: Context, because: string): void {
  const ignored = loginVariables(ctx.env);
  if (ignored) ctx.io.warn(`${because}, so these variables are ignored: ${ignored}`);
}

/** Names of the variables of a login that are set. */
function loginVariables(env: Env): string {
  return Object.keys(env)
    .filter((key) => /^OS_(?!TEST|STD|LOG)/.test(key) && nonEmpty(env[key]) !== undefined)
    .filter((key) => !SELECTORS.has(key) && !ADJUSTING.has(key) && !SILENT.has(key))
    .sort()
    .join(', ');
}

function cloudNames(file: CloudsFile): string[] {
  return Object.keys(asRaw(file.data.clouds)).sort();
}

function asRaw(value: unknown): Raw {
  return isRaw(value) ? value : {};
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

import { access, readFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
// The file, not the package: its index is 840 generated models, which loading from source would read one by one.
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Cluster, Context as KubeContext, User } from '@kubernetes/client-node/dist/config_types.js';
import type { Context } from '../core/context.ts';
import { type CliError, configError, errnoOf, messageOf } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { type ExecPlugin, ExecCredentials } from './exec-credential.ts';

/** Where a ServiceAccount's credentials are in a pod. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Which cluster a command means, beside what flags say. */
export interface ClusterChoice {
  /** Context that manila-rwx.yaml names; `--context` beats it. */
  context?: string | undefined;
}

/** One cluster and one user of a kubeconfig, chosen by its context. */
export interface KubeTarget {
  /** Without a final slash. */
  server: string;
  /** Name of the context. */
  context: string;
  /** `-n`, or the context's namespace, or `default`. */
  namespace: string;
  /** Gives TLS options and login headers (`applyToHTTPSOptions`). */
  config: KubeConfig;
  /** Set where the login comes from a program; told when the server refuses what it gave. */
  exec: ExecCredentials | undefined;
  /** Headers that client-node does not know: `as-groups`, `as-uid` and `as-user-extra` of the kubeconfig. */
  impersonation: Record<string, string | string[]>;
}

interface Source {
  /** For messages: the files, or `the pod's ServiceAccount`. */
  name: string;
  config: KubeConfig;
  /** Text of the files, for what client-node drops. */
  texts: string[];
}

/**
 * Finds the kubeconfig as kubectl does (`--kubeconfig`, KUBECONFIG with its list of files, ~/.kube/config, the pod's
 * ServiceAccount) and chooses the context.
 *
 * @throws CliError (exit 2) `no-kubeconfig`, `kubeconfig-unreadable`, `no-context`, `unknown-context` or
 *   `kubeconfig-incomplete`, each naming what there is instead.
 */
export async function loadKubeTarget(ctx: Context, choice: ClusterChoice = {}): Promise<KubeTarget> {
  const source = await loadSource(ctx);
  const { config } = source;
  config.setCurrentContext(chooseContext(ctx.global.context ?? choice.context, source));
  const context = config.getContextObject(config.getCurrentContext()) as KubeContext;
  const cluster = config.getCluster(context.cluster);
  if (!cluster) throw incomplete(source, context, `cluster ${JSON.stringify(context.cluster)}`);
  const user = context.user ? config.getUser(context.user) : undefined;
  if (context.user && !user) throw incomplete(source, context, `user ${JSON.stringify(context.user)}`);
  registerSecrets(ctx, user ?? undefined);
  return {
    server: cluster.server,
    context: context.name,
    namespace: ctx.global.namespace ?? context.namespace ?? 'default',
    exec: takeOverExec(ctx, config, cluster, user ?? undefined),
    impersonation: user ? await impersonationOf(source.texts, user.name) : {},
    config: usable(config, cluster, user ?? undefined, context),
  };
}

/** The contexts that there are to choose from. */
export interface OfferedContexts {
  /** For messages: the files, or `the pod's ServiceAccount`. */
  source: string;
  /** The current one; undefined where none is set. */
  current: string | undefined;
  contexts: { name: string; server: string | undefined; user: string | undefined }[];
}

/** Reads the kubeconfig without choosing. @throws CliError as {@link loadKubeTarget} for the file itself. */
export async function offeredContexts(ctx: Context): Promise<OfferedContexts> {
  const { name, config } = await loadSource(ctx);
  return {
    source: name,
    current: config.getCurrentContext() || undefined,
    contexts: config.getContexts().map((context) => ({
      name: context.name,
      server: config.getCluster(context.cluster)?.server,
      user: context.user || undefined,
    })),
  };
}

async function loadSource(ctx: Context): Promise<Source> {
  const { kubeconfig } = ctx.global;
  if (kubeconfig !== undefined) return readFiles([resolve(ctx.cwd, kubeconfig)], 'required');
  const listed = (ctx.env.KUBECONFIG ?? '').split(delimiter).filter(Boolean);
  if (listed.length > 0)
    return readFiles(
      listed.map((file) => resolve(ctx.cwd, file)),
      'some',
    );
  const usual = join(ctx.home, '.kube', 'config');
  if (await exists(usual)) return readFiles([usual], 'required');
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = ctx.env;
  if (host && port && (await exists(`${SERVICE_ACCOUNT}/token`))) return inCluster(host, port);
  throw configError('no-kubeconfig', `there is no kubeconfig: KUBECONFIG is not set and ${usual} does not exist`, {
    remedy: 'name one with --kubeconfig FILE, or set KUBECONFIG',
  });
}

/** Reads and merges kubeconfig files; of entries with the same name the first counts, as with kubectl. */
async function readFiles(files: string[], must: 'required' | 'some'): Promise<Source> {
  const merged = new KubeConfig();
  const texts: string[] = [];
  const read: string[] = [];
  for (const file of files) {
    const text = await readText(file, must);
    if (text === undefined) continue;
    const one = parse(file, text);
    // Not client-node's merge, which throws on a name that occurs twice; it finds the first of a name.
    merged.clusters.push(...one.clusters);
    merged.users.push(...one.users);
    merged.contexts.push(...one.contexts);
    if (!merged.getCurrentContext() && one.getCurrentContext()) merged.setCurrentContext(one.getCurrentContext());
    texts.push(text);
    read.push(file);
  }
  if (read.length === 0) {
    throw configError(
      'no-kubeconfig',
      `there is no kubeconfig: none of the files of KUBECONFIG exists (${files.join(', ')})`,
      {
        remedy: 'correct KUBECONFIG, or name a file with --kubeconfig FILE',
      },
    );
  }
  return { name: read.join(', '), config: merged, texts };
}

async function readText(file: string, must: 'required' | 'some'): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' && must === 'some') return undefined;
    if (errno === 'ENOENT') {
      throw configError('no-kubeconfig', `there is no kubeconfig ${file}`, {
        remedy: 'name one that exists with --kubeconfig FILE, or set KUBECONFIG',
        cause: error,
      });
    }
    const why = errno === 'EISDIR' ? 'it is a folder' : errno === 'EACCES' ? 'permission denied' : messageOf(error);
    throw configError('kubeconfig-unreadable', `cannot read the kubeconfig ${file}: ${why}`, {
      remedy: 'make it readable for this user, or name another with --kubeconfig FILE',
      cause: error,
    });
  }
}

function parse(file: string, text: string): KubeConfig {
  const config = new KubeConfig();
  const folder = dirname(file);
  try {
    if (text.trim() === '') throw new Error('it is empty');
    config.loadFromString(withTokenFilesOf(folder, text));
    const { clusters, users, contexts, currentContext } = config;
    if (clusters.length + users.length + contexts.length === 0 && !currentContext) throw new TypeError();
    config.makePathsAbsolute(folder);
    for (const { exec } of config.users as { exec?: ExecPlugin | null }[]) {
      // As kubectl: a command with a slash is meant from the kubeconfig's folder, one without is looked up in PATH.
      if (exec?.command.includes('/')) exec.command = resolve(folder, exec.command);
    }
    return config;
  } catch (error) {
    const why = (error instanceof TypeError ? 'it is not a kubeconfig' : messageOf(error)).replace(/\n[^]*/, '');
    throw configError('kubeconfig-unreadable', `cannot use the kubeconfig ${file}: ${why}`, {
      remedy:
        'correct it, or name another with --kubeconfig FILE; `kubectl config view` shows what kubectl makes of it',
      cause: error,
    });
  }
}

/** client-node reads a token file while it parses, from the working directory; kubectl from the kubeconfig's. */
function withTokenFilesOf(folder: string, text: string): string {
  return text.replaceAll(
    /(["']?)token-file\1(\s*:\s*)(["']?)([^\s"'#,{}]+)\3/g,
    (_all, _quote, colon: string, _quote2, path: string) =>
      `"token-file"${colon}${JSON.stringify(resolve(folder, path))}`,
  );
}

/** As client-node's own, which reads process.env. */
async function inCluster(host: string, port: string): Promise<Source> {
  const config = new KubeConfig();
  const namespace = await readFile(`${SERVICE_ACCOUNT}/namespace`, 'utf8').catch(() => undefined);
  config.loadFromOptions({
    clusters: [
      {
        name: 'in-cluster',
        server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
        caFile: `${SERVICE_ACCOUNT}/ca.crt`,
        skipTLSVerify: false,
      },
    ],
    users: [
      {
        name: 'service-account',
        authProvider: { name: 'tokenFile', config: { tokenFile: `${SERVICE_ACCOUNT}/token` } },
      },
    ],
    contexts: [{ name: 'in-cluster', cluster: 'in-cluster', user: 'service-account', namespace }],
    currentContext: 'in-cluster',
  });
  return { name: "the pod's ServiceAccount", config, texts: [] };
}

function chooseContext(named: string | undefined, { name, config }: Source): string {
  const known = config.getContexts().map((context) => context.name);
  const list = known.length === 0 ? 'it has no contexts' : `it has ${known.join(', ')}`;
  const wanted = named ?? config.getCurrentContext();
  if (!wanted) {
    throw configError('no-context', `the kubeconfig ${name} has no current context; ${list}`, {
      remedy: 'choose one with --context NAME, or for good with `kubectl config use-context NAME`',
    });
  }
  if (!known.includes(wanted)) {
    const whose = named === undefined ? 'current context' : 'context';
    throw configError(
      'unknown-context',
      `there is no ${whose} ${JSON.stringify(wanted)} in the kubeconfig ${name}${didYouMean(wanted, known)}; ${list}`,
      { remedy: 'choose one of them with --context NAME' },
    );
  }
  return wanted;
}

function incomplete(source: Source, context: KubeContext, what: string): CliError {
  return configError(
    'kubeconfig-incomplete',
    `context ${JSON.stringify(context.name)} names ${what}, which the kubeconfig ${source.name} does not have`,
    { remedy: 'fetch the kubeconfig of that cluster again, or choose another context with --context NAME' },
  );
}

/** Hands users with an exec plugin to {@link ExecCredentials}; client-node's own ignores parts of the protocol. */
function takeOverExec(ctx: Context, config: KubeConfig, cluster: Cluster, user: User | undefined) {
  const plugin = user?.exec as ExecPlugin | undefined;
  if (!user || !plugin) return undefined;
  const exec = new ExecCredentials(ctx, plugin, cluster);
  config.addAuthenticator(exec);
  return exec;
}

/** A copy with the one context in it, changed where client-node is stricter than kubectl. */
function usable(config: KubeConfig, cluster: Cluster, user: User | undefined, context: KubeContext): KubeConfig {
  // An http server (`kubectl proxy`) is refused unless the cluster says that TLS is not verified.
  const plain = cluster.server.startsWith('http:');
  config.clusters = [plain ? { ...cluster, skipTLSVerify: true } : cluster];
  // Its own exec authenticator would come first.
  const exec = user?.exec ? { exec: undefined, authProvider: { name: 'exec-credentials' } } : {};
  const one: User = { ...(user ?? { name: 'anonymous' }), ...exec };
  config.users = [one];
  config.contexts = [{ ...context, user: one.name }];
  return config;
}

function registerSecrets(ctx: Context, user: User | undefined): void {
  ctx.secrets.add(user?.token?.trim());
  ctx.secrets.add(user?.password);
  ctx.secrets.add(user?.keyData);
  const provider = (user?.authProvider as { config?: Record<string, unknown> } | null | undefined)?.config ?? {};
  for (const key of ['id-token', 'refresh-token', 'client-secret', 'access-token']) {
    if (typeof provider[key] === 'string') ctx.secrets.add(provider[key]);
  }
}

/** Impersonated groups that were left out would make other rights than the kubeconfig says. */
async function impersonationOf(texts: string[], userName: string): Promise<KubeTarget['impersonation']> {
  const text = texts.find((one) => /\bas-(groups|uid|user-extra)\b/.test(one));
  if (text === undefined) return {};
  const { parse: parseYaml } = await import('yaml');
  const file = parseYaml(text) as { users?: { name: string; user?: Record<string, unknown> }[] };
  const user = file.users?.find(({ name }) => name === userName)?.user;
  const headers: Record<string, string | string[]> = {};
  if (Array.isArray(user?.['as-groups'])) headers['Impersonate-Group'] = user['as-groups'].map(String);
  if (typeof user?.['as-uid'] === 'string') headers['Impersonate-Uid'] = user['as-uid'];
  for (const [key, values] of Object.entries((user?.['as-user-extra'] ?? {}) as Record<string, unknown>)) {
    headers[`Impersonate-Extra-${encodeURIComponent(key)}`] = [values].flat().map(String);
  }
  return headers;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

import { spawn } from 'node:child_process';
import type { RequestOptions } from 'node:https';
import type { Authenticator } from '@kubernetes/client-node/dist/auth.js';
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js';
import type { Context } from '../core/context.ts';
import { configError, couldNotRun, errnoOf, messageOf } from '../core/errors.ts';

/** `users[].user.exec` of a kubeconfig. */
export interface ExecPlugin {
  apiVersion?: string;
  command: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  installHint?: string;
  provideClusterInfo?: boolean;
}

/** `status` of the ExecCredential that a plugin prints. */
interface Credential {
  token?: string;
  clientCertificateData?: string;
  clientKeyData?: string;
  expirationTimestamp?: string;
}

/** A credential this near to its end is renewed, so that it does not end on the way. */
const EARLY_MS = 10_000;
/** A plugin may open a browser and wait for a person. */
const PLUGIN_TIMEOUT_MS = 120_000;

/**
 * Login by a credential plugin. One run of the plugin serves until its credential ends or the server refuses it, also
 * where it names no end. Follows
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins; client-node's
 * own authenticator runs a plugin without an end for every request and does not set KUBERNETES_EXEC_INFO.
 */
export class ExecCredentials implements Authenticator {
  readonly #ctx: Context;
  readonly #plugin: ExecPlugin;
  readonly #cluster: Cluster;
  #current: Promise<Credential> | undefined;
  #endsAt = Infinity;

  constructor(ctx: Context, plugin: ExecPlugin, cluster: Cluster) {
    this.#ctx = ctx;
    this.#plugin = plugin;
    this.#cluster = cluster;
  }

  isAuthProvider(user: User): boolean {
    return (user.authProvider as { name?: string } | undefined)?.name === 'exec-credentials';
  }

  async applyAuthentication(_user: User, options: RequestOptions): Promise<void> {
    const credential = await this.#credential();
    if (credential.clientCertificateData !== undefined) options.cert = credential.clientCertificateData;
    if (credential.clientKeyData !== undefined) options.key = credential.clientKeyData;
    if (credential.token !== undefined) {
      options.headers = { ...(options.headers as object), Authorization: `Bearer ${credential.token}` };
    }
  }

  /** The server refused the credential: the next request asks the plugin again. */
  forget(): void {
    this.#current = undefined;
  }

  async #credential(): Promise<Credential> {
    if (this.#ctx.clock.now() > this.#endsAt - EARLY_MS) this.#current = undefined;
    // Calls side by side share one run.
    this.#current ??= this.#run();
    try {
      return await this.#current;
    } catch (error) {
      this.#current = undefined;
      throw error;
    }
  }

  async #run(): Promise<Credential> {
    const stdout = await this.#output();
    let credential: Credential | undefined;
    try {
      credential = (JSON.parse(stdout) as { status?: Credential }).status;
    } catch {
      // Said below: what it printed may hold a token, so it is not shown.
    }
    if (!credential || (credential.token === undefined && credential.clientCertificateData === undefined)) {
      throw couldNotRun(
        'exec-plugin',
        `the kubeconfig's credential plugin ${this.#plugin.command} printed no credential`,
        {
          remedy: `run it by hand to see why: ${this.#commandLine()}`,
        },
      );
    }
    this.#ctx.secrets.add(credential.token);
    this.#ctx.secrets.add(credential.clientKeyData);
    const end = Date.parse(credential.expirationTimestamp ?? '');
    this.#endsAt = Number.isNaN(end) ? Infinity : end;
    return credential;
  }

  async #output(): Promise<string> {
    const { command, args, env = [] } = this.#plugin;
    const { signal } = this.#ctx;
    const child = spawn(command, args ?? [], {
      env: {
        ...this.#ctx.env,
        ...Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
        KUBERNETES_EXEC_INFO: JSON.stringify(this.#execInfo()),
      },
      stdio: [this.#ctx.io.interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
      timeout: PLUGIN_TIMEOUT_MS,
      signal,
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    const end = await new Promise<{ code: number | null; error?: Error }>((resolve) => {
      child.once('error', (error) => resolve({ code: null, error }));
      child.once('close', (code) => resolve({ code }));
    });
    signal.throwIfAborted();
    if (end.error) throw this.#notRun(end.error);
    if (end.code !== 0) {
      const said = Buffer.concat(err).toString().trim().split('\n').at(-1);
      const how = end.code === null ? 'did not end in time' : `ended with code ${end.code}`;
      throw couldNotRun(
        'exec-plugin',
        `the kubeconfig's credential plugin ${command} ${how}${said ? `: ${said}` : ''}`,
        {
          remedy: `run it by hand to see why: ${this.#commandLine()}`,
        },
      );
    }
    return Buffer.concat(out).toString();
  }

  #notRun(error: Error): Error {
    const { command, installHint } = this.#plugin;
    const missing = errnoOf(error) === 'ENOENT';
    const message = missing
      ? `the kubeconfig's credential plugin ${command} is not ${command.includes('/') ? 'there' : 'in PATH'}`
      : `the kubeconfig's credential plugin ${command} cannot be run: ${messageOf(error)}`;
    return configError('exec-plugin-missing', message, {
      remedy: installHint?.trim() || `install ${command}, or choose another context with --context`,
      cause: error,
    });
  }

  #execInfo(): object {
    const { apiVersion = 'client.authentication.k8s.io/v1', provideClusterInfo } = this.#plugin;
    const { server, caData, tlsServerName, skipTLSVerify, proxyUrl } = this.#cluster;
    return {
      apiVersion,
      kind: 'ExecCredential',
      spec: {
        interactive: this.#ctx.io.interactive,
        ...(provideClusterInfo
          ? {
              cluster: {
                server,
                'certificate-authority-data': caData,
                'tls-server-name': tlsServerName,
                'insecure-skip-tls-verify': skipTLSVerify || undefined,
                'proxy-url': proxyUrl,
              },
            }
          : {}),
      },
    };
  }

  #commandLine(): string {
    return [this.#plugin.command, ...(this.#plugin.args ?? [])].join(' ');
  }
}

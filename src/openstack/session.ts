import type { Context } from '../core/context.ts';
import { type CliError, configError, couldNotRun } from '../core/errors.ts';
import { chooseCloud, type CloudChoice } from './clouds.ts';
import type { CloudSettings } from './cloud-settings.ts';
import { OpenStackError } from './errors.ts';
import { Http } from './http.ts';
import { type AuthInput, type CatalogEntry, login, revokeToken, type Token } from './keystone.ts';
import { who } from './login-errors.ts';
import { TokenCache } from './token-cache.ts';
import type { Endpoint, Identity, ServiceRequest, ServiceResponse, Session } from './types.ts';

/** keystoneauth's MIN_TOKEN_LIFE_SECONDS. */
const MIN_LIFE_MS = 120_000;

/** Manila's official service type and its older names, best first; `share` is the v1 API on most clouds. */
export const MANILA_TYPES = ['shared-file-system', 'sharev2', 'share'] as const;

/**
 * Chooses a cloud and makes a session for it. Nothing is sent until something is asked of it.
 * @throws CliError (exit 2) where no cloud is chosen or its entry cannot be used.
 */
export async function openSession(ctx: Context, choice: CloudChoice = {}): Promise<KeystoneSession> {
  const settings = await chooseCloud(ctx, choice);
  return new KeystoneSession(ctx, settings, { cached: true });
}

/** A session as somebody else at the same cloud. Its token is kept in memory only. */
export function openSessionWith(ctx: Context, base: Session, auth: AuthInput): KeystoneSession {
  if (!(base instanceof KeystoneSession)) throw new TypeError('the base must be a session of openSession');
  return base.as(ctx, auth);
}

export class KeystoneSession implements Session {
  readonly source: string;
  readonly authUrl: string;
  readonly region: string | undefined;
  readonly interface: Endpoint['interface'];
  readonly caPem: string | undefined;
  readonly insecure: boolean;
  readonly #ctx: Context;
  readonly #settings: CloudSettings;
  readonly #http: Http;
  readonly #cache: TokenCache | undefined;
  readonly #services = new Map<string, string>();
  #token: Promise<Token> | undefined;
  /** The token, and with it the catalog, is from an earlier run. */
  #isOld = false;

  constructor(ctx: Context, settings: CloudSettings, options: { cached: boolean }) {
    this.#ctx = ctx;
    this.#settings = settings;
    this.source = settings.source;
    this.authUrl = settings.authUrl;
    this.region = settings.region;
    this.interface = settings.interface;
    this.caPem = settings.caPem;
    this.insecure = settings.insecure;
    this.#http = new Http(ctx, settings, settings.answerMs);
    this.#cache = options.cached ? new TokenCache(ctx, cacheInput(settings)) : undefined;
    this.#services.set(settings.authUrl, 'Keystone');
  }

  /** The same cloud, another login. */
  as(ctx: Context, auth: AuthInput): KeystoneSession {
    return new KeystoneSession(
      ctx,
      { ...this.#settings, auth, source: `${who(auth)} at ${this.authUrl}` },
      { cached: false },
    );
  }

  async identity(): Promise<Identity> {
    const { body, expiresAt } = await this.#current();
    const { user, project, roles, application_credential: credential } = body;
    return {
      user: { id: user.id, name: user.name, domain: user.domain.name },
      ...(project && { project: { id: project.id, name: project.name, domain: project.domain.name } }),
      roles: (roles ?? []).map(({ name }) => name).sort(),
      ...(credential && {
        applicationCredential: {
          id: credential.id,
          name: credential.name,
          restricted: credential.restricted,
          limited: (credential.access_rules ?? []).length > 0,
        },
      }),
      expiresAt,
    };
  }

  async catalog(): Promise<CatalogEntry[]> {
    return (await this.#current()).body.catalog ?? [];
  }

  async endpoint(serviceTypes: readonly string[]): Promise<Endpoint> {
    const endpoint = this.#overridden(serviceTypes) ?? (await this.#fromCatalog(serviceTypes));
    const isManila = serviceTypes.some((type) => (MANILA_TYPES as readonly string[]).includes(type));
    this.#services.set(endpoint.url, isManila ? 'Manila' : endpoint.type);
    return endpoint;
  }

  async request(request: ServiceRequest): Promise<ServiceResponse> {
    for (let attempt = 0; ; attempt++) {
      const token = await this.#current();
      try {
        return await this.#http.send({
          ...request,
          service: this.#serviceOf(request.url),
          headers: { ...request.headers, 'x-auth-token': token.id },
        });
      } catch (error) {
        if (!(error instanceof OpenStackError)) throw error;
        if (error.status === 403) throw await this.#explainForbidden(error);
        if (error.status !== 401) throw error;
        if (attempt > 0) throw this.#explainUnauthorized(error);
        await this.#forget(token);
      }
    }
  }

  /** Where the token of this login is kept, and until when it is valid; undefined where none is kept. */
  async cachedToken(): Promise<{ path: string; expiresAt: number } | undefined> {
    const token = await this.#cache?.read();
    return token && this.#cache && { path: this.#cache.path, expiresAt: token.expiresAt };
  }

  /** Logs in afresh, whatever is cached. */
  async renew(): Promise<void> {
    await this.#cache?.drop();
    this.#token = undefined;
    await this.#current();
  }

  /**
   * Forgets the cached token and has Keystone revoke it. A token that the user handed in is theirs and stays valid.
   * @returns `none` where there was no token, `revoked`, or `expired` where Keystone knew it no more.
   */
  async logOut(): Promise<'none' | 'revoked' | 'expired'> {
    const token = await this.#cache?.read();
    await this.#cache?.drop();
    this.#token = undefined;
    const { auth } = this.#settings;
    if (!token || (auth.method === 'token' && auth.token === token.id)) return 'none';
    this.#ctx.secrets.add(token.id);
    return (await revokeToken(this.#http, this.authUrl, token.id, this.#ctx.signal)) ? 'revoked' : 'expired';
  }

  close(): void {
    this.#http.close();
  }

  /** The token, with a login if need be; calls that come together share one login. */
  async #current(): Promise<Token> {
    const pending = this.#token;
    if (pending) {
      const token = await pending;
      if (this.#lives(token)) return token;
      if (this.#token === pending) this.#token = undefined;
    }
    this.#token ??= this.#obtain().catch((error: unknown) => {
      this.#token = undefined;
      throw error;
    });
    return this.#token;
  }

  async #obtain(): Promise<Token> {
    const cached = await this.#cache?.read();
    if (cached && this.#lives(cached)) {
      this.#ctx.secrets.add(cached.id);
      this.#isOld = true;
      return cached;
    }
    const { auth } = this.#settings;
    const token = await login(this.#http, this.authUrl, auth, this.#ctx.signal);
    this.#ctx.secrets.add(token.id);
    this.#isOld = false;
    if (token.expiresAt <= this.#ctx.clock.now()) throw this.#clockSkew(token);
    await this.#cache?.write(token);
    return token;
  }

  /** Tokens of clouds that give them a short life would never be used by a fixed limit. */
  #lives(token: Token): boolean {
    const life = token.expiresAt - token.issuedAt;
    return token.expiresAt - this.#ctx.clock.now() > Math.min(MIN_LIFE_MS, life / 2);
  }

  async #forget(token: Token): Promise<void> {
    await this.#cache?.drop();
    const current = await this.#token?.catch(() => undefined);
    if (current?.id === token.id) this.#token = undefined;
  }

  #clockSkew(token: Token): CliError {
    const local = new Date(this.#ctx.clock.now()).toISOString();
    return couldNotRun(
      'clock-skew',
      `the new token is already over: it ends ${token.body.expires_at}, and here it is ${local}`,
      {
        remedy: 'set the clock of this machine (or of Keystone): they differ',
      },
    );
  }

  #explainUnauthorized(error: OpenStackError): OpenStackError {
    const service = this.#serviceOf(error.url ?? '');
    const { auth } = this.#settings;
    return error.explained(
      auth.method === 'application-credential'
        ? 'the access rules of the application credential do not allow this call, or the service checks them under another service type'
        : `${service} cannot check tokens with Keystone, or the clocks of the machines differ: ask the operator of the cloud`,
      `${error.message}; a new token did not help`,
    );
  }

  async #explainForbidden(error: OpenStackError): Promise<OpenStackError> {
    const { user, project, roles } = await this.identity();
    const where = project ? `on project ${JSON.stringify(project.name)}` : 'without a project';
    return error.explained(
      `user ${JSON.stringify(user.name)} has ${roles.length > 0 ? `roles ${roles.join(', ')}` : 'no roles'} ${where}; this needs more, mostly role admin: choose another cloud with --os-cloud`,
    );
  }

  #serviceOf(url: string): string {
    for (const [prefix, name] of this.#services) if (url.startsWith(prefix)) return name;
    const origin = URL.canParse(url) ? new URL(url).origin : url;
    for (const [prefix, name] of this.#services) if (new URL(prefix).origin === origin) return name;
    return origin;
  }

  #overridden(serviceTypes: readonly string[]): Endpoint | undefined {
    const { manilaOverride } = this.#settings;
    if (manilaOverride === undefined || !serviceTypes.includes(MANILA_TYPES[0])) return undefined;
    const url = manilaOverride.replace(/\/+$/, '');
    return { type: MANILA_TYPES[0], url, region: this.region ?? '', interface: this.interface };
  }

  async #fromCatalog(serviceTypes: readonly string[]): Promise<Endpoint> {
    const catalog = await this.catalog();
    for (const type of serviceTypes) {
      const all = catalog.filter((entry) => entry.type === type).flatMap((entry) => entry.endpoints);
      const found = all.filter(
        (one) =>
          one.interface === this.interface &&
          (this.region === undefined || one.region === this.region || one.region_id === this.region),
      );
      const regions = [...new Set(found.map((one) => one.region))];
      if (regions.length > 1) {
        throw configError('ambiguous-region', `the cloud has ${type} in several regions: ${regions.join(', ')}`, {
          remedy:
            'choose one: --os-region-name, OS_REGION_NAME, region_name in clouds.yaml, or `cloud: { region: ... }` in manila-rwx.yaml',
        });
      }
      const [endpoint] = found;
      if (endpoint) {
        return { type, url: endpoint.url.replace(/\/+$/, ''), region: endpoint.region, interface: this.interface };
      }
    }
    // The catalog came with the token: one that is kept does not know a service that was added since.
    if (this.#isOld) {
      await this.renew();
      return this.#fromCatalog(serviceTypes);
    }
    throw this.#noEndpoint(serviceTypes, catalog);
  }

  #noEndpoint(serviceTypes: readonly string[], catalog: CatalogEntry[]): CliError {
    const place = this.region === undefined ? '' : ` in region ${this.region}`;
    const wanted = `${this.interface} endpoint of ${serviceTypes[0] ?? ''}${place}`;
    const elsewhere = placesOf(catalog.filter((entry) => serviceTypes.includes(entry.type)));
    if (elsewhere.length > 0) {
      return couldNotRun('no-endpoint', `the catalog has no ${wanted}; it has ${elsewhere.join('; ')}`, {
        remedy: 'choose region (upper and lower case matter) and interface: --os-region-name, --os-interface',
      });
    }
    const types = catalog.map((entry) => entry.type).sort();
    if (types.length === 0) {
      return couldNotRun('no-endpoint', `the login has no project, so its catalog is empty and has no ${wanted}`, {
        remedy: 'add project_name and project_domain_name (OS_PROJECT_NAME, OS_PROJECT_DOMAIN_NAME)',
      });
    }
    return couldNotRun('no-endpoint', `the catalog has no ${wanted}; its services are ${types.join(', ')}`, {
      remedy:
        'choose a cloud that has Manila, or name its address: shared_file_system_endpoint_override in clouds.yaml',
    });
  }
}

/** `sharev2 in RegionOne (admin, internal, public)` */
function placesOf(entries: CatalogEntry[]): string[] {
  const places = new Map<string, string[]>();
  for (const { type, endpoints } of entries) {
    for (const one of endpoints) {
      const place = `${type} in ${one.region}`;
      places.set(place, [...(places.get(place) ?? []), one.interface]);
    }
  }
  return [...places].map(([place, interfaces]) => `${place} (${interfaces.sort().join(', ')})`);
}

function cacheInput({ authUrl, auth }: CloudSettings): ConstructorParameters<typeof TokenCache>[1] {
  switch (auth.method) {
    case 'password': {
      const { password, ...rest } = auth;
      return { authUrl, secret: password, rest };
    }
    case 'token': {
      const { token, ...rest } = auth;
      return { authUrl, secret: token, rest };
    }
    case 'application-credential': {
      const { secret, ...rest } = auth;
      return { authUrl, secret, rest };
    }
    case 'oidc-access-token': {
      const { accessToken, ...rest } = auth;
      return { authUrl, secret: accessToken, rest };
    }
  }
}

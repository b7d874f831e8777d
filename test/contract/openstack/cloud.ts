import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';

/** A cloud to be compared: real or embedded. Its users are admin, alice (member of tenant-a) and bob (of tenant-b). */
export interface ContractCloud {
  /** `http://127.0.0.1:5000/v3` */
  authUrl: string;
  /** Password of all three. */
  password: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed JSON, or undefined for an empty or other body. */
  body: unknown;
  text: string;
}

export interface Ask {
  /** Sent as JSON; text is sent as it is. */
  json?: unknown;
  headers?: Record<string, string>;
  /** Microversion; 2.73 by default, none where null. */
  version?: string | null;
}

export const VERSION = 'x-openstack-manila-api-version';

/** One user's login, with plain requests to both services. */
export class Login {
  readonly cloud: Connected;
  readonly token: string;
  readonly userId: string;
  readonly projectId: string;

  constructor(cloud: Connected, token: string, userId: string, projectId: string) {
    this.cloud = cloud;
    this.token = token;
    this.userId = userId;
    this.projectId = projectId;
  }

  /** A request to Keystone. `path` is below `/v3`. */
  keystone(method: string, path: string, ask: Ask = {}): Promise<Answer> {
    return request(method, `${this.cloud.authUrl}${path}`, { ...ask, headers: this.#headers(ask) });
  }

  /** A request to Manila. `path` is below the endpoint of the catalog. */
  manila(method: string, path: string, ask: Ask = {}): Promise<Answer> {
    const { version = '2.73' } = ask;
    const headers = { ...this.#headers(ask), ...(version === null ? {} : { [VERSION]: version }) };
    return request(method, `${this.cloud.manilaUrl}${path}`, { ...ask, headers });
  }

  /** Asks Manila again and again until the answer is as wanted. @throws after 30 s, with the last answer */
  async until(path: string, wanted: (answer: Answer) => boolean): Promise<Answer> {
    for (let tries = 0; ; tries++) {
      const answer = await this.manila('GET', path);
      if (wanted(answer)) return answer;
      if (tries > 300) throw new Error(`${path} never became what was wanted: ${answer.status} ${answer.text}`);
      await delay(100);
    }
  }

  #headers(ask: Ask): Record<string, string> {
    return { 'x-auth-token': this.token, ...ask.headers };
  }
}

/** The cloud with its three users logged in, and what tests make in it and remove at the end. */
export class Connected {
  readonly authUrl: string;
  readonly password: string;
  /** Begins the names of everything that a run makes, so that runs do not meet. */
  readonly prefix = `l-${randomBytes(3).toString('hex')}`;
  manilaUrl = '';
  admin!: Login;
  alice!: Login;
  bob!: Login;
  readonly #remove: (() => Promise<unknown>)[] = [];

  constructor({ authUrl, password }: ContractCloud) {
    this.authUrl = authUrl;
    this.password = password;
  }

  async connect(): Promise<this> {
    this.admin = await this.login('admin', 'admin');
    this.alice = await this.login('alice', 'tenant-a');
    this.bob = await this.login('bob', 'tenant-b');
    return this;
  }

  async login(user: string, project: string, password = this.password): Promise<Login> {
    const domain = { name: 'Default' };
    const answer = await this.authenticate({ name: user, domain, password }, { project: { name: project, domain } });
    return this.loginOf(answer);
  }

  /** The login that a token answer stands for. */
  loginOf(answer: Answer): Login {
    const { token } = answer.body as { token: Token };
    const share = token.catalog?.find(({ type }) => type === 'sharev2');
    this.manilaUrl = share?.endpoints.find((one) => one.interface === 'public')?.url ?? this.manilaUrl;
    return new Login(this, answer.headers.get('x-subject-token') ?? '', token.user.id, token.project?.id ?? '');
  }

  /** POST /v3/auth/tokens with a password. */
  authenticate(user: object, scope?: unknown, query = ''): Promise<Answer> {
    const identity = { methods: ['password'], password: { user } };
    return this.anonymous('POST', `/auth/tokens${query}`, {
      json: { auth: { identity, ...(scope !== undefined && { scope }) } },
    });
  }

  /** A request to Keystone, or to what is somewhere else, without a token. */
  anonymous(method: string, path: string, ask: Ask = {}, at = this.authUrl): Promise<Answer> {
    return request(method, `${at}${path}`, ask);
  }

  /** Has something done at the end of the tests, in reverse order. */
  atEnd(work: () => Promise<unknown>): void {
    this.#remove.push(work);
  }

  async cleanUp(): Promise<void> {
    for (const work of this.#remove.splice(0).reverse()) await work();
  }

  /** A share type of the run, removed at the end. */
  async shareType(name: string, specs: Record<string, string> = {}, more: object = {}): Promise<string> {
    const extraSpecs = { driver_handles_share_servers: 'False', ...specs };
    const json = { share_type: { name: `${this.prefix}-${name}`, extra_specs: extraSpecs, ...more } };
    const answer = await this.admin.manila('POST', '/types', { json });
    const { id } = (answer.body as { share_type: { id: string } }).share_type;
    this.atEnd(() => this.admin.manila('DELETE', `/types/${id}`));
    return id;
  }

  /** A share of alice's, settled, removed at the end whatever its state. */
  async share(share: object, login = this.alice): Promise<string> {
    const answer = await login.manila('POST', '/shares', {
      json: { share: { name: `${this.prefix}-share`, share_proto: 'NFS', size: 1, ...share } },
    });
    if (answer.status !== 200) throw new Error(`no share: ${answer.status} ${answer.text}`);
    const { id } = (answer.body as { share: { id: string } }).share;
    this.atEnd(async () => {
      await this.admin.manila('POST', `/shares/${id}/action`, { json: { force_delete: null } });
      await this.admin.until(`/shares/${id}`, ({ status }) => status === 404);
    });
    await this.settled(id);
    return id;
  }

  /** Waits until a share is in no state that passes by itself. */
  settled(id: string): Promise<Answer> {
    return this.admin.until(`/shares/${id}`, ({ status, body }) => {
      return status === 404 || !/ing$/.test((body as { share: { status: string } }).share.status);
    });
  }
}

interface Token {
  user: { id: string };
  project?: { id: string };
  catalog?: { type: string; endpoints: { interface: string; url: string }[] }[];
}

export async function request(method: string, url: string, { json, headers }: Ask): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(json === undefined ? {} : { body: typeof json === 'string' ? json : JSON.stringify(json) }),
  });
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status: response.status, headers: response.headers, body, text };
}

/** The four forms of an error, as values to compare with. */
export const fault = (status: number, name: string, message: string): object => ({
  status,
  body: { [name]: { code: status, message } },
});
export const badRequest = (message: string): object => fault(400, 'badRequest', message);
export const forbidden = (message = 'Access was denied to this resource.'): object => fault(403, 'forbidden', message);
export const notFound = (message = 'The resource could not be found.'): object => fault(404, 'itemNotFound', message);
export const conflict = (message: string): object => fault(409, 'conflictingRequest', message);
export const overLimit = (message: string): object => ({
  status: 413,
  body: { overLimit: { code: 413, message, retryAfter: '0' } },
});
export const keystoneError = (status: number, title: string, message: string): object => ({
  status,
  body: { error: { code: status, title, message } },
});
export const unauthorized = keystoneError(401, 'Unauthorized', 'The request you have made requires authentication.');

export const UUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string;
export const HEX_ID = expect.stringMatching(/^[0-9a-f]{32}$/) as string;
/** `2026-11-23T16:18:35.016065` */
export const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/) as string;

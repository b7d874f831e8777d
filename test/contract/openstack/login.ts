import { describe, expect, it } from 'vitest';
import { HEX_ID, keystoneError, unauthorized, type Answer, type Connected } from './cloud.ts';

const MALFORMED =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.';
const UTC = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000Z$/) as string;

/** Discovery and tokens of Keystone. */
export function loginContract(cloud: () => Connected): void {
  const domain = { name: 'Default' };
  const alice = (password = cloud().password): object => ({ name: 'alice', domain, password });
  const withMethod = (method: string, payload: object, scope?: unknown): Promise<Answer> =>
    cloud().anonymous('POST', '/auth/tokens', {
      json: {
        auth: { identity: { methods: [method], [method]: payload }, ...(scope !== undefined && { scope }) },
      },
    });

  describe('Keystone: discovery', () => {
    it('lists its versions with 300 at the root and shows the one of /v3', async () => {
      const root = await fetch(cloud().authUrl.replace(/\/v3$/, '/'));
      expect(root.status).toBe(300);
      expect(root.headers.get('location')).toBe(`${cloud().authUrl}/`);
      const version = {
        id: 'v3.14',
        status: 'stable',
        updated: '2020-04-07T00:00:00Z',
        links: [{ rel: 'self', href: `${cloud().authUrl}/` }],
        'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
      };
      expect(await root.json()).toEqual({ versions: { values: [version] } });
      expect(await cloud().anonymous('GET', '')).toMatchObject({ status: 200, body: { version } });
    });

    it('answers HTML, not JSON, where nothing of it is', async () => {
      for (const url of [cloud().authUrl.replace(/\/v3$/, '/v2.0'), `${cloud().authUrl}/nosuch`]) {
        const answer = await fetch(url);
        expect(answer.status).toBe(404);
        expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
        expect(await answer.text()).toContain('<title>404 Not Found</title>');
      }
    });
  });

  describe('Keystone: tokens', () => {
    it('gives a token in a header, and in the body who it is for, with the catalog', async () => {
      const answer = await cloud().authenticate(alice(), { project: { name: 'tenant-a', domain } });
      expect(answer.status).toBe(201);
      expect(answer.headers.get('x-subject-token')).toMatch(/^gAAAAA[\w-]{150,}$/);
      expect(answer.headers.get('x-openstack-request-id')).toMatch(/^req-[0-9a-f-]{36}$/);
      expect(answer.headers.get('vary')).toBe('X-Auth-Token');
      const { token } = answer.body as { token: { catalog: object[]; roles: { name: string }[] } };
      expect(token).toMatchObject({
        methods: ['password'],
        user: { id: HEX_ID, name: 'alice', domain: { id: 'default', name: 'Default' }, password_expires_at: null },
        audit_ids: [expect.any(String)],
        expires_at: UTC,
        issued_at: UTC,
        project: { id: HEX_ID, name: 'tenant-a', domain: { id: 'default', name: 'Default' } },
        is_domain: false,
      });
      expect(token.roles.map(({ name }) => name).sort()).toEqual(['member', 'reader']);
      const manila = token.catalog.find((entry) => (entry as { type: string }).type === 'sharev2');
      expect(manila).toMatchObject({ id: HEX_ID, name: 'manilav2', type: 'sharev2' });
      const { endpoints } = manila as { endpoints: { interface: string }[] };
      expect(endpoints.map((one) => one.interface).sort()).toEqual(['admin', 'internal', 'public']);
      const shape = {
        id: HEX_ID,
        region: 'RegionOne',
        region_id: 'RegionOne',
        url: expect.stringMatching(/\/v2$/) as string,
      };
      for (const endpoint of endpoints) expect(endpoint).toMatchObject(shape);
    });

    it('leaves the catalog out on request, and everything of a project out of an unscoped token', async () => {
      const scope = { project: { id: cloud().alice.projectId } };
      const bare = await cloud().authenticate(alice(), scope, '?nocatalog');
      expect(bare.body).not.toHaveProperty('token.catalog');
      for (const unscoped of [undefined, 'unscoped']) {
        const answer = await cloud().authenticate(alice(), unscoped);
        expect(answer.status).toBe(201);
        const keys = Object.keys((answer.body as { token: object }).token).sort();
        expect(keys).toEqual(['audit_ids', 'expires_at', 'issued_at', 'methods', 'user']);
      }
    });

    it('scopes to the whole system for those who have a role there', async () => {
      const admin = { name: 'admin', domain, password: cloud().password };
      const answer = await cloud().authenticate(admin, { system: { all: true } });
      expect(answer).toMatchObject({ status: 201, body: { token: { system: { all: true } } } });
      expect(await cloud().authenticate(alice(), { system: { all: true } })).toMatchObject(unauthorized);
    });

    it('says the same of a wrong password, an unknown user and a project without a role', async () => {
      const refused = [
        await cloud().authenticate(alice('wrong')),
        await cloud().authenticate({ name: 'nosuch', domain, password: 'x' }),
        await cloud().authenticate({ name: 'alice', domain: { name: 'nosuch' }, password: cloud().password }),
        await cloud().authenticate(alice(), { project: { name: 'tenant-b', domain } }),
        await cloud().authenticate(alice(), { project: { name: 'nosuch', domain } }),
        await cloud().authenticate(alice(), { project: { id: 'nosuch' } }),
        await cloud().authenticate(alice(), { domain: { id: 'default' } }),
      ];
      for (const answer of refused) {
        expect(answer).toMatchObject(unauthorized);
        expect(answer.headers.get('www-authenticate')).toBe(`Keystone uri="${cloud().authUrl}"`);
      }
    });

    it('says what is missing in a malformed request', async () => {
      const bad = (sentence: string): object => keystoneError(400, 'Bad Request', `${sentence} ${MALFORMED}`);
      const { password } = cloud();
      expect(await cloud().authenticate({ name: 'alice', password })).toMatchObject(
        bad('Expecting to find domain in user.'),
      );
      expect(await cloud().authenticate(alice(), { project: { name: 'tenant-a' } })).toMatchObject(
        bad('Expecting to find domain in project.'),
      );
      const two = { project: { id: 'x' }, domain: { id: 'default' } };
      expect(await cloud().authenticate(alice(), two)).toMatchObject(
        bad('Expecting to find system, project, domain, OS-TRUST:trust or unscoped in scope.'),
      );
      expect(await cloud().anonymous('POST', '/auth/tokens', { json: '{' })).toMatchObject(
        bad('Expecting to find valid JSON in request body.'),
      );
      expect(await cloud().anonymous('POST', '/auth/tokens', { json: {} })).toMatchObject(
        bad('Expecting to find auth in request body.'),
      );
      expect(await cloud().authenticate({ domain, password })).toMatchObject(
        keystoneError(
          400,
          'Bad Request',
          'Invalid input for field identity/password/user: id or name must be present.',
        ),
      );
    });

    it('names its methods to whoever uses another', async () => {
      const methods = ['external', 'password', 'token', 'oauth1', 'mapped', 'application_credential'];
      expect(await withMethod('nosuch', {})).toMatchObject({
        status: 401,
        body: { error: { message: 'Attempted to authenticate with an unsupported method.', identity: { methods } } },
      });
    });

    it('exchanges a token for one with another scope that ends no later', async () => {
      const answer = await withMethod(
        'token',
        { id: cloud().alice.token },
        { project: { id: cloud().alice.projectId } },
      );
      expect(answer.status).toBe(201);
      // Keystone keeps them in a set, whose order changes from one process to the next.
      const { methods } = (answer.body as { token: { methods: string[] } }).token;
      expect(methods.toSorted()).toEqual(['password', 'token']);
      const first = await cloud().alice.keystone('GET', '/auth/tokens', {
        headers: { 'x-subject-token': cloud().alice.token },
      });
      const end = (one: Answer): string => (one.body as { token: { expires_at: string } }).token.expires_at;
      expect(end(answer)).toBe(end(first));
      expect(await withMethod('token', { id: 'gAAAAAbad' })).toMatchObject({ status: 404 });
    });

    it('shows a token to its owner, ends it on request, and refuses it from then on', async () => {
      const login = await cloud().login('alice', 'tenant-a');
      const headers = { 'x-subject-token': login.token };
      const shown = await login.keystone('GET', '/auth/tokens', { headers });
      expect(shown).toMatchObject({ status: 200, body: { token: { user: { name: 'alice' } } } });
      expect(shown.headers.get('x-subject-token')).toBe(login.token);
      expect(await cloud().bob.keystone('GET', '/auth/tokens', { headers })).toMatchObject({ status: 403 });
      expect(await login.keystone('DELETE', '/auth/tokens', { headers })).toMatchObject({ status: 204, text: '' });
      expect(await login.keystone('GET', '/auth/projects')).toMatchObject(unauthorized);
      expect(await login.manila('GET', '/limits')).toMatchObject(unauthorized);
    });

    it('wants a good token for everything else', async () => {
      for (const headers of [{}, { 'x-auth-token': 'bad' }]) {
        expect(await cloud().anonymous('GET', '/projects', { headers })).toMatchObject(unauthorized);
      }
    });
  });
}

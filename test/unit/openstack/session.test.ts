import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSession, openSessionWith } from '../../../src/openstack/session.ts';
import { startCloud, type TestCloud } from '../../support/cloud.ts';
import { fakeClock } from '../../support/context.ts';
import { next, startJsonServer } from '../../support/json-server.ts';
import { PASSWORDS, startKeystone } from '../../support/keystone-server.ts';
import { startManila } from '../../support/manila-server.ts';
import { TEST_CERT, TEST_KEY } from '../../support/tls.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud[Symbol.asyncDispose]());

const logins = (): number => cloud.keystone.calls().filter((call) => call === 'POST /v3/auth/tokens').length;
const types = (): string => `${cloud.manila.origin}/v2/types`;
const MANILA = ['shared-file-system', 'sharev2', 'share'];

describe('a login', () => {
  it('tells who it is', async () => {
    const session = await cloud.session('alice');
    expect(await session.identity()).toMatchObject({
      user: { name: 'alice', domain: 'Default' },
      project: { name: 'tenant-a', domain: 'Default' },
      roles: ['member', 'reader'],
    });
    expect(cloud.keystone.requests[0]?.body).toEqual({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'alice', domain: { name: 'Default' }, password: PASSWORDS.alice } },
        },
        scope: { project: { name: 'tenant-a', domain: { name: 'Default' } } },
      },
    });
  });

  it('is one for all that is asked at once', async () => {
    const session = await cloud.session('admin');
    await Promise.all(Array.from({ length: 5 }, () => session.request({ method: 'GET', url: types() })));
    expect(logins()).toBe(1);
  });

  it('by application credential sends no scope', async () => {
    const base = await cloud.session('alice');
    const { user, project } = await base.identity();
    cloud.keystone.credentials.push({
      id: 'cred-1',
      name: 'one',
      secret: 'cred-s3cret',
      userId: user.id,
      projectId: project?.id ?? '',
      roles: ['member'],
      expires_at: null,
    });
    const session = openSessionWith(cloud.context('alice'), base, {
      method: 'application-credential',
      id: 'cred-1',
      secret: 'cred-s3cret',
    });
    expect(await session.identity()).toMatchObject({ applicationCredential: { name: 'one' }, roles: ['member'] });
    expect(cloud.keystone.requests.at(-1)?.body).toEqual({
      auth: {
        identity: {
          methods: ['application_credential'],
          application_credential: { id: 'cred-1', secret: 'cred-s3cret' },
        },
      },
    });
    expect(await readdir(cloud.tokens)).toHaveLength(1);
  });

  it('by token without a scope asks about the token, and does not revoke it at logout', async () => {
    const issued = await cloud.session('alice');
    await issued.identity();
    const [token = ''] = cloud.keystone.tokens.keys();
    const env = { OS_AUTH_URL: cloud.keystone.authUrl, OS_TOKEN: token, OS_AUTH_TYPE: 'token' };
    const session = await openSession(cloud.context('alice', { env }));
    expect((await session.identity()).project?.name).toBe('tenant-a');
    expect(await session.logOut()).toBe('none');
    expect(cloud.keystone.tokens.has(token)).toBe(true);
  });

  it('by token with a scope asks for a token of that scope', async () => {
    await (await cloud.session('alice')).identity();
    const [token = ''] = cloud.keystone.tokens.keys();
    const session = await openSession(cloud.context('alice', { global: { openstack: { OS_TOKEN: token } } }));
    await session.identity();
    expect(cloud.keystone.requests.at(-1)?.body).toMatchObject({
      auth: { identity: { methods: ['token'], token: { id: token } }, scope: { project: { name: 'tenant-a' } } },
    });
  });

  it('by OIDC access token takes the unscoped token to the project', async () => {
    await (await cloud.session('alice')).identity();
    const [token = ''] = cloud.keystone.tokens.keys();
    cloud.keystone.faults.push(
      next(1, ({ path }) => path.includes('OS-FEDERATION'), {
        status: 201,
        headers: { 'x-subject-token': token },
        body: {
          token: { user: {}, expires_at: '2099-01-01T00:00:00.000000Z', issued_at: '2026-01-01T00:00:00.000000Z' },
        },
      }),
    );
    const openstack = {
      OS_AUTH_TYPE: 'v3oidcaccesstoken',
      OS_IDENTITY_PROVIDER: 'my idp',
      OS_PROTOCOL: 'openid',
      OS_ACCESS_TOKEN: 'acc3ss-t0ken',
    };
    const session = await openSession(cloud.context('alice', { global: { openstack } }));
    expect((await session.identity()).user.name).toBe('alice');
    const [federation] = cloud.keystone.requests.filter(({ path }) => path.includes('OS-FEDERATION'));
    expect(federation?.path).toBe('/v3/OS-FEDERATION/identity_providers/my%20idp/protocols/openid/auth');
    expect(federation?.headers.authorization).toBe('Bearer acc3ss-t0ken');
  });

  it('over TLS is made with the CA of the cloud, and refused without', async () => {
    await using server = await startJsonServer(() => ({ status: 401 }), { key: TEST_KEY, cert: TEST_CERT });
    await writeFile(join(cloud.folder, 'ca.pem'), TEST_CERT);
    const login = async (openstack: Record<string, string>) => {
      const all = { OS_AUTH_URL: server.origin, ...openstack };
      return (await openSession(cloud.context('alice', { global: { openstack: all } }))).identity();
    };
    await expect(login({})).rejects.toMatchObject({
      code: 'tls',
      exitCode: 3,
      message: `cannot reach Keystone at ${server.origin}: its certificate is not signed by an authority that is trusted here`,
      remedy: expect.stringContaining('cacert') as unknown,
    });
    expect(server.requests).toHaveLength(0);
    await expect(login({ OS_CACERT: 'ca.pem' })).rejects.toThrow('there is no Keystone v3');
    expect(server.requests).toHaveLength(1);
  });
});

describe('a refused login', () => {
  const refusal = async (openstack: Record<string, string>, cloudName = 'alice') => {
    const ctx = cloud.context(cloudName, { global: { openstack } });
    try {
      await (await openSession(ctx)).identity();
    } catch (error) {
      return { error: error as Error & { remedy: string; code: string; exitCode: number }, said: ctx.stderr() };
    }
    throw new Error('was not refused');
  };
  const SENTENCE = 'The request you have made requires authentication.';

  it('for a wrong password says what Keystone says, and what it may be', async () => {
    const { error } = await refusal({ OS_PASSWORD: 'wr0ng-passw0rd' });
    expect(error).toMatchObject({ code: 'openstack-unauthorized', exitCode: 3, requestId: 'req-keystone-0001' });
    expect(error.message).toBe(`Keystone refuses the login of user "alice": ${SENTENCE}`);
    expect(error.remedy).toContain('the user name, its domain or the password is wrong');
  });

  it('for want of a role says that the password is right, and where there are roles', async () => {
    const { error } = await refusal({ OS_PROJECT_NAME: 'tenant-b' });
    expect(error.message).toContain(SENTENCE);
    expect(error.remedy).toBe(
      'the password is right, but the user has no role on project "tenant-b", or there is no such project: it has roles on "tenant-a"',
    );
  });

  it.each([
    [
      { OS_APPLICATION_CREDENTIAL_ID: 'nope', OS_APPLICATION_CREDENTIAL_SECRET: 'wr0ng-secret' },
      'Could not find Application Credential: nope.',
    ],
    [{ OS_TOKEN: 'gAAAAold-token-0123456789' }, 'Could not recognize Fernet token'],
  ])('%j', async (openstack, sentence) => {
    const { error } = await refusal(openstack);
    expect(error.message).toContain(sentence);
    expect(error.exitCode).toBe(3);
    expect(error.remedy).toMatch(/has expired/);
  });

  it('for want of a second factor', async () => {
    cloud.keystone.faults.push(() => ({
      status: 401,
      body: { receipt: {}, required_auth_methods: [['password', 'totp']] },
    }));
    const { error } = await refusal({});
    expect(error.message).toBe('Keystone wants more than one proof of user "alice": password + totp');
  });

  it('where there is no Keystone', async () => {
    for (const OS_AUTH_URL of [cloud.manila.origin, `${cloud.keystone.origin}/identity`]) {
      const { error } = await refusal({ OS_AUTH_URL });
      expect(error.message).toContain(`there is no Keystone v3 at ${OS_AUTH_URL}/v3`);
      expect(error.remedy).toContain('check auth_url');
    }
  });

  it('is not tried again for its 401, as that may lock the user out', async () => {
    await refusal({ OS_APPLICATION_CREDENTIAL_ID: 'nope', OS_APPLICATION_CREDENTIAL_SECRET: 'wr0ng-secret' });
    expect(logins()).toBe(1);
  });

  it('names clocks that differ', async () => {
    const clock = fakeClock(Date.now() + 7_200_000);
    const session = await cloud.session('alice', cloud.context('alice', { clock }));
    await expect(session.identity()).rejects.toMatchObject({ code: 'clock-skew', exitCode: 3 });
  });
});

describe('the token on disk', () => {
  const tokenFile = async (): Promise<string> => join(cloud.tokens, (await readdir(cloud.tokens))[0] ?? '');

  it('serves the next run, and is for the user alone', async () => {
    await (await cloud.session('alice')).identity();
    expect(await (await cloud.session('alice')).identity()).toMatchObject({ user: { name: 'alice' } });
    expect(logins()).toBe(1);
    const [file, folder] = await Promise.all([stat(await tokenFile()), stat(cloud.tokens)]);
    expect([file.mode & 0o777, folder.mode & 0o777]).toEqual([0o600, 0o700]);
    expect(await readFile(await tokenFile(), 'utf8')).not.toContain(PASSWORDS.alice);
  });

  it('is another one for another user, password or project', async () => {
    await (await cloud.session('alice')).identity();
    await (await cloud.session('bob')).identity();
    const wrong = cloud.context('alice', { global: { openstack: { OS_PASSWORD: 'wr0ng-passw0rd' } } });
    await expect((await openSession(wrong)).identity()).rejects.toMatchObject({ status: 401 });
    expect(await readdir(cloud.tokens)).toHaveLength(2);
  });

  it.each([
    ['open to others', (path: string) => chmod(path, 0o644)],
    ['broken', (path: string) => writeFile(path, '{"id": "x"}')],
    ['empty', (path: string) => writeFile(path, '')],
  ])('is not used if its file is %s', async (_name, spoil) => {
    await (await cloud.session('alice')).identity();
    await spoil(await tokenFile());
    await (await cloud.session('alice')).identity();
    expect(logins()).toBe(2);
    expect((await stat(await tokenFile())).mode & 0o777).toBe(0o600);
  });

  it('is renewed when it has less than two minutes to live', async () => {
    await (await cloud.session('alice')).identity();
    const at = (msBeforeEnd: number) =>
      cloud.session('alice', cloud.context('alice', { clock: fakeClock(Date.now() + 3_600_000 - msBeforeEnd) }));
    await (await at(125_000)).identity();
    expect(logins()).toBe(1);
    cloud.keystone.tokenLife = 7200;
    await (await at(115_000)).identity();
    expect(logins()).toBe(2);
  });

  it('is used for half its life where a cloud gives it only a minute', async () => {
    cloud.keystone.tokenLife = 60;
    await (await cloud.session('alice')).identity();
    await (await cloud.session('alice')).identity();
    expect(logins()).toBe(1);
  });

  it('is not needed: where it cannot be written, the command goes on', async () => {
    const ctx = cloud.context('alice', { home: '/dev/null' });
    expect((await (await openSession(ctx)).identity()).user.name).toBe('alice');
    expect(ctx.stderr()).toContain('debug: token cache:');
  });

  it('lies below XDG_CACHE_HOME if that is set', async () => {
    const env = { ...cloud.env, OS_CLOUD: 'alice', XDG_CACHE_HOME: join(cloud.folder, 'cache') };
    await (await openSession(cloud.context('alice', { env }))).identity();
    expect(await readdir(join(cloud.folder, 'cache/manila-rwx/tokens'))).toHaveLength(1);
  });

  it('goes with logout, which revokes it', async () => {
    const session = await cloud.session('alice');
    await session.identity();
    expect(await session.logOut()).toBe('revoked');
    expect(cloud.keystone.tokens.size).toBe(0);
    expect(await readdir(cloud.tokens)).toEqual([]);
    expect(await session.logOut()).toBe('none');
  });

  it('that Keystone knows no more is forgotten all the same', async () => {
    const session = await cloud.session('alice');
    await session.identity();
    cloud.keystone.tokens.clear();
    expect(await session.logOut()).toBe('expired');
    expect(await readdir(cloud.tokens)).toEqual([]);
  });
});

describe('a token that a service refuses', () => {
  it('is replaced once, in the middle of a run and from the cache', async () => {
    const session = await cloud.session('admin');
    await session.identity();
    cloud.keystone.tokens.clear();
    expect((await session.request({ method: 'GET', url: types() })).status).toBe(200);
    expect(logins()).toBe(2);
    cloud.keystone.tokens.clear();
    expect((await (await cloud.session('admin')).request({ method: 'GET', url: types() })).status).toBe(200);
    expect(logins()).toBe(3);
  });

  it('is replaced by one login for all requests that it fails', async () => {
    const session = await cloud.session('admin');
    await session.identity();
    cloud.keystone.tokens.clear();
    await Promise.all(Array.from({ length: 4 }, () => session.request({ method: 'GET', url: types() })));
    expect(logins()).toBe(2);
  });

  it('is not thrown away twice by a request that was slower', async () => {
    const session = await cloud.session('admin');
    await session.identity();
    const [old] = cloud.keystone.tokens.keys();
    cloud.keystone.tokens.clear();
    let requests = 0;
    cloud.manila.faults.push(async ({ headers }) => {
      if (headers['x-auth-token'] !== old) return undefined;
      // The second refusal comes when the first one has been answered with a new login.
      if (++requests === 2) while (logins() < 2) await new Promise((done) => setTimeout(done, 5));
      return { status: 401 };
    });
    await Promise.all([1, 2].map(() => session.request({ method: 'GET', url: types() })));
    expect(requests).toBe(2);
    expect(logins()).toBe(2);
  });

  it('and whose replacement it refuses too, is an error that says so', async () => {
    const session = await cloud.session('admin');
    await session.endpoint(MANILA);
    cloud.manila.faults.push(() => ({
      status: 401,
      body: {
        error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
      },
    }));
    await expect(session.request({ method: 'GET', url: types() })).rejects.toMatchObject({
      status: 401,
      exitCode: 3,
      message:
        'Manila answered 401 to GET /v2/types: The request you have made requires authentication.; a new token did not help',
    });
    expect(logins()).toBe(2);
    expect(cloud.manila.requests).toHaveLength(2);
  });
});

it('says who may not do what a service forbids', async () => {
  const session = await cloud.session('alice');
  await session.endpoint(MANILA);
  await expect(session.request({ method: 'POST', url: types(), json: {} })).rejects.toMatchObject({
    status: 403,
    exitCode: 3,
    message: 'Manila answered 403 to POST /v2/types: Access was denied to this resource.',
    remedy: expect.stringContaining('user "alice" has roles member, reader on project "tenant-a"') as unknown,
  });
});

describe('the endpoint', () => {
  const services = (...list: [type: string, region: string, iface: string][]) => {
    cloud.keystone.catalog.splice(0);
    for (const [type, region, iface] of list) {
      const url = `http://${type}.${region}.${iface}/v2/`;
      cloud.keystone.catalog.push({ type, name: type, endpoints: [{ interface: iface, region, url }] });
    }
  };
  const endpoint = async (openstack: Record<string, string> = {}, env?: Record<string, string>, fresh = true) => {
    const ctx = cloud.context('alice', { global: { openstack }, ...(env && { env }) });
    const session = await openSession(ctx);
    if (fresh) await session.renew();
    return session.endpoint(MANILA);
  };
  const withoutRegion = (): Record<string, string> => ({
    OS_AUTH_URL: cloud.keystone.authUrl,
    OS_USERNAME: 'alice',
    OS_PASSWORD: PASSWORDS.alice,
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_NAME: 'tenant-a',
    OS_PROJECT_DOMAIN_NAME: 'Default',
  });

  it('is of the official type before the older ones', async () => {
    services(
      ['share', 'RegionOne', 'public'],
      ['sharev2', 'RegionOne', 'public'],
      ['shared-file-system', 'RegionOne', 'public'],
    );
    expect(await endpoint()).toEqual({
      type: 'shared-file-system',
      url: 'http://shared-file-system.RegionOne.public/v2',
      region: 'RegionOne',
      interface: 'public',
    });
    services(['share', 'RegionOne', 'public'], ['sharev2', 'RegionOne', 'public']);
    expect((await endpoint()).type).toBe('sharev2');
    services(['share', 'RegionOne', 'public']);
    expect((await endpoint()).type).toBe('share');
  });

  it('is in the region and of the interface that were asked for', async () => {
    services(['sharev2', 'RegionOne', 'public'], ['sharev2', 'Two', 'public'], ['sharev2', 'Two', 'internal']);
    expect((await endpoint({ OS_REGION_NAME: 'Two' })).url).toBe('http://sharev2.two.public/v2'.replace('two', 'Two'));
    expect((await endpoint({ OS_REGION_NAME: 'Two', OS_INTERFACE: 'internal' })).url).toBe(
      'http://sharev2.Two.internal/v2',
    );
  });

  it('is not guessed between regions', async () => {
    services(['sharev2', 'RegionOne', 'public'], ['sharev2', 'Two', 'public']);
    await expect(endpoint({}, withoutRegion())).rejects.toMatchObject({
      code: 'ambiguous-region',
      exitCode: 2,
      message: 'the cloud has sharev2 in several regions: RegionOne, Two',
    });
    services(['sharev2', 'Two', 'public']);
    expect((await endpoint({}, withoutRegion())).region).toBe('Two');
  });

  it('that came to the cloud after the login is found', async () => {
    services(['compute', 'RegionOne', 'public']);
    await (await cloud.session('alice')).identity();
    services(['sharev2', 'RegionOne', 'public']);
    expect((await endpoint({}, undefined, false)).type).toBe('sharev2');
    expect(logins()).toBe(2);
  });

  it('that is missing is told with what there is', async () => {
    services(['compute', 'RegionOne', 'public'], ['identity', 'RegionOne', 'public']);
    await expect(endpoint()).rejects.toMatchObject({
      code: 'no-endpoint',
      exitCode: 3,
      message:
        'the catalog has no public endpoint of shared-file-system in region RegionOne; its services are compute, identity',
    });
    services(['sharev2', 'Two', 'public'], ['sharev2', 'Two', 'admin']);
    await expect(endpoint()).rejects.toThrow('it has sharev2 in Two (admin, public)');
  });

  it('needs a project', async () => {
    const env = withoutRegion();
    delete env.OS_PROJECT_NAME;
    delete env.OS_PROJECT_DOMAIN_NAME;
    await expect(endpoint({}, env)).rejects.toMatchObject({
      code: 'no-endpoint',
      message: expect.stringContaining('the login has no project') as unknown,
    });
  });

  it('can be given instead', async () => {
    const env = { ...withoutRegion(), OS_SHARED_FILE_SYSTEM_ENDPOINT_OVERRIDE: 'http://here/share/v2/' };
    expect((await endpoint({}, env)).url).toBe('http://here/share/v2');
  });
});

it('lets two clouds be used side by side', async () => {
  await using keystone = await startKeystone();
  await using manila = await startManila(keystone);
  await writeFile(join(cloud.folder, 'clouds.yaml'), keystone.cloudsYaml());
  const session = await cloud.session('admin');
  expect((await session.endpoint(MANILA)).url).toBe(`${manila.origin}/v2`);
});

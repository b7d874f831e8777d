import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseCloud, type CloudChoice } from '../../../src/openstack/clouds.ts';
import type { CloudSettings } from '../../../src/openstack/cloud-settings.ts';
import { tempDir } from '../../support/cli.ts';
import { testContext } from '../../support/context.ts';

type Files = Record<string, string>;
interface Case {
  files?: Files;
  env?: Record<string, string>;
  flags?: Record<string, string>;
  choice?: CloudChoice;
}

/** The folder holds `project/` (the working folder), `home/` and whatever else a case writes; `DIR` stands for it. */
async function choose({ files = {}, env = {}, flags = {}, choice = {} }: Case) {
  await using dir = await tempDir({ 'project/x': '', 'home/x': '', ...files });
  const here = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value.replaceAll('DIR', dir.path)]));
  const ctx = testContext({
    cwd: join(dir.path, 'project'),
    home: join(dir.path, 'home'),
    env: { XDG_CONFIG_DIRS: join(dir.path, 'xdg'), ...here(env) },
    global: { openstack: here(flags) },
  });
  try {
    const settings = await chooseCloud(ctx, choice);
    return { settings, said: ctx.stderr().replaceAll(dir.path, 'DIR') };
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replaceAll(dir.path, 'DIR');
    throw error;
  }
}

async function settings(from: Case): Promise<CloudSettings> {
  return (await choose(from)).settings;
}

const USER =
  'username: u, password: passw0rd1, user_domain_name: Default, project_name: p, project_domain_name: Default';
const entry = (name: string, more = ''): string =>
  `  ${name}: { auth: { auth_url: "https://${name}.example/v3", ${USER} }${more} }\n`;
const clouds = (...entries: string[]): string => `clouds:\n${entries.join('')}`;
const ENV = {
  OS_AUTH_URL: 'https://env.example:5000',
  OS_USERNAME: 'eve',
  OS_PASSWORD: 'passw0rd2',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_NAME: 'envproject',
  OS_PROJECT_DOMAIN_ID: 'default',
};

describe('which file', () => {
  it.each([
    ['OS_CLIENT_CONFIG_FILE first', { OS_CLIENT_CONFIG_FILE: 'DIR/named.yaml' }, 'DIR/named.yaml'],
    ['then the working folder', {}, 'DIR/project/clouds.yaml'],
  ])('%s', async (_name, env, source) => {
    const files = {
      'named.yaml': clouds(entry('one')),
      'project/clouds.yaml': clouds(entry('one')),
      'home/.config/openstack/clouds.yaml': clouds(entry('one')),
    };
    await using dir = await tempDir(files);
    const ctx = testContext({
      cwd: join(dir.path, 'project'),
      home: join(dir.path, 'home'),
      env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, value.replace('DIR', dir.path)])),
    });
    expect((await chooseCloud(ctx, {})).source).toBe(`cloud "one" of ${source.replace('DIR', dir.path)}`);
  });

  it('then XDG_CONFIG_HOME, the home folder, the XDG site folder; yaml before yml before json', async () => {
    const files: Files = {
      'conf/openstack/clouds.yml': clouds(entry('confhome')),
      'home/.config/openstack/clouds.yaml': clouds(entry('home')),
      'home/.config/openstack/clouds.json': JSON.stringify({ clouds: { json: {} } }),
      'xdg/openstack/clouds.yaml': clouds(entry('site')),
    };
    const url = async (env: Record<string, string>, ...without: string[]): Promise<string> =>
      (
        await settings({
          files: Object.fromEntries(Object.entries(files).filter(([name]) => !without.includes(name))),
          env,
        })
      ).authUrl;
    expect(await url({ XDG_CONFIG_HOME: 'DIR/conf' })).toBe('https://confhome.example/v3');
    expect(await url({})).toBe('https://home.example/v3');
    expect(await url({}, 'home/.config/openstack/clouds.yaml', 'home/.config/openstack/clouds.json')).toBe(
      'https://site.example/v3',
    );
  });

  it('reads JSON', async () => {
    const auth = {
      auth_url: 'https://j.example/identity',
      username: 'u',
      user_domain_id: 'd',
      password: 'x'.repeat(9),
    };
    const cloud = await settings({
      files: { 'project/clouds.json': JSON.stringify({ clouds: { j: { auth } } }, null, '\t') },
    });
    expect(cloud.authUrl).toBe('https://j.example/identity/v3');
  });

  it('does not pass by a file that it cannot read, as openstacksdk does', async () => {
    await using dir = await tempDir({ 'home/.config/openstack/clouds.yaml': clouds(entry('home')) });
    await mkdir(join(dir.path, 'project/clouds.yaml'), { recursive: true });
    const ctx = testContext({ cwd: join(dir.path, 'project'), home: join(dir.path, 'home') });
    await expect(chooseCloud(ctx, {})).rejects.toMatchObject({
      code: 'clouds-unreadable',
      exitCode: 2,
      message: `cannot read ${dir.path}/project/clouds.yaml: it is a folder`,
    });
  });

  it.skipIf(process.getuid?.() === 0)('says that it may not read a file', async () => {
    await using dir = await tempDir({ 'clouds.yaml': clouds(entry('one')) });
    await chmod(join(dir.path, 'clouds.yaml'), 0);
    await expect(chooseCloud(testContext({ cwd: dir.path }), {})).rejects.toMatchObject({ code: 'clouds-unreadable' });
  });

  it('takes a named file that is missing for a mistake', async () => {
    await expect(
      choose({
        files: { 'project/clouds.yaml': clouds(entry('one')) },
        env: { OS_CLIENT_CONFIG_FILE: 'DIR/nope.yaml' },
      }),
    ).rejects.toMatchObject({
      code: 'clouds-missing',
      exitCode: 2,
      message: 'OS_CLIENT_CONFIG_FILE names DIR/nope.yaml, and there is no such file',
    });
  });

  it.each([
    ['clouds:\n  one: {auth: {auth_url: x\n', 'DIR/project/clouds.yaml:3:1: '],
    ['clouds:\n  one: 1\n   two: 2\n', 'DIR/project/clouds.yaml:2:8: '],
    ['just words\n', 'DIR/project/clouds.yaml:1:1: there must be a mapping'],
    ['', 'DIR/project/clouds.yaml:1:1: there must be a mapping'],
  ])('says where the YAML is wrong: %j', async (text, start) => {
    const failure = expect(choose({ files: { 'project/clouds.yaml': text } })).rejects;
    await failure.toMatchObject({ code: 'clouds-syntax', exitCode: 2 });
    await failure.toThrow(start);
  });
});

describe('which cloud', () => {
  const files = { 'project/clouds.yaml': clouds(entry('one'), entry('two'), entry('three')) };

  it('a flag beats OS_CLOUD, which beats the OS_* variables, which beat manila-rwx.yaml', async () => {
    const all = { files, env: { ...ENV, OS_CLOUD: 'two' }, flags: { OS_CLOUD: 'one' }, choice: { cloud: 'three' } };
    expect((await settings(all)).authUrl).toBe('https://one.example/v3');
    expect((await settings({ ...all, flags: {} })).authUrl).toBe('https://two.example/v3');
    const { settings: fromEnv, said } = await choose({ ...all, flags: {}, env: ENV });
    expect(fromEnv).toMatchObject({ source: 'OS_* variables', authUrl: 'https://env.example:5000/v3' });
    expect(said).toContain('OS_AUTH_URL is set, so cloud "three" of the configuration file is not used');
    expect((await settings({ ...all, flags: {}, env: {} })).authUrl).toBe('https://three.example/v3');
  });

  it('`only` takes the entry whatever flags and environment say', async () => {
    const cloud = await settings({
      files,
      env: { ...ENV, OS_CLOUD: 'two', OS_REGION_NAME: 'X' },
      flags: { OS_CLOUD: 'one', OS_USERNAME: 'mallory' },
      choice: { only: 'three' },
    });
    expect(cloud).toMatchObject({ authUrl: 'https://three.example/v3', region: undefined });
    expect(cloud.auth).toMatchObject({ user: { name: 'u' } });
  });

  it('takes the only cloud of a file', async () => {
    expect((await settings({ files: { 'project/clouds.yaml': clouds(entry('one')) } })).authUrl).toBe(
      'https://one.example/v3',
    );
  });

  it('does not choose between several', async () => {
    await expect(choose({ files })).rejects.toMatchObject({
      code: 'several-clouds',
      exitCode: 2,
      message: 'DIR/project/clouds.yaml holds several clouds: one, three, two',
    });
  });

  it('names the clouds that there are where the name is wrong', async () => {
    await expect(choose({ files, env: { OS_CLOUD: 'thre' } })).rejects.toMatchObject({
      code: 'unknown-cloud',
      exitCode: 2,
      message: 'DIR/project/clouds.yaml has no cloud "thre" (did you mean "three"?)',
      remedy: expect.stringContaining('one, three, two') as unknown,
    });
  });

  it('says where a file could be where there is none', async () => {
    await expect(choose({ env: { OS_CLOUD: 'one' } })).rejects.toMatchObject({ code: 'unknown-cloud', exitCode: 2 });
    await expect(choose({})).rejects.toMatchObject({ code: 'no-cloud', exitCode: 2 });
    await expect(choose({ env: { OS_USERNAME: 'eve', OS_PASSWORD: 'x' } })).rejects.toThrow(
      'no OpenStack cloud is chosen: OS_PASSWORD, OS_USERNAME set, but not OS_AUTH_URL',
    );
  });

  it('does not mix variables of a login into an entry, and says which it ignores', async () => {
    const env = {
      OS_CLOUD: 'one',
      OS_USERNAME: 'eve',
      OS_PASSWORD: 'x',
      OS_IDENTITY_API_VERSION: '3',
      OS_REGION_NAME: 'R2',
    };
    const { settings: cloud, said } = await choose({ files, env });
    expect(cloud.auth).toMatchObject({ user: { name: 'u' }, password: 'passw0rd1' });
    expect(cloud.region).toBe('R2');
    expect(said).toBe('warning: OS_CLOUD=one is set, so these variables are ignored: OS_PASSWORD, OS_USERNAME\n');
  });

  it('flags change single values of an entry; a name takes back an id', async () => {
    const byId = { 'project/clouds.yaml': clouds(entry('one').replace('project_name: p', 'project_id: 0123')) };
    const cloud = await settings({ files: byId, flags: { OS_PROJECT_NAME: 'q', OS_USERNAME: 'v' } });
    expect(cloud.auth).toMatchObject({
      user: { name: 'v', domain: { name: 'Default' } },
      scope: { project: { name: 'q', domain: { name: 'Default' } } },
    });
  });

  it('makes a cloud of flags alone', async () => {
    const cloud = await settings({ flags: { ...ENV, OS_AUTH_URL: 'http://flag.example' } });
    expect(cloud).toMatchObject({ source: '--os-* flags', authUrl: 'http://flag.example/v3' });
  });

  it('knows the names envvars and OS_CLOUD_NAME for the cloud of the variables', async () => {
    expect((await settings({ env: { ...ENV, OS_CLOUD: 'envvars' } })).source).toBe('OS_* variables');
    const renamed = { ...ENV, OS_CLOUD_NAME: 'mine', OS_CLOUD: 'mine' };
    expect((await settings({ env: renamed })).source).toBe('OS_* variables');
  });
});

describe('merging', () => {
  it('secure.yaml beats clouds.yaml, which beats its profile; auth key by key', async () => {
    const cloud = await settings({
      files: {
        'project/clouds.yaml': `clouds:
  one:
    profile: vendor
    auth: { username: u, password: from-clouds, project_name: p, project_domain_name: Default }
    region_name: Own
`,
        'home/.config/openstack/secure.yaml': 'clouds: { one: { auth: { password: from-secure } } }\n',
        'project/clouds-public.yaml': `public-clouds:
  vendor: { auth: { auth_url: "https://vendor.example:5000/", user_domain_name: Vendor, username: x }, region_name: V, interface: internal }
`,
      },
    });
    expect(cloud).toMatchObject({ authUrl: 'https://vendor.example:5000/v3', region: 'Own', interface: 'internal' });
    expect(cloud.auth).toEqual({
      method: 'password',
      user: { name: 'u', domain: { name: 'Vendor' } },
      password: 'from-secure',
      scope: { project: { name: 'p', domain: { name: 'Default' } } },
    });
  });

  it('goes on without a profile that it does not know, and says so', async () => {
    const { said } = await choose({ files: { 'project/clouds.yaml': clouds(entry('one', ', profile: rackspace')) } });
    expect(said).toContain('profile "rackspace" is not in any clouds-public.yaml; going on without it');
  });

  it('takes old names, and what stands outside auth beats what stands in it', async () => {
    const cloud = await settings({
      files: {
        'project/clouds.yaml': `clouds:
  one:
    auth: { auth-url: "https://one.example/v2.0/", user_name: u, password: in-auth, tenant_name: t, domain_id: d }
    password: outside
    endpoint_type: internalURL
`,
      },
    });
    expect(cloud).toMatchObject({ authUrl: 'https://one.example/v3', interface: 'internal' });
    expect(cloud.auth).toMatchObject({
      user: { name: 'u', domain: { id: 'd' } },
      password: 'outside',
      scope: { project: { name: 't', domain: { id: 'd' } } },
    });
  });

  it('takes scalars as the text that stands there', async () => {
    const text = `clouds:
  one:
    auth: { auth_url: "https://one.example/v3", username: 610275, password: 0123, user_domain_name: Default, project_id: 12e5, project_domain_id: ~ }
`;
    const { auth } = await settings({ files: { 'project/clouds.yaml': text } });
    expect(auth).toMatchObject({ user: { name: '610275' }, password: '0123', scope: { project: { id: '12e5' } } });
  });

  it('knows anchors and merge keys', async () => {
    const text = `x: &common { auth_url: "https://one.example/v3", ${USER} }
clouds: { one: { auth: { <<: *common, username: v } } }
`;
    expect((await settings({ files: { 'project/clouds.yaml': text } })).auth).toMatchObject({ user: { name: 'v' } });
  });

  it('takes the region by flag, environment, manila-rwx.yaml, file, and fills {region_name} into auth_url', async () => {
    const files = {
      'project/clouds.yaml': `clouds:
  one:
    auth: { auth_url: "https://{region_name}.example/v3", ${USER} }
    regions: [A, { name: B, values: { interface: internal } }, C, D]
`,
    };
    const region = async (from: Case) => (await settings({ files, ...from })).authUrl;
    const all = { flags: { OS_REGION_NAME: 'B' }, env: { OS_REGION_NAME: 'C' }, choice: { region: 'D' } };
    expect(await region(all)).toBe('https://B.example/v3');
    expect(await region({ ...all, flags: {} })).toBe('https://C.example/v3');
    expect(await region({ choice: all.choice })).toBe('https://D.example/v3');
    expect(await region({})).toBe('https://A.example/v3');
    expect((await settings({ files, flags: { OS_REGION_NAME: 'B' } })).interface).toBe('internal');
    await expect(choose({ files, choice: { region: 'b' } })).rejects.toMatchObject({
      code: 'unknown-region',
      exitCode: 2,
      message: expect.stringContaining('has no region "b"') as unknown,
      remedy: expect.stringContaining('A, B, C, D') as unknown,
    });
  });

  it('reads a CA file relative to the working folder, and passes it by where nothing is verified', async () => {
    const pem = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
    const files = { 'project/clouds.yaml': clouds(entry('one', ', cacert: ca.pem')), 'project/ca.pem': pem };
    expect(await settings({ files })).toMatchObject({ caPem: pem, insecure: false });
    expect(await settings({ files, env: { OS_CACERT: 'DIR/project/ca.pem' } })).toMatchObject({ caPem: pem });
    const open = { ...files, 'project/clouds.yaml': clouds(entry('one', ', cacert: ca.pem, verify: false')) };
    const { settings: cloud, said } = await choose({ files: open });
    expect(cloud).toMatchObject({ caPem: undefined, insecure: true });
    expect(said).toContain('certificates are not checked');
    for (const [text, why] of [
      [undefined, 'there is no such file'],
      ['no pem', 'is not a PEM file'],
    ] as const) {
      const broken = { ...files, 'project/ca.pem': text ?? '' };
      const env = text === undefined ? { OS_CACERT: 'DIR/missing.pem' } : {};
      await expect(choose({ files: broken, env })).rejects.toMatchObject({
        code: 'cacert',
        exitCode: 2,
        message: expect.stringContaining(why) as unknown,
      });
    }
  });

  it('takes a Manila address and a timeout', async () => {
    const more = ', shared_file_system_endpoint_override: "https://m.example/v2", api_timeout: 30';
    const cloud = await settings({ files: { 'project/clouds.yaml': clouds(entry('one', more)) } });
    expect(cloud).toMatchObject({ manilaOverride: 'https://m.example/v2', answerMs: 30_000 });
  });
});

describe('what cannot be a login is one sentence and one remedy, exit 2', () => {
  const url = 'auth_url: "https://one.example/v3"';
  const credential = `${url}, application_credential_secret: s3`;
  it.each([
    ['username: u', '', 'there is no auth_url', 'add auth_url'],
    ['auth_url: "one.example:5000/v3"', '', 'is not an http or https address', 'write it in full'],
    [url, '', 'there is no username', 'set username'],
    [`${url}, username: u, password: p`, '', 'user "u" has no domain', 'add user_domain_name'],
    [`${url}, username: u, user_domain_id: d`, '', 'there is no password', 'set password'],
    [
      `${url}, username: u, user_domain_id: d, password: p, project_name: q`.replace('user_domain_id: d', 'user_id: d'),
      '',
      'project "q" has no domain',
      'add project_domain_name',
    ],
    [url, ', auth_type: v3kerberos', 'auth_type "v3kerberos" is not supported', 'application credential'],
    [url, ', auth_type: v3aplicationcredential', '(did you mean "v3applicationcredential"?)', 'use one of'],
    [credential, '', 'there is no application_credential_id', 'set it'],
    [`${credential}, application_credential_name: n`, '', 'names belong to users', 'set application_credential_id'],
    [
      `${url}, application_credential_id: i`,
      ', auth_type: v3applicationcredential',
      'there is no application_credential_secret',
      'shown once',
    ],
    [`${url}, ${USER}`, ', interface: pubic', 'interface "pubic" is none of', 'correct interface'],
  ])('%s%s', async (auth, more, message, remedy) => {
    const files = { 'project/clouds.yaml': `clouds: { one: { auth: { ${auth} }${more} } }` };
    await expect(choose({ files })).rejects.toMatchObject({
      code: 'clouds-invalid',
      exitCode: 2,
      message: expect.stringContaining(message) as unknown,
      remedy: expect.stringContaining(remedy) as unknown,
    });
  });
});

describe('logins', () => {
  const one = (auth: string, more = '') => ({
    files: {
      'project/clouds.yaml': `clouds: { one: { auth: { auth_url: "https://one.example/v3", ${auth} }${more} } }`,
    },
  });

  it('an application credential, with a project that is left out', async () => {
    const { settings: cloud, said } = await choose(
      one('application_credential_id: i, application_credential_secret: s3cret-9, project_name: p'),
    );
    expect(cloud.auth).toEqual({ method: 'application-credential', id: 'i', secret: 's3cret-9' });
    expect(said).toContain('an application credential carries its own project; project_name is not used');
  });

  it('an application credential by name and user', async () => {
    const auth =
      'application_credential_name: n, application_credential_secret: s3cret-9, username: u, user_domain_id: d';
    expect((await settings(one(auth, ', auth_type: v3applicationcredential'))).auth).toEqual({
      method: 'application-credential',
      name: 'n',
      user: { name: 'u', domain: { id: 'd' } },
      secret: 's3cret-9',
    });
  });

  it('a token, by type, by its presence, and by a flag over a password', async () => {
    const expected = { method: 'token', token: 'tok3n-123' };
    expect((await settings(one('token: tok3n-123', ', auth_type: v3token'))).auth).toEqual(expected);
    expect((await settings(one('token: tok3n-123'))).auth).toEqual(expected);
    const files = { 'project/clouds.yaml': clouds(entry('one', ', auth_type: password')) };
    expect((await settings({ files, flags: { OS_TOKEN: 'tok3n-123' } })).auth).toMatchObject(expected);
  });

  it('an OIDC access token', async () => {
    const auth = 'identity_provider: idp, protocol: openid, access_token: acc3ss-123, project_id: p';
    expect((await settings(one(auth, ', auth_type: v3oidcaccesstoken'))).auth).toEqual({
      method: 'oidc-access-token',
      identityProvider: 'idp',
      protocol: 'openid',
      accessToken: 'acc3ss-123',
      scope: { project: { id: 'p' } },
    });
  });

  it.each([
    ['trust_id: t', { trust: 't' }],
    ['system_scope: all', { system: true }],
    ['domain_id: d', { domain: { id: 'd' } }],
    ['project_id: p', { project: { id: 'p' } }],
  ])('the scope of %s', async (scope, expected) => {
    const { auth } = await settings(one(`user_id: u, password: passw0rd1, ${scope}`));
    expect(auth).toEqual({ method: 'password', user: { id: 'u' }, password: 'passw0rd1', scope: expected });
  });

  it('registers every secret', async () => {
    await using dir = await tempDir({ 'clouds.yaml': one('token: tok3n-123').files['project/clouds.yaml'] });
    const ctx = testContext({ cwd: dir.path });
    await chooseCloud(ctx, {});
    expect(ctx.secrets.clean('a tok3n-123 b')).toBe('a [redacted] b');
  });
});

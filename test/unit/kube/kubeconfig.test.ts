import { chmod, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Context, GlobalOptions } from '../../../src/core/context.ts';
import type { CliError } from '../../../src/core/errors.ts';
import { connectKube } from '../../../src/kube/client.ts';
import { loadKubeTarget } from '../../../src/kube/kubeconfig.ts';
import { tempDir } from '../../support/cli.ts';
import { fakeClock, testContext } from '../../support/context.ts';
import { KubeServer, statusAnswer } from '../../support/kube-server.ts';

const config = (name: string, extra: object = {}): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: `https://${name}.example.com/` } }],
    users: [{ name, user: { token: `token-of-${name}` } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    ...extra,
  });

async function failure(overrides: Partial<Omit<Context, 'global'>> & { global?: Partial<GlobalOptions> }) {
  return loadKubeTarget(testContext(overrides)).then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as CliError,
  );
}

describe('choosing a cluster', () => {
  it('takes --kubeconfig before KUBECONFIG before ~/.kube/config', async () => {
    await using dir = await tempDir({ flag: config('flag'), env: config('env'), '.kube/config': config('home') });
    const at = async (env: object, global: object) =>
      (await loadKubeTarget(testContext({ home: dir.path, cwd: dir.path, env: { ...env }, global }))).server;
    expect(await at({}, {})).toBe('https://home.example.com');
    expect(await at({ KUBECONFIG: `${dir.path}/env` }, {})).toBe('https://env.example.com');
    expect(await at({ KUBECONFIG: `${dir.path}/env` }, { kubeconfig: 'flag' })).toBe('https://flag.example.com');
  });

  it('merges the files of KUBECONFIG: the first of a name counts, missing files do not', async () => {
    const second = config('b', {
      clusters: [
        { name: 'a', cluster: { server: 'https://not-this-one' } },
        { name: 'b', cluster: { server: 'https://b' } },
      ],
    });
    await using dir = await tempDir({ a: config('a'), b: second });
    const env = { KUBECONFIG: `${dir.path}/missing:${dir.path}/a:${dir.path}/b` };
    const first = await loadKubeTarget(testContext({ env }));
    expect(first).toMatchObject({ server: 'https://a.example.com', context: 'a', namespace: 'default' });
    const other = await loadKubeTarget(testContext({ env, global: { context: 'b', namespace: 'mine' } }));
    expect(other).toMatchObject({ server: 'https://b', context: 'b', namespace: 'mine' });
  });

  it('takes the context of the file manila-rwx.yaml unless --context is given', async () => {
    await using dir = await tempDir({ a: config('a'), b: config('b') });
    const env = { KUBECONFIG: `${dir.path}/a:${dir.path}/b` };
    expect(await loadKubeTarget(testContext({ env }), { context: 'b' })).toMatchObject({ context: 'b' });
    const flag = testContext({ env, global: { context: 'a' } });
    expect(await loadKubeTarget(flag, { context: 'b' })).toMatchObject({ context: 'a' });
  });

  it('registers the token as a secret', async () => {
    await using dir = await tempDir({ a: config('a') });
    const ctx = testContext({ global: { kubeconfig: `${dir.path}/a` } });
    await loadKubeTarget(ctx);
    expect(ctx.secrets.clean('x token-of-a x')).toBe('x [redacted] x');
  });

  const bad: [string, string, string, RegExp][] = [
    ['an empty file', '', 'kubeconfig-unreadable', /it is empty$/],
    ['something else', 'hello', 'kubeconfig-unreadable', /it is not a kubeconfig$/],
    ['broken YAML', 'a: [', 'kubeconfig-unreadable', /flow collection \(2:1\)$/],
    [
      'a context without a cluster',
      '{contexts: [{name: a, context: {user: a}}]}',
      'kubeconfig-unreadable',
      /contexts\[0\].context.cluster is missing$/,
    ],
    ['no current context', config('a', { 'current-context': '' }), 'no-context', /has no current context; it has a$/],
    [
      'a wrong current context',
      config('prod', { 'current-context': 'prd' }),
      'unknown-context',
      /current context "prd" .*\(did you mean "prod"\?\); it has prod$/,
    ],
    [
      'a context of no cluster',
      config('a', { clusters: [] }),
      'kubeconfig-incomplete',
      /names cluster "a", which the kubeconfig .* does not have$/,
    ],
    ['a context of no user', config('a', { users: [] }), 'kubeconfig-incomplete', /names user "a"/],
  ];
  it.each(bad)('says what is wrong with %s (exit 2)', async (_what, text, code, message) => {
    await using dir = await tempDir({ kc: text });
    const error = await failure({ global: { kubeconfig: `${dir.path}/kc` } });
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.message).toMatch(message);
    expect(error.remedy).toBeTruthy();
  });

  it('says where it looked when there is none (exit 2)', async () => {
    expect(await failure({ home: '/home/ada' })).toMatchObject({
      code: 'no-kubeconfig',
      exitCode: 2,
      message: 'there is no kubeconfig: KUBECONFIG is not set and /home/ada/.kube/config does not exist',
    });
    expect((await failure({ env: { KUBECONFIG: '/nope1:/nope2' } })).message).toContain('(/nope1, /nope2)');
    expect((await failure({ cwd: '/etc/none', global: { kubeconfig: 'kc' } })).message).toBe(
      'there is no kubeconfig /etc/none/kc',
    );
    expect((await failure({ global: { kubeconfig: '/' } })).message).toBe(
      'cannot read the kubeconfig /: it is a folder',
    );
  });

  it('names the nearest context for one that is not there', async () => {
    await using dir = await tempDir({ kc: config('production') });
    const error = await failure({ global: { kubeconfig: `${dir.path}/kc`, context: 'prodction' } });
    expect(error).toMatchObject({ code: 'unknown-context', exitCode: 2 });
    expect(error.message).toContain('(did you mean "production"?)');
  });
});

describe('logging in', () => {
  /** A server, and a kubeconfig for it with this user; `plugin` is an executable beside it. */
  async function withUser(
    user: object,
    plugin: string,
    work: (
      connect: (extra?: object) => ReturnType<typeof connectKube>,
      server: KubeServer,
      dir: string,
    ) => Promise<void>,
  ) {
    await using server = await KubeServer.start();
    await using dir = await tempDir({
      kc: server.kubeconfig({ user: { token: undefined, ...user } }),
      plugin: `#!${process.execPath}\n${plugin}`,
      'token-file': 'from-a-file\n',
    });
    await chmod(`${dir.path}/plugin`, 0o755);
    const connect = (extra: object = {}) => {
      const env = { PATH: process.env.PATH, COUNT: `${dir.path}/count` };
      return connectKube(testContext({ env, global: { kubeconfig: `${dir.path}/kc` }, ...extra }));
    };
    await work(connect, server, dir.path);
  }

  const authorizations = (server: KubeServer) => server.requests.map(({ headers }) => headers.authorization);
  /** Prints a credential with the number of its run as token. */
  const counting = (status: string) => `
    const { existsSync, readFileSync, writeFileSync } = require('node:fs');
    const run = (existsSync(process.env.COUNT) ? Number(readFileSync(process.env.COUNT, 'utf8')) : 0) + 1;
    writeFileSync(process.env.COUNT, String(run));
    const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
    console.log(JSON.stringify({ apiVersion: info.apiVersion, kind: 'ExecCredential', status: { token: 'run-' + run, ...${status} } }));`;
  const PLUGIN = {
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin', interactiveMode: 'Never' },
  };

  it('runs a credential plugin once for many requests, also where its credential has no end', () =>
    withUser(PLUGIN, counting('{}'), async (connect, server) => {
      const kube = await connect();
      await Promise.all([1, 2, 3].map(() => kube.raw('/version')));
      await kube.raw('/version');
      expect(authorizations(server)).toEqual(Array(4).fill('Bearer run-1'));
      kube.close();
    }));

  it('runs it again shortly before the credential ends', () => {
    const clock = fakeClock(Date.UTC(2026, 0, 1));
    const status = "{ expirationTimestamp: '2026-01-01T00:10:00Z' }";
    return withUser(PLUGIN, counting(status), async (connect, server) => {
      const kube = await connect({ clock });
      await kube.raw('/version');
      await clock.sleep(589_000);
      await kube.raw('/version');
      await clock.sleep(2_000);
      await kube.raw('/version');
      expect(authorizations(server)).toEqual(['Bearer run-1', 'Bearer run-1', 'Bearer run-2']);
      kube.close();
    });
  });

  it('runs it again when the server refuses the credential, once', () =>
    withUser(PLUGIN, counting('{}'), async (connect, server) => {
      server.faults.push(({ headers }) =>
        headers.authorization === 'Bearer run-1' ? statusAnswer(401, 'Unauthorized', 'Unauthorized') : undefined,
      );
      const kube = await connect();
      await kube.raw('/version');
      expect(authorizations(server)).toEqual(['Bearer run-1', 'Bearer run-2']);
      server.faults.push(() => statusAnswer(401, 'Unauthorized', 'Unauthorized'));
      await expect(kube.raw('/version')).rejects.toMatchObject({ code: 'kube-unauthorized' });
      expect(server.requests).toHaveLength(4);
      kube.close();
    }));

  it('registers what a plugin gives as secret', () =>
    withUser(PLUGIN, counting('{}'), async () => undefined).then(() =>
      withUser(PLUGIN, counting('{}'), async (connect) => {
        const ctx = testContext();
        const kube = await connect({ secrets: ctx.secrets });
        await kube.raw('/version');
        expect(ctx.secrets.clean('run-1')).toBe('[redacted]');
        kube.close();
      }),
    ));

  const faulty: [string, object, string, object, RegExp][] = [
    [
      'is missing',
      { exec: { command: 'no-such-plugin', installHint: 'see https://example.com' } },
      '',
      { code: 'exec-plugin-missing', exitCode: 2, remedy: 'see https://example.com' },
      /no-such-plugin is not in PATH$/,
    ],
    [
      'fails',
      PLUGIN,
      'console.error("noise"); console.error("session expired"); process.exit(3)',
      { code: 'exec-plugin', exitCode: 3 },
      /ended with code 3: session expired$/,
    ],
    [
      'prints something else',
      PLUGIN,
      'console.log("secret-ish")',
      { code: 'exec-plugin', exitCode: 3 },
      /printed no credential$/,
    ],
  ];
  it.each(faulty)('says that a plugin %s', (_what, user, plugin, error, message) =>
    withUser(user, plugin, async (connect) => {
      const kube = await connect();
      await expect(kube.raw('/version')).rejects.toMatchObject({
        ...error,
        message: expect.stringMatching(message) as string,
      });
    }),
  );

  it('reads a token file beside the kubeconfig', () =>
    withUser({ tokenFile: undefined, 'token-file': 'token-file' }, '', async (connect, server, dir) => {
      const text = await readFile(`${dir}/kc`, 'utf8');
      const forms = ['"token-file":"token-file"', 'token-file: token-file', "token-file : './token-file'"];
      for (const form of forms) {
        await writeFile(`${dir}/kc`, text.replace('"token-file":"token-file"', form));
        const kube = await connect();
        await kube.raw('/version');
        kube.close();
      }
      expect(authorizations(server)).toEqual(Array(3).fill('Bearer from-a-file'));
    }));

  it('sends user name and password, and whom it stands for', () =>
    withUser(
      { username: 'u', password: 'p4ss', as: 'jane', 'as-groups': ['dev', 'ops'], 'as-user-extra': { why: ['x'] } },
      '',
      async (connect, server) => {
        const kube = await connect();
        await kube.raw('/version');
        expect(server.requests[0]?.headers).toMatchObject({
          authorization: `Basic ${Buffer.from('u:p4ss').toString('base64')}`,
          'impersonate-user': 'jane',
          'impersonate-group': 'dev, ops',
          'impersonate-extra-why': 'x',
        });
        kube.close();
      },
    ));

  it('says which file of a certificate cannot be read', () =>
    withUser({ 'client-certificate': 'gone.pem' }, '', async (connect) => {
      await expect((await connect()).raw('/version')).rejects.toMatchObject({
        code: 'kube-login',
        exitCode: 3,
        message: expect.stringMatching(/cannot log in with context "test": ENOENT.*gone\.pem/) as string,
      });
    }));
});

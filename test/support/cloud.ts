import { join } from 'node:path';
import { openSession, type KeystoneSession } from '../../src/openstack/session.ts';
import { Manila } from '../../src/openstack/manila.ts';
import type { Context } from '../../src/core/context.ts';
import { type CliOptions, runCli, tempDir } from './cli.ts';
import { fakeClock, testContext, type TestContext } from './context.ts';
import { type KeystoneServer, startKeystone } from './keystone-server.ts';
import { type ManilaServer, startManila } from './manila-server.ts';

/** A small Keystone and Manila, a folder with their clouds.yaml, and ways to use them. */
export interface TestCloud extends AsyncDisposable {
  keystone: KeystoneServer;
  manila: ManilaServer;
  /** Holds clouds.yaml; the home folder, with its cache, is `home` in it. */
  folder: string;
  /** Where tokens are kept. */
  tokens: string;
  /** OS_CLIENT_CONFIG_FILE; add OS_CLOUD. */
  env: Record<string, string>;
  /** A context of the cloud `name`. Time stands still unless a clock is given. */
  context(name: string, overrides?: Parameters<typeof testContext>[0]): TestContext;
  session(name: string, ctx?: Context): Promise<KeystoneSession>;
  connect(name: string, ctx?: Context): Promise<Manila>;
  /** Runs the program as the user of cloud `name`. */
  cli(name: string, argv: string[], options?: CliOptions): ReturnType<typeof runCli>;
}

export async function startCloud(files: Record<string, string> = {}): Promise<TestCloud> {
  const keystone = await startKeystone();
  const manila = await startManila(keystone);
  const dir = await tempDir({ 'clouds.yaml': keystone.cloudsYaml(), 'home/.keep': '', ...files });
  const home = join(dir.path, 'home');
  const env = { OS_CLIENT_CONFIG_FILE: join(dir.path, 'clouds.yaml') };
  const context: TestCloud['context'] = (name, overrides) =>
    testContext({ cwd: dir.path, home, env: { ...env, OS_CLOUD: name }, clock: fakeClock(Date.now()), ...overrides });
  const session: TestCloud['session'] = (name, ctx) => openSession(ctx ?? context(name));
  return {
    keystone,
    manila,
    folder: dir.path,
    tokens: join(home, '.cache', 'manila-rwx', 'tokens'),
    env,
    context,
    session,
    connect: async (name, given) => {
      const ctx = given ?? context(name);
      return Manila.connect(await session(name, ctx), ctx);
    },
    cli: (name, argv, options) =>
      runCli(argv, { cwd: dir.path, home, ...options, env: { ...env, OS_CLOUD: name, ...options?.env } }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([keystone[Symbol.asyncDispose](), manila[Symbol.asyncDispose](), dir[Symbol.asyncDispose]()]);
    },
  };
}

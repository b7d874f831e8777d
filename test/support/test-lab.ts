import { join } from 'node:path';
import { connectKube } from '../../src/kube/client.ts';
import type { KubeClient } from '../../src/kube/types.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { Manila } from '../../src/openstack/manila.ts';
import { openSession } from '../../src/openstack/session.ts';
import { type CliOptions, type CliResult, runCli, tempDir } from './cli.ts';
import { testContext } from './context.ts';

/** A cloud and a cluster of the lab in this process, and ways to use them. */
export interface TestLab {
  lab: Lab;
  folder: string;
  /** As the administrator of the cluster. */
  kube: KubeClient;
  /** Runs the program in this process, in the folder with the lab's `manila-rwx.yaml`. */
  cli(...argv: string[]): Promise<CliResult>;
  /** As {@link cli}, and throws what it printed where the exit code is not 0. */
  run(...argv: string[]): Promise<CliResult>;
  /** As {@link cli}, at another time or with another environment. */
  cliWith(options: Pick<CliOptions, 'clock' | 'env'>, ...argv: string[]): Promise<CliResult>;
  /** Manila as a user of clouds.yaml. */
  manila(cloud?: string): Promise<Manila>;
  /** Looks until it is there. */
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
  stop(): Promise<void>;
}

export async function startTestLab(config: string, options: { nodes?: number } = {}): Promise<TestLab> {
  const dir = await tempDir({ 'manila-rwx.yaml': config });
  const lab = await startLab({
    folder: join(dir.path, 'lab'),
    nodes: options.nodes ?? 2,
    faults: [],
    seed: 1,
    ports: { keystone: 0, manila: 0, kubernetes: 0 },
  });
  const place = { cwd: dir.path, home: join(dir.path, 'home') };
  const kube = await connectKube(testContext({ ...place, env: lab.env }));
  const sessions: { close(): void }[] = [];
  const cliWith: TestLab['cliWith'] = ({ env, ...more }, ...argv) =>
    runCli(argv, { ...place, ...more, env: { ...lab.env, ...env } });
  const cli = (...argv: string[]): Promise<CliResult> => cliWith({}, ...argv);
  return {
    lab,
    folder: dir.path,
    kube,
    cli,
    cliWith,
    run: async (...argv) => {
      const done = await cli(...argv);
      if (done.code !== 0)
        throw new Error(`manila-rwx ${argv.join(' ')} ended ${done.code}\n${done.stdout}${done.stderr}`);
      return done;
    },
    manila: async (cloud = 'admin') => {
      const ctx = testContext({ ...place, env: { ...lab.env, OS_CLOUD: cloud } });
      const session = await openSession(ctx, { cloud });
      sessions.push(session);
      return Manila.connect(session, ctx);
    },
    until: async (what, look) => {
      for (const end = Date.now() + 15_000; Date.now() < end;) {
        const found = await look();
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`waited 15 s for ${what}`);
    },
    stop: async () => {
      for (const session of sessions) session.close();
      kube.close();
      await lab.stop();
      await dir[Symbol.asyncDispose]();
    },
  };
}

import { loadConfig } from '../config/load.ts';
import type { LoadedConfig } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import { type KeystoneSession, openSession } from '../openstack/session.ts';

/**
 * Runs `work` with a session at the cloud that flags, environment or manila-rwx.yaml choose, and closes it after.
 * @param load `requireConfig` for commands that do what the file says.
 */
export async function withCloud<T, C extends LoadedConfig = LoadedConfig>(
  ctx: Context,
  work: (session: KeystoneSession, loaded: C) => Promise<T>,
  load: (ctx: Context) => Promise<C> = loadConfig as (ctx: Context) => Promise<C>,
): Promise<T> {
  const loaded = await load(ctx);
  const { name, region } = loaded.config.cloud;
  const session = await openSession(ctx, { cloud: name, region });
  try {
    return await work(session, loaded);
  } finally {
    session.close();
  }
}

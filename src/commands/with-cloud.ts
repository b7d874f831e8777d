import { loadConfig } from '../config/load.ts';
import type { LoadedConfig } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import { type KeystoneSession, openSession } from '../openstack/session.ts';

/** Runs `work` with a session at the cloud that flags, environment or manila-rwx.yaml choose, and closes it after. */
export async function withCloud<T>(
  ctx: Context,
  work: (session: KeystoneSession, loaded: LoadedConfig) => Promise<T>,
): Promise<T> {
  const loaded = await loadConfig(ctx);
  const { name, region } = loaded.config.cloud;
  const session = await openSession(ctx, { cloud: name, region });
  try {
    return await work(session, loaded);
  } finally {
    session.close();
  }
}

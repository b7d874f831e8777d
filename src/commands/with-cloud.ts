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
  return withSession(ctx, loaded, (session) => work(session, loaded));
}

/** As {@link withCloud}, with a file that was read before. */
export async function withSession<T>(
  ctx: Context,
  { config: { cloud } }: LoadedConfig,
  work: (session: KeystoneSession) => Promise<T>,
): Promise<T> {
  const session = await openSession(ctx, { cloud: cloud.name, region: cloud.region });
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

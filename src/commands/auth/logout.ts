import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { withCloud } from '../with-cloud.ts';

/** Revokes the token that is kept for this login, and forgets it. */
export async function run(ctx: Context): Promise<CommandResult<'auth-logout'>> {
  return withCloud(ctx, async (session) =>
    result('auth-logout', { source: session.source, token: await session.logOut() }),
  );
}

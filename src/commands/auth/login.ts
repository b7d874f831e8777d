import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { authStatus } from '../../openstack/auth-status.ts';
import { withCloud } from '../with-cloud.ts';

/** Logs in with what the user gave, even where a token is kept: to take over new roles, or to try a password. */
export async function run(ctx: Context): Promise<CommandResult<'auth-status'>> {
  return withCloud(ctx, async (session) => {
    await session.renew();
    return result('auth-status', await authStatus(ctx, session));
  });
}

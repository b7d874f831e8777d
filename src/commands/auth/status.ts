import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { authStatus } from '../../openstack/auth-status.ts';
import { withCloud } from '../with-cloud.ts';

/** Who the cloud says this is: logs in if no token is kept. */
export async function run(ctx: Context): Promise<CommandResult<'auth-status'>> {
  return withCloud(ctx, async (session) => result('auth-status', await authStatus(ctx, session)));
}

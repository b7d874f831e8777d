import type { Context } from '../../core/context.ts';
import { couldNotRun, usageError } from '../../core/errors.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { OpenStackError } from '../../openstack/errors.ts';
import { Keystone } from '../../openstack/identity-admin.ts';
import { Manila } from '../../openstack/manila.ts';
import type { KeystoneSession } from '../../openstack/session.ts';
import { withCloud } from '../with-cloud.ts';

export interface QuotaShowOptions {
  shareType?: string;
}

/** @throws CliError `unknown-project` (exit 2), `usage` for an unknown share type, `no-project` (exit 3). */
export async function run(
  ctx: Context,
  { shareType }: QuotaShowOptions,
  projectName?: string,
): Promise<CommandResult<'quota'>> {
  return withCloud(ctx, async (session) => {
    const manila = await Manila.connect(session, ctx);
    const project = await projectOf(session, projectName);
    const detail = await readQuota(manila, project.id, shareType);
    return result('quota', {
      project: { id: project.id, name: project.name },
      ...(shareType === undefined ? {} : { shareType }),
      quotas: Object.entries(detail).map(([key, { limit, inUse, reserved }]) => ({ key, limit, inUse, reserved })),
    });
  });
}

async function projectOf(session: KeystoneSession, name: string | undefined): Promise<{ id: string; name: string }> {
  const own = (await session.identity()).project;
  if (name !== undefined && name !== own?.name && name !== own?.id) return new Keystone(session).findProject(name);
  if (own) return own;
  throw couldNotRun('no-project', 'the login has no project whose quota could be shown', {
    remedy: 'name one: manila-rwx quota show PROJECT',
  });
}

async function readQuota(manila: Manila, projectId: string, shareType: string | undefined) {
  try {
    return await manila.getQuotaDetail(projectId, shareType === undefined ? {} : { shareType });
  } catch (error) {
    if (!(error instanceof OpenStackError) || error.status !== 404 || shareType === undefined) throw error;
    throw usageError(`Manila has no share type ${JSON.stringify(shareType)}`, {
      remedy: 'manila-rwx sharetype list shows them',
      cause: error,
    });
  }
}

import type { Config } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import { couldNotRun } from '../core/errors.ts';
import { Keystone } from '../openstack/identity-admin.ts';
import { openSession } from '../openstack/session.ts';
import type { Session } from '../openstack/types.ts';

/**
 * The project whose shares the volumes are: the file's `credential.project`, or the project of the clouds.yaml entry
 * that `credential.cloud` names, or the one that is logged in to.
 */
export async function driverProject(
  ctx: Context,
  session: Session,
  { project, cloud }: Pick<Config['credential'], 'project' | 'cloud'>,
): Promise<{ id: string; name: string }> {
  if (project !== undefined) return new Keystone(session).findProject(project);
  if (cloud === undefined) return ownProject(session);
  const other = await openSession(ctx, { only: cloud });
  try {
    return await ownProject(other);
  } finally {
    other.close();
  }
}

async function ownProject(session: Session): Promise<{ id: string; name: string }> {
  const { project } = await session.identity();
  if (project) return project;
  throw couldNotRun('no-project', 'this login has no project, and manila-rwx.yaml names none for the drivers', {
    remedy: 'name it: credential.project in manila-rwx.yaml, or --os-project-name',
  });
}

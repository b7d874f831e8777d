import { mapLimit } from '../../core/concurrency.ts';
import type { Context } from '../../core/context.ts';
import type { Tenant } from '../../config/types.ts';
import { Keystone } from '../../openstack/identity-admin.ts';
import { OpenStackError } from '../../openstack/errors.ts';
import { Manila } from '../../openstack/manila.ts';
import { openSession } from '../../openstack/session.ts';
import type { Pool, Session, ShareType } from '../../openstack/types.ts';
import { type CloudFacts, handlesServers } from './usable.ts';

/** The cloud as the one who runs the program sees it, and whose shares the volumes are. */
export interface Clouds {
  session: Session;
  manila: Manila;
  /** Project of the drivers' credential. */
  project: { id: string; name: string };
}

/** A tenant as far as classes depend on it. */
export interface TenantFacts {
  namespace: string;
  /** Name of the tenant's project. */
  project: string;
  /** Share types that it names, with `*` as wildcard. */
  patterns: readonly string[];
  /** Ids of the types that its project may use. */
  visible: ReadonlySet<string>;
}

/** What Manila and Keystone say, as far as classes depend on it. */
export interface CloudWorld extends CloudFacts {
  types: readonly ShareType[];
  tenants: readonly TenantFacts[];
  /** Does this login see every share type, or only those that its project may use? */
  seesAll: boolean;
}

/** Requests to Manila under way at once. */
const CONCURRENCY = 8;

/** Reads share types and what decides about them. A type that goes while this runs is gone. */
export async function readCloud(ctx: Context, clouds: Clouds, tenants: readonly Tenant[]): Promise<CloudWorld> {
  const { manila, session, project } = clouds;
  const identity = await session.identity();
  // A call that the credential's access rules leave out is refused like a stale token, and would cost a login.
  const limited = identity.applicationCredential?.limited === true;
  const [listed, pools] = await Promise.all([manila.listShareTypes(), limited ? undefined : readPools(manila)]);
  const hidden = listed.filter((type) => !type.isPublic);
  const access = await readAccess(manila, hidden, pools !== undefined);
  const types = listed.filter((type) => type.isPublic || access.get(type.id) !== 'gone');
  const visibleTo = (projectId: string): Set<string> => {
    const isOwn = identity.project?.id === projectId;
    const mayUse = ({ id, isPublic }: ShareType): boolean => {
      if (isPublic) return true;
      const projects = access.get(id);
      // Whoever may not read access lists is shown the types that their own project may use, and no others.
      return Array.isArray(projects) ? projects.includes(projectId) : isOwn;
    };
    return new Set(types.filter(mayUse).map(({ id }) => id));
  };
  return {
    types,
    visible: visibleTo(project.id),
    project: project.name,
    pools,
    shareNetworks: types.some(handlesServers) ? await manila.listShareNetworks(project.id) : [],
    tenants: await mapLimit(tenants, CONCURRENCY, (tenant) =>
      readTenant(ctx, limited ? undefined : session, tenant, visibleTo),
    ),
    seesAll: pools !== undefined,
  };
}

/** Projects of each private type; `gone` where it was deleted meanwhile, nothing where this user may not read them. */
async function readAccess(
  manila: Manila,
  hidden: readonly ShareType[],
  mayRead: boolean,
): Promise<Map<string, string[] | 'gone'>> {
  const access = new Map<string, string[] | 'gone'>();
  if (!mayRead) return access;
  await mapLimit(hidden, CONCURRENCY, async ({ id }) => {
    try {
      access.set(id, await manila.listTypeAccess(id));
    } catch (error) {
      if (!(error instanceof OpenStackError) || (error.status !== 403 && error.status !== 404)) throw error;
      if (error.status === 404) access.set(id, 'gone');
    }
  });
  return access;
}

async function readTenant(
  ctx: Context,
  session: Session | undefined,
  { namespace, project, cloud, storageClasses: patterns }: Tenant,
  visibleTo: (projectId: string) => Set<string>,
): Promise<TenantFacts> {
  if (cloud === undefined) {
    const found = await findProject(session, project ?? '');
    return { namespace, project: found.name, patterns, visible: visibleTo(found.id) };
  }
  const own = await openSession(ctx, { only: cloud });
  try {
    const manila = await Manila.connect(own, ctx);
    const [types, identity] = await Promise.all([manila.listShareTypes(), own.identity()]);
    return {
      namespace,
      project: identity.project?.name ?? cloud,
      patterns,
      visible: new Set(types.map(({ id }) => id)),
    };
  } finally {
    own.close();
  }
}

/** Only administrators may look projects up; others see public types alone, which needs no id. */
async function findProject(session: Session | undefined, project: string): Promise<{ id: string; name: string }> {
  if (!session) return { id: '', name: project };
  try {
    return await new Keystone(session).findProject(project);
  } catch (error) {
    if (error instanceof OpenStackError && error.status === 403) return { id: '', name: project };
    throw error;
  }
}

async function readPools(manila: Manila): Promise<Pool[] | undefined> {
  try {
    return await manila.listPools();
  } catch (error) {
    if (error instanceof OpenStackError && error.status === 403) return undefined;
    throw error;
  }
}

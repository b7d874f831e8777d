import type { Context } from '../core/context.ts';
import { CliError } from '../core/errors.ts';
import { OpenStackError } from '../openstack/errors.ts';
import { Keystone, type Project } from '../openstack/identity-admin.ts';
import { Manila } from '../openstack/manila.ts';
import { type KeystoneSession, MANILA_TYPES, openSession } from '../openstack/session.ts';
import type { Identity, Pool, QuotaSet, ShareType } from '../openstack/types.ts';

/** What a cloud has, as far as this user may see it. */
export interface CloudFacts {
  session: KeystoneSession;
  /** How the login was chosen: `cloud "admin" of /etc/openstack/clouds.yaml`. */
  source: string;
  identity: Identity;
  /** Regions with a Manila, where there are several and none is chosen; then nothing else is known. */
  regions: string[];
  /** Undefined only where a region has to be chosen first. */
  manila: Manila | undefined;
  types: ShareType[];
  /** Undefined where this user is no administrator of Manila. */
  pools: Pool[] | undefined;
  zones: string[];
  /** Limits and use of the own project, as Manila names them. */
  limits: QuotaSet;
  /** All projects for an administrator of Keystone, otherwise those that the user has a role on. */
  projects: Project[];
  /** May this user see all projects? Who may, may mostly make users too. */
  isKeystoneAdmin: boolean;
}

export type ReadyCloud = CloudFacts & { manila: Manila };

/**
 * Looks at a cloud: one login, then everything side by side.
 * @param name entry of clouds.yaml; undefined leaves it to the OS_* variables and flags.
 * @throws CliError where it cannot be reached or refuses the login.
 */
export async function surveyCloud(
  ctx: Context,
  name: string | undefined,
  region: string | undefined,
): Promise<CloudFacts> {
  const session = await openSession(ctx, { cloud: name, region });
  try {
    return await read(ctx, session);
  } catch (error) {
    session.close();
    throw error;
  }
}

async function read(ctx: Context, session: KeystoneSession): Promise<CloudFacts> {
  const identity = await session.identity();
  const regions = await regionsToChoose(session);
  const base = { session, source: session.source, identity, regions };
  if (regions.length > 0) {
    const nothing = { types: [], pools: undefined, zones: [], limits: {}, projects: [], isKeystoneAdmin: false };
    return { ...base, ...nothing, manila: undefined };
  }
  const keystone = new Keystone(session);
  const [manila, all, own] = await Promise.all([
    Manila.connect(session, ctx),
    keystone.listProjects(),
    keystone.listOwnProjects(),
  ]);
  const [types, pools, zones, limits] = await Promise.all([
    manila.listShareTypes(),
    ifAllowed(manila.listPools()),
    ifAllowed(manila.availabilityZones()),
    ifAllowed(manila.limits()),
  ]);
  return {
    ...base,
    manila,
    types: [...types].sort(byName),
    pools,
    zones: zones ?? [],
    limits: limits ?? {},
    projects: (all ?? own).filter(({ enabled }) => enabled).sort(byName),
    isKeystoneAdmin: all !== undefined,
  };
}

/** The regions of the catalog that have a Manila, where the login names none and there is more than one. */
async function regionsToChoose(session: KeystoneSession): Promise<string[]> {
  if (session.region !== undefined) return [];
  const endpoints = (await session.catalog())
    .filter(({ type }) => (MANILA_TYPES as readonly string[]).includes(type))
    .flatMap((entry) => entry.endpoints)
    .filter((one) => one.interface === session.interface);
  const regions = [...new Set(endpoints.map(({ region }) => region))].sort();
  return regions.length > 1 ? regions : [];
}

/** Undefined where this user may not look (403), or the cloud is too old to be asked. */
async function ifAllowed<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof OpenStackError && error.status === 403) return undefined;
    if (error instanceof CliError && error.code === 'microversion') return undefined;
    throw error;
  }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

import type { Context } from '../../core/context.ts';
import { couldNotRun, timedOut } from '../../core/errors.ts';
import type { KubeClient } from '../../kube/types.ts';
import type { Planned } from '../../reconcile/change.ts';
import type { Resource } from '../../reconcile/reconcile.ts';
import { findOrphans } from './find.ts';
import { type Logins, observeOrphans, refersTo, type ProjectLogin } from './observe.ts';
import type { Orphan } from './report.ts';
import type { OrphanWorld, Volume } from './world.ts';

const GONE_TIMEOUT_MS = 120_000;
const LOOK_MS = 500;

/** An orphan and the login that sees it; nothing where it is kept. */
interface Removal {
  orphan: Orphan;
  login: ProjectLogin | undefined;
}

/** Deletes the shares and snapshots that are surely of this cluster and in nobody's use; the rest is listed as kept. */
export function orphanRemoval(
  ctx: Context,
  kube: KubeClient,
  namespace: string,
  logins: Logins,
): Resource<OrphanWorld, Removal> {
  return {
    title: 'shares and snapshots',
    observe: () => observeOrphans(ctx, kube, namespace, logins),
    plan: (world) => findOrphans(world).orphans.map((orphan) => planRemoval(orphan, world, logins)),
    perform: async ({ op: { orphan, login } }, { signal }) => {
      if (!login) return;
      if (orphan.kind === 'Snapshot') await login.manila.deleteSnapshot(orphan.id);
      else if (await isStillOrphan(kube, login, orphan, signal)) await login.manila.deleteShare(orphan.id);
      await waitUntilGone(ctx, login, orphan, signal);
    },
    // Manila refuses to delete a share that has snapshots.
    stages: (planned) =>
      (['Snapshot', 'Share'] as const).map((kind) => planned.filter(({ op }) => op.orphan.kind === kind)),
  };
}

function planRemoval(orphan: Orphan, world: OrphanWorld, { logins }: Logins): Planned<Removal> {
  const { kind, id, name, deletable, of, sizeGiB, createdAt, reason, remedy } = orphan;
  const view = world.projects.find(({ shares, snapshots }) => [...shares, ...snapshots].some((one) => one.id === id));
  const facts = [
    ...(sizeGiB === undefined ? [] : [`${sizeGiB} GiB`]),
    ...(createdAt === undefined ? [] : [`made ${createdAt}`]),
    ...(of === undefined ? [] : [`for ${of}`]),
  ].join(', ');
  const change = {
    kind,
    name: deletable ? `${name} (${id})` : name,
    action: deletable ? ('delete' as const) : ('none' as const),
    fields: [],
    destructive: deletable,
    reason: deletable ? `${facts}; ${reason}` : `kept: ${reason}${remedy === undefined ? '' : `; ${remedy}`}`,
  };
  const login = deletable ? logins.find(({ secret }) => secret === view?.secret) : undefined;
  return { change, op: { orphan, login } };
}

/** Somebody may have taken the share up again since it was looked at: an import, by hand or by this program. */
async function isStillOrphan(
  kube: KubeClient,
  { manila }: ProjectLogin,
  { id, name }: Orphan,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(await manila.getShare(id))) return false;
  const { items } = await kube.list<Volume>({ apiVersion: 'v1', kind: 'PersistentVolume' }, { signal });
  const taken = items.find((volume) => refersTo(volume, id, name));
  if (!taken) return true;
  throw couldNotRun('moved', `volume ${taken.metadata.name} has taken up share ${id} meanwhile; it was not deleted`, {
    remedy: 'run it again to see what is left',
  });
}

async function waitUntilGone(ctx: Context, { manila }: ProjectLogin, { kind, id }: Orphan, signal: AbortSignal) {
  const status = async (): Promise<string | undefined> =>
    kind === 'Share'
      ? (await manila.getShare(id))?.status
      : (await manila.listSnapshots()).find((snapshot) => snapshot.id === id)?.status;
  const what = kind === 'Share' ? 'share' : 'snapshot';
  for (const deadline = ctx.clock.now() + GONE_TIMEOUT_MS; ;) {
    const now = await status();
    if (now === undefined) return;
    if (now.startsWith('error')) {
      throw couldNotRun('not-deleted', `Manila could not delete ${what} ${id}: it is ${now}`, {
        remedy: `an administrator can: openstack share ${kind === 'Share' ? '' : 'snapshot '}delete --force ${id}`,
      });
    }
    if (ctx.clock.now() > deadline) {
      throw timedOut(`${what} ${id} was deleted but is still ${now}`, { remedy: `see it: openstack share show ${id}` });
    }
    await ctx.clock.sleep(LOOK_MS, signal);
  }
}

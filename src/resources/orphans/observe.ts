import { isManilaDriver } from '../../drivers/names.ts';
import { mapLimit } from '../../core/concurrency.ts';
import type { Context } from '../../core/context.ts';
import { CliError, couldNotRun } from '../../core/errors.ts';
import { readClusterId } from '../../drivers/survey.ts';
import type { KubeClient, KubeObject } from '../../kube/types.ts';
import { Manila } from '../../openstack/manila.ts';
import type { Session } from '../../openstack/types.ts';
import { isCredential } from '../credential-list.ts';
import { loginOf } from '../credential-login.ts';
import { readCredentialSecret } from '../credential-secret.ts';
import {
  type Claim,
  type Content,
  handleOf,
  type OrphanWorld,
  type ProjectView,
  secretOfContent,
  secretOfVolume,
  shareRefs,
  type Volume,
} from './world.ts';

/** The login of the drivers or of a tenant. */
export interface ProjectLogin {
  secret: string;
  project: string;
  manila: Manila;
  session: Session;
}

export interface Logins {
  logins: ProjectLogin[];
  /** Secrets that do not serve, with the reason. */
  refused: string[];
}

const CONCURRENCY = 8;
const SNAPSHOT_API = 'snapshot.storage.k8s.io/v1';

/**
 * Logs in with each Secret of the drivers and tenants: together they see what the drivers see. The caller closes them.
 * @throws CliError `no-credential` (exit 3) where there is none; the first refusal where none of them serves.
 */
export async function openLogins(ctx: Context, kube: KubeClient, namespace: string): Promise<Logins> {
  const { items } = await kube.list({ apiVersion: 'v1', kind: 'Secret', namespace }, { signal: ctx.signal });
  const logins: ProjectLogin[] = [];
  const failures: { secret: string; error: CliError }[] = [];
  const secrets = items.filter(isCredential);
  await mapLimit(secrets, CONCURRENCY, async (secret) => {
    const held = readCredentialSecret(secret);
    if (!held) return;
    const { session } = loginOf(ctx, secret, held);
    try {
      const [manila, identity] = await Promise.all([Manila.connect(session, ctx), session.identity()]);
      logins.push({ secret: secret.metadata.name, project: identity.project?.name ?? '', manila, session });
    } catch (error) {
      session.close();
      if (ctx.signal.aborted || !(error instanceof CliError)) throw error;
      failures.push({ secret: secret.metadata.name, error });
    }
  });
  if (logins.length > 0) {
    logins.sort((a, b) => a.secret.localeCompare(b.secret));
    return { logins, refused: failures.map(({ secret, error }) => `what Secret ${secret} is for: ${error.message}`) };
  }
  if (failures[0]) throw failures[0].error;
  throw couldNotRun('no-credential', `there is no login of the drivers in namespace ${namespace}`, {
    remedy: 'run manila-rwx install first, or name the drivers’ namespace with -n',
  });
}

/**
 * Reads both halves: Manila first, so that a volume made meanwhile is seen with its claim. What then seems to be
 * missing in Manila is looked for once more.
 */
export async function observeOrphans(
  ctx: Context,
  kube: KubeClient,
  namespace: string,
  { logins, refused }: Logins,
): Promise<OrphanWorld> {
  const { signal } = ctx;
  const projects = await mapLimit(logins, CONCURRENCY, async ({ manila, secret, project }): Promise<ProjectView> => {
    const [shares, snapshots] = await Promise.all([manila.listShares(), manila.listSnapshots()]);
    return { secret, project, shares, snapshots };
  });
  const list = async <T extends KubeObject>(apiVersion: string, kind: string): Promise<T[]> =>
    (await kube.list<T>({ apiVersion, kind }, { signal })).items;
  const [clusterId, volumes, claims, definition] = await Promise.all([
    readClusterId(kube, signal),
    list<Volume>('v1', 'PersistentVolume'),
    list<Claim>('v1', 'PersistentVolumeClaim'),
    kube.get(
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name: 'volumesnapshotcontents.snapshot.storage.k8s.io',
      },
      { signal },
    ),
  ]);
  const known = definition && {
    contents: await list<Content>(SNAPSHOT_API, 'VolumeSnapshotContent'),
    snapshots: await list(SNAPSHOT_API, 'VolumeSnapshot'),
  };
  const notLookedAt = [...refused];
  await mapLimit(projects, CONCURRENCY, async (view) => {
    const manila = logins.find(({ secret }) => secret === view.secret)?.manila;
    if (!manila) return;
    const own = volumes.filter((volume) => secretOfVolume(volume, namespace) === view.secret);
    const unseen = own.filter((volume) => !view.shares.some(({ id, name }) => refersTo(volume, id, name)));
    const late = await mapLimit(unseen, CONCURRENCY, (volume) => manila.getShare(shareIdOf(volume)));
    view.shares.push(...late.filter((share) => share !== undefined));
    const handles = (known?.contents ?? [])
      .filter((content) => secretOfContent(content, namespace) === view.secret)
      .map(handleOf);
    const lacking = handles.some((handle) => handle !== undefined && !view.snapshots.some(({ id }) => id === handle));
    if (lacking) view.snapshots = await manila.listSnapshots();
  });
  return { clusterId, namespace, projects, volumes, claims, snapshots: known, notLookedAt };
}

/** Is it a volume of Manila that stands for this share? */
export function refersTo(volume: Volume, id: string, name: string): boolean {
  const refs = shareRefs(volume);
  return refs.includes(id) || (isManilaDriver(volume.spec.csi?.driver ?? '') && name !== '' && refs.includes(name));
}

function shareIdOf({ spec: { csi } }: Volume): string {
  return csi?.volumeAttributes?.shareID ?? csi?.volumeHandle ?? '';
}

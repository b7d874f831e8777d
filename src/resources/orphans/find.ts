import { isManilaDriver } from '../../drivers/names.ts';
import type { Share, Snapshot } from '../../openstack/types.ts';
import { refersTo } from './observe.ts';
import type { Foreign, Orphan, OrphanReport } from './report.ts';
import { type Claim, handleOf, type OrphanWorld, type ProjectView, secretOfContent, secretOfVolume } from './world.ts';

/** What Manila's CSI driver writes on all it makes, and on shares for which cluster, where it was told its name. */
const MADE_BY_DRIVER = /(provisioned|snapshotted)-by=manila\.csi\.openstack\.org/;
const CLUSTER_KEY = 'manila.csi.openstack.org/cluster';
const CLAIM_KEYS = ['csi.storage.k8s.io/pvc/namespace', 'csi.storage.k8s.io/pvc/name'] as const;

/** Manila deletes shares and snapshots in these states for their owner; in others only for an administrator. */
const DELETABLE = new Set(['available', 'error', 'inactive']);
const IN_ERROR = /error/;

/**
 * Joins the halves. Pure.
 *
 * A share is this cluster's if the driver wrote this cluster on it, or if a volume or a claim of this cluster stands
 * for it. One with another mark, or with none and no claim, may be another cluster's in the same project: it is never
 * called an orphan. While the claim of a share lives the driver works on it, also where it waits for long.
 */
export function findOrphans(world: OrphanWorld): OrphanReport {
  const finder = new Finder(world);
  const snapshots = finder.snapshots();
  const freed = new Set(snapshots.filter(({ deletable }) => deletable).map(({ id }) => id));
  return {
    clusterId: world.clusterId,
    projects: [...new Set(world.projects.map(({ project }) => project))],
    orphans: [...finder.shares(freed), ...finder.volumes(), ...snapshots, ...finder.contents()],
    maybeOthers: finder.foreign,
    notLookedAt: [...world.notLookedAt, ...finder.notLookedAt],
  };
}

class Finder {
  readonly foreign: Foreign[] = [];
  readonly notLookedAt: string[] = [];
  readonly #world: OrphanWorld;
  readonly #shares: Map<string, Share>;
  readonly #snapshots: Map<string, Snapshot>;
  readonly #views: Map<string, ProjectView>;

  constructor(world: OrphanWorld) {
    this.#world = world;
    // Two Secrets may be of one project.
    this.#shares = byId(world.projects.flatMap(({ shares }) => shares));
    this.#snapshots = byId(world.projects.flatMap(({ snapshots }) => snapshots));
    this.#views = new Map(world.projects.map((view) => [view.secret, view]));
  }

  /** @param freed ids of snapshots that are deleted before the shares are. */
  shares(freed: ReadonlySet<string>): Orphan[] {
    return [...this.#shares.values()].flatMap((share) => this.#share(share, freed));
  }

  /** Volumes whose share the login that they are served with does not have. */
  volumes(): Orphan[] {
    const unseen: string[] = [];
    const found = this.#world.volumes.flatMap((volume): Orphan[] => {
      const { csi, claimRef } = volume.spec;
      if (!csi || !isManilaDriver(csi.driver) || volume.metadata.deletionTimestamp !== undefined) return [];
      const view = this.#views.get(secretOfVolume(volume, this.#world.namespace) ?? '');
      if (!view) unseen.push(volume.metadata.name);
      if (!view || view.shares.some(({ id, name }) => refersTo(volume, id, name))) return [];
      return [
        {
          finding: 'volume-without-share',
          kind: 'PersistentVolume',
          id: csi.volumeHandle,
          name: volume.metadata.name,
          ...(volume.status?.phase === undefined ? {} : { status: volume.status.phase }),
          ...(claimRef?.name === undefined ? {} : { of: `${claimRef.namespace ?? ''}/${claimRef.name}` }),
          reason: `project ${view.project} has no share ${csi.volumeHandle}; the data is gone`,
          deletable: false,
          remedy: 'restore the data elsewhere, then delete the claim, and the volume with kubectl delete pv',
        },
      ];
    });
    if (unseen.length > 0) this.notLookedAt.push(`the shares of ${named(unseen, 'volume')}: served by another login`);
    return found;
  }

  /** Snapshots of the driver that no object of this cluster stands for. */
  snapshots(): Orphan[] {
    const made = [...this.#snapshots.values()].filter(
      ({ name, description }) => MADE_BY_DRIVER.test(description) || uidIn(name, 'snapshot-') !== undefined,
    );
    const known = this.#world.snapshots;
    if (!known) {
      if (made.length > 0) this.notLookedAt.push(`${named(names(made), 'snapshot')}: the cluster knows no snapshots`);
      return [];
    }
    const handles = new Set(known.contents.map(handleOf));
    const living = new Set([
      ...known.snapshots.map(({ metadata }) => metadata.uid),
      ...known.contents.map(({ spec }) => spec.volumeSnapshotRef?.uid),
    ]);
    return made.flatMap((snapshot): Orphan[] => {
      const { id, name, status, shareId, createdAt } = snapshot;
      if (handles.has(id) || living.has(uidIn(name, 'snapshot-')) || status === 'deleting') return [];
      const share = this.#shares.get(shareId);
      const base = { id, name, status, ...(createdAt === undefined ? {} : { createdAt }) };
      if (!share || !this.#isOurs(share)) {
        this.foreign.push({
          kind: 'Snapshot',
          ...base,
          reason: `its share ${shareId} is not known to be this cluster’s`,
        });
        return [];
      }
      const reason = 'no VolumeSnapshotContent stands for it';
      const state = { deletable: DELETABLE.has(status), ...remedyOf('snapshot', id, status) };
      return [{ finding: 'snapshot-without-content', kind: 'Snapshot', ...base, reason, ...state }];
    });
  }

  /** Contents whose snapshot the login that they are deleted with does not have. */
  contents(): Orphan[] {
    return (this.#world.snapshots?.contents ?? []).flatMap((content): Orphan[] => {
      const { spec, metadata } = content;
      const handle = handleOf(content);
      const view = this.#views.get(secretOfContent(content, this.#world.namespace) ?? '');
      if (!isManilaDriver(spec.driver) || handle === undefined || !view) return [];
      if (metadata.deletionTimestamp !== undefined || view.snapshots.some(({ id }) => id === handle)) return [];
      const { namespace, name } = spec.volumeSnapshotRef ?? {};
      return [
        {
          finding: 'content-without-snapshot',
          kind: 'VolumeSnapshotContent',
          id: handle,
          name: metadata.name,
          ...(namespace === undefined || name === undefined ? {} : { of: `${namespace}/${name}` }),
          reason: `project ${view.project} has no snapshot ${handle}; nothing can be restored from it`,
          deletable: false,
          remedy:
            name === undefined
              ? `kubectl delete volumesnapshotcontent ${metadata.name}`
              : `kubectl delete volumesnapshot ${name} -n ${namespace ?? ''}`,
        },
      ];
    });
  }

  #share(share: Share, freed: ReadonlySet<string>): Orphan[] {
    const { id, name, status, size, createdAt, metadata } = share;
    if (!this.#isOurs(share)) {
      this.#mention(share);
      return [];
    }
    const [namespace, claimName] = CLAIM_KEYS.map((key) => metadata[key]);
    const base = {
      finding: IN_ERROR.test(status) ? 'share-in-error' : 'share-without-volume',
      kind: 'Share',
      id,
      name,
      status,
      sizeGiB: size,
      ...(createdAt === undefined ? {} : { createdAt }),
      ...(namespace === undefined || claimName === undefined ? {} : { of: `${namespace}/${claimName}` }),
    } as const;
    if (this.#hasVolume(share)) {
      if (!IN_ERROR.test(status)) return [];
      const reason = 'a volume of this cluster is on it';
      return [
        {
          ...base,
          reason,
          deletable: false,
          remedy: `as an administrator: openstack share set --status available ${id}`,
        },
      ];
    }
    const claim = this.#claimOf(share);
    if (claim) return wantedBy(claim, base);
    // On its way: gone soon, or deleted by the provisioner as soon as it is made.
    if (status === 'deleting' || status.startsWith('creating')) return [];
    const reason = 'it was made for this cluster, and neither its claim nor a volume is there any more';
    const holding = [...this.#snapshots.values()].filter((one) => one.shareId === id && !freed.has(one.id));
    if (holding.length === 0) {
      return [{ ...base, reason, deletable: DELETABLE.has(status), ...remedyOf('share', id, status) }];
    }
    const remedy = `it cannot be deleted before its ${named(names(holding), 'snapshot')}`;
    return [{ ...base, reason, deletable: false, remedy }];
  }

  /** Drivers of other clusters make shares too. */
  #mention({ id, name, status, createdAt, description, metadata }: Share): void {
    if (!MADE_BY_DRIVER.test(description) && uidIn(name, 'pvc-') === undefined) return;
    const mark = metadata[CLUSTER_KEY];
    const reason = mark === undefined ? 'nothing says whose it is' : `made for cluster ${mark}`;
    this.foreign.push({ kind: 'Share', id, name, status, ...(createdAt === undefined ? {} : { createdAt }), reason });
  }

  #isOurs(share: Share): boolean {
    const mark = share.metadata[CLUSTER_KEY];
    return mark === this.#world.clusterId || this.#hasVolume(share) || this.#claimOf(share) !== undefined;
  }

  #hasVolume({ id, name }: Share): boolean {
    return this.#world.volumes.some((volume) => refersTo(volume, id, name));
  }

  /** The claim that the share is named after, if it lives. */
  #claimOf({ name }: Share): Claim | undefined {
    const uid = uidIn(name, 'pvc-');
    return uid === undefined ? undefined : this.#world.claims.find(({ metadata }) => metadata.uid === uid);
  }
}

/**
 * A share whose claim lives and that no volume is on. The driver tries again for a claim that has none yet, so that
 * its share is no orphan; one that had its volume and lost it is left alone by the driver for ever.
 */
function wantedBy(claim: Claim, base: Omit<Orphan, 'reason' | 'deletable' | 'remedy'>): Orphan[] {
  const { namespace = '', name } = claim.metadata;
  if ((claim.spec.volumeName ?? '') !== '') {
    const reason = `claim ${namespace}/${name} had its volume on it, and that volume is gone`;
    const remedy = `to have the data again: delete the claim, then manila-rwx pvc import ${base.id} ${name} -n ${namespace}`;
    return [{ ...base, reason, deletable: false, remedy }];
  }
  if (!IN_ERROR.test(base.status ?? '')) return [];
  const reason = `claim ${namespace}/${name} still waits for it`;
  return [{ ...base, reason, deletable: false, remedy: `manila-rwx pvc diagnose ${name} -n ${namespace}` }];
}

function byId<T extends { id: string }>(all: readonly T[]): Map<string, T> {
  return new Map(all.map((one) => [one.id, one]));
}

/** The uid in a name that the provisioner or snapshotter gave. */
function uidIn(name: string, prefix: 'pvc-' | 'snapshot-'): string | undefined {
  const uid = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uid) ? uid : undefined;
}

function remedyOf(what: 'share' | 'snapshot', id: string, status: string): { remedy?: string } {
  if (DELETABLE.has(status)) return {};
  return { remedy: `as an administrator: openstack share ${what === 'share' ? '' : 'snapshot '}delete --force ${id}` };
}

function names(all: readonly { id: string; name: string }[]): string[] {
  return all.map(({ id, name }) => (name === '' ? id : name));
}

/** `volume a`, `volumes a, b`, `7 volumes a, b, c, ...`. */
function named(all: readonly string[], noun: string): string {
  const listed = all.slice(0, 3).join(', ');
  if (all.length === 1) return `${noun} ${listed}`;
  return all.length > 3 ? `${all.length} ${noun}s ${listed}, ...` : `${noun}s ${listed}`;
}

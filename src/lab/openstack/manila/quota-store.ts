/** Quotas by name, with the defaults of manila.conf, in the order in which Manila registers them. */
export const QUOTA_DEFAULTS: Readonly<Record<string, number>> = {
  shares: 50,
  snapshots: 50,
  gigabytes: 1000,
  per_share_gigabytes: -1,
  snapshot_gigabytes: 1000,
  share_networks: 10,
  share_groups: 50,
  share_group_snapshots: 50,
  share_replicas: 100,
  replica_gigabytes: 1000,
};

/** Whose limits: a project's own, or those of one user or share type in it. */
export interface QuotaSubject {
  projectId: string;
  userId?: string | undefined;
  shareTypeId?: string | undefined;
}

type Limits = Record<string, number>;

/** The limits that were set. What was not set is inherited: type or user, then project, then class, then default. */
export class QuotaStore {
  readonly #projects = new Map<string, Limits>();
  readonly #users = new Map<string, Map<string, Limits>>();
  readonly #types = new Map<string, Map<string, Limits>>();
  readonly #classes = new Map<string, Limits>();

  /** Every limit of a subject, inherited ones included. */
  limits({ projectId, userId, shareTypeId }: QuotaSubject): Limits {
    const own =
      userId !== undefined
        ? this.#users.get(projectId)?.get(userId)
        : shareTypeId !== undefined
          ? this.#types.get(projectId)?.get(shareTypeId)
          : undefined;
    return { ...this.defaults(), ...this.#projects.get(projectId), ...own };
  }

  set({ projectId, userId, shareTypeId }: QuotaSubject, key: string, limit: number): void {
    if (userId !== undefined) put(nested(this.#users, projectId), userId, key, limit);
    else if (shareTypeId !== undefined) put(nested(this.#types, projectId), shareTypeId, key, limit);
    else put(this.#projects, projectId, key, limit);
  }

  /** A project's limits go together with its users'; those of its share types stay. */
  reset({ projectId, userId, shareTypeId }: QuotaSubject): void {
    if (userId !== undefined) this.#users.get(projectId)?.delete(userId);
    else if (shareTypeId !== undefined) this.#types.get(projectId)?.delete(shareTypeId);
    else {
      this.#projects.delete(projectId);
      this.#users.delete(projectId);
    }
  }

  forgetType(shareTypeId: string): void {
    for (const types of this.#types.values()) types.delete(shareTypeId);
  }

  /** What the users of a project were given by name, added up. */
  givenToUsers(projectId: string, key: string): number {
    return [...(this.#users.get(projectId)?.values() ?? [])].reduce((sum, limits) => sum + (limits[key] ?? 0), 0);
  }

  /** Limits of a project for which nothing was set. */
  defaults(): Limits {
    return this.ofClass('default');
  }

  ofClass(name: string): Limits {
    return { ...QUOTA_DEFAULTS, ...this.#classes.get(name) };
  }

  setClass(name: string, key: string, limit: number): void {
    put(this.#classes, name, key, limit);
  }
}

function nested(map: Map<string, Map<string, Limits>>, key: string): Map<string, Limits> {
  const inner = map.get(key) ?? new Map<string, Limits>();
  map.set(key, inner);
  return inner;
}

function put(map: Map<string, Limits>, owner: string, key: string, limit: number): void {
  map.set(owner, { ...map.get(owner), [key]: limit });
}

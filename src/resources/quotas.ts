import type { ConfigPath, LoadedConfig, QuotaSpec, ShareTypeQuotaSpec } from '../config/types.ts';
import { mapLimit } from '../core/concurrency.ts';
import { CliError, configError, couldNotRun } from '../core/errors.ts';
import { OpenStackError } from '../openstack/errors.ts';
import type { Keystone, Project } from '../openstack/identity-admin.ts';
import type { Manila } from '../openstack/manila.ts';
import { quotaKeyVersion } from '../openstack/manila/quotas.ts';
import type { QuotaDetail, QuotaSet } from '../openstack/types.ts';
import type { FieldChange, Planned } from '../reconcile/change.ts';
import type { Resource } from '../reconcile/reconcile.ts';
import { findProjectAt } from './share-types.ts';

/** The file's keys, and Manila's. */
const KEYS: Record<Exclude<keyof QuotaSpec, 'project' | 'shareTypes'>, string> = {
  shares: 'shares',
  gigabytes: 'gigabytes',
  snapshots: 'snapshots',
  snapshotGigabytes: 'snapshot_gigabytes',
  shareReplicas: 'share_replicas',
  replicaGigabytes: 'replica_gigabytes',
  shareNetworks: 'share_networks',
  shareGroups: 'share_groups',
  shareGroupSnapshots: 'share_group_snapshots',
  perShareGigabytes: 'per_share_gigabytes',
};

export interface ObservedQuota {
  project: Project;
  own: QuotaDetail;
  /** By the type's name. */
  types: Map<string, QuotaDetail>;
}

export interface QuotaOp {
  projectId: string;
  /** Limits of the project that go up: before those of its types, which may not be above them. */
  raise: QuotaSet;
  types: { name: string; limits: QuotaSet }[];
  /** Limits of the project that go down: after those of its types. */
  lower: QuotaSet;
}

/** Quotas of the file. Only keys that the file names and that differ are written. */
export class QuotasResource implements Resource<ObservedQuota[], QuotaOp> {
  readonly title = 'quotas';
  readonly #manila: Manila;
  readonly #keystone: Keystone;
  readonly #loaded: LoadedConfig;

  constructor(options: { manila: Manila; keystone: Keystone; loaded: LoadedConfig }) {
    this.#manila = options.manila;
    this.#keystone = options.keystone;
    this.#loaded = options.loaded;
  }

  /** @throws CliError `needs-admin` (exit 3), `unknown-project`, `unknown-share-type`, `config-invalid` (exit 2). */
  async observe(): Promise<ObservedQuota[]> {
    const { quotas } = this.#loaded.config;
    if (quotas.length === 0) return [];
    if (!(await this.#manila.isAdmin())) {
      throw couldNotRun('needs-admin', "this user is no administrator of Manila, and quotas are an administrator's", {
        remedy: 'choose a cloud entry with role admin (--os-cloud); manila-rwx auth status shows the roles of this one',
      });
    }
    // An unknown project would get the defaults in answer: Manila does not ask Keystone.
    const projects = await mapLimit(quotas, 8, (quota, index) =>
      findProjectAt(this.#keystone, quota.project, this.#at([index, 'project'])),
    );
    this.#refuseTwins(projects);
    return mapLimit(quotas, 8, async (quota, index) => {
      const project = projects[index] as Project;
      const names = Object.keys(quota.shareTypes ?? {});
      const [own, ...types] = await Promise.all([
        this.#manila.getQuotaDetail(project.id),
        ...names.map((name) => this.#typeQuota(project, name, index)),
      ]);
      return { project, own, types: new Map(names.map((name, i) => [name, types[i] ?? {}])) };
    });
  }

  /** @throws CliError `quota-conflict` (exit 2), naming every limit that Manila would refuse, with figures. */
  plan(observed: ObservedQuota[]): Planned<QuotaOp>[] {
    const conflicts: string[] = [];
    const planned = this.#loaded.config.quotas.flatMap((quota, index) => {
      const now = observed[index];
      if (!now) return [];
      conflicts.push(...this.#conflicts(quota, index, now));
      return [planOne(quota, now)];
    });
    if (conflicts.length > 0) {
      throw configError('quota-conflict', conflicts.join('\n  '), {
        remedy: 'correct the limits in the file; nothing was changed',
      });
    }
    return planned;
  }

  async perform({ op }: Planned<QuotaOp>): Promise<void> {
    if (Object.keys(op.raise).length > 0) await this.#manila.setQuota(op.projectId, op.raise);
    for (const { name, limits } of op.types) await this.#manila.setQuota(op.projectId, limits, { shareType: name });
    if (Object.keys(op.lower).length > 0) await this.#manila.setQuota(op.projectId, op.lower);
  }

  /** What Manila would refuse midway: it writes keys one by one, so a refusal leaves others changed. */
  #conflicts(quota: QuotaSpec, index: number, now: ObservedQuota): string[] {
    const whose = `project ${JSON.stringify(quota.project)}`;
    const conflicts = this.#belowUse(quota, now.own, [index], whose);
    for (const [name, spec] of Object.entries(quota.shareTypes ?? {})) {
      const path = [index, 'shareTypes', name];
      conflicts.push(
        ...this.#belowUse(spec, now.types.get(name) ?? {}, path, `share type ${JSON.stringify(name)} in ${whose}`),
      );
      for (const [key, wanted] of limitsOf(spec)) {
        const ceiling = quota[key] ?? now.own[KEYS[key]]?.limit ?? -1;
        if (ceiling === -1 || (wanted !== -1 && wanted <= ceiling)) continue;
        const said = wanted === -1 ? 'cannot be unlimited' : `${wanted} is above`;
        conflicts.push(
          `${this.#at([...path, key])}: ${key} of share type ${JSON.stringify(name)} ${said}${wanted === -1 ? ' within' : ''} the project's limit of ${ceiling}`,
        );
      }
    }
    return conflicts;
  }

  #belowUse(spec: ShareTypeQuotaSpec, now: QuotaDetail, path: ConfigPath, whose: string): string[] {
    return limitsOf(spec).flatMap(([key, wanted]) => {
      const present = now[KEYS[key]];
      const place = this.#at([...path, key]);
      if (present === undefined) {
        this.#manila.require(quotaKeyVersion(KEYS[key]), `quota ${key} (${place})`);
        return [`${place}: this cloud keeps no quota ${key} for ${whose}`];
      }
      const taken = present.inUse + present.reserved;
      if (wanted === -1 || wanted === present.limit || wanted >= taken) return [];
      const reserved = present.reserved > 0 ? ` and ${present.reserved} reserved` : '';
      return [
        `${place}: ${key} ${wanted} of ${whose} is below what is in use: ${present.inUse} used${reserved}, limit ${present.limit}`,
      ];
    });
  }

  /** The file refuses a name twice; a name and the id of the same project it cannot know. */
  #refuseTwins(projects: Project[]): void {
    const seen = new Map<string, number>();
    for (const [index, { id }] of projects.entries()) {
      const first = seen.get(id);
      if (first !== undefined) {
        throw configError(
          'config-invalid',
          `${this.#at([index, 'project'])}: this is the same project as at ${this.#at([first, 'project'])}`,
          { remedy: 'write its quotas once' },
        );
      }
      seen.set(id, index);
    }
  }

  async #typeQuota(project: Project, name: string, index: number): Promise<QuotaDetail> {
    try {
      return await this.#manila.getQuotaDetail(project.id, { shareType: name });
    } catch (error) {
      if (!(error instanceof OpenStackError) || error.status !== 404) throw error;
      throw new CliError({
        code: 'unknown-share-type',
        exitCode: 2,
        message: `${this.#at([index, 'shareTypes', name])}: Manila has no share type ${JSON.stringify(name)}`,
        remedy: 'correct the name, or make the type first: manila-rwx sharetype apply',
        cause: error,
      });
    }
  }

  #at(path: ConfigPath): string {
    return this.#loaded.where(['quotas', ...path]);
  }
}

function planOne(quota: QuotaSpec, now: ObservedQuota): Planned<QuotaOp> {
  const fields: FieldChange[] = [];
  const op: QuotaOp = { projectId: now.project.id, raise: {}, types: [], lower: {} };
  for (const [key, wanted] of limitsOf(quota)) {
    const before = now.own[KEYS[key]]?.limit;
    if (before === wanted) continue;
    fields.push({ path: key, before, after: wanted });
    const goesUp = wanted === -1 || (before !== -1 && wanted > (before ?? 0));
    (goesUp ? op.raise : op.lower)[KEYS[key]] = wanted;
  }
  for (const [name, spec] of Object.entries(quota.shareTypes ?? {})) {
    const limits: QuotaSet = {};
    for (const [key, wanted] of limitsOf(spec)) {
      // A type without a limit of its own shows the project's, and Manila does not tell one from the other.
      const before = now.types.get(name)?.[KEYS[key]]?.limit;
      if (before === wanted) continue;
      fields.push({ path: `shareTypes.${name}.${key}`, before, after: wanted });
      limits[KEYS[key]] = wanted;
    }
    if (Object.keys(limits).length > 0) op.types.push({ name, limits });
  }
  const action = fields.length > 0 ? 'update' : 'none';
  return { change: { kind: 'Quota', name: quota.project, action, fields, destructive: false }, op };
}

type Key = keyof typeof KEYS;

function limitsOf(spec: Partial<Record<Key, number>>): [Key, number][] {
  return (Object.keys(KEYS) as Key[]).flatMap((key) => {
    const wanted = spec[key];
    return wanted === undefined ? [] : [[key, wanted] as [Key, number]];
  });
}

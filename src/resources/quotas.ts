import type { ConfigPath, LoadedConfig, QuotaSpec } from '../config/types.ts';
import { mapLimit } from '../core/concurrency.ts';
import type { Context } from '../core/context.ts';
import { configError, couldNotRun } from '../core/errors.ts';
import { OpenStackError } from '../openstack/errors.ts';
import type { Keystone, Project } from '../openstack/identity-admin.ts';
import type { Manila } from '../openstack/manila.ts';
import { quotaKeyVersion, type QuotaScope } from '../openstack/manila/quotas.ts';
import type { QuotaDetail, QuotaSet } from '../openstack/types.ts';
import type { Change, FieldChange, Planned } from '../reconcile/change.ts';
import type { Findings } from '../reconcile/findings.ts';
import type { Resource } from '../reconcile/reconcile.ts';
import { placed, projectsAt } from './projects.ts';
import { QuotaChecks } from './quota-checks.ts';
import { planSubject, QUOTA_KEYS, wantedLimits, type WantedLimits } from './quota-plan.ts';

export interface ObservedQuota {
  project: Project;
  own: QuotaDetail;
  /** Limits of the cloud; asked for only where the file says `inherit`. */
  defaults: QuotaSet;
  /** By the type's name. */
  types: Map<string, QuotaDetail>;
  /** By what the file calls the user. */
  users: Map<string, { id: string; now: QuotaDetail }>;
}

/** One write; without limits it takes all of them away. */
interface QuotaWrite {
  scope: QuotaScope;
  limits?: QuotaSet;
}

export interface QuotaOp {
  projectId: string;
  /** In this order: what goes up in the project, its types and users, what goes down in the project. */
  writes: QuotaWrite[];
}

export interface QuotasOptions {
  manila: Manila;
  keystone: Keystone;
  loaded: LoadedConfig;
  /** Also below what is in use. */
  force?: boolean | undefined;
  /** Share types that are going to be made before the quotas are set. */
  coming?: ReadonlySet<string>;
}

/** Quotas of the file. Only keys that the file names and that differ are written. */
export class QuotasResource implements Resource<(ObservedQuota | undefined)[], QuotaOp> {
  readonly title = 'quotas';
  readonly #ctx: Context;
  readonly #options: QuotasOptions;

  constructor(ctx: Context, options: QuotasOptions) {
    this.#ctx = ctx;
    this.#options = options;
  }

  /** @throws CliError `needs-admin` (exit 3). Unknown projects, users and share types are refused. */
  async observe(_signal: AbortSignal, findings: Findings): Promise<(ObservedQuota | undefined)[]> {
    const { manila, keystone, loaded } = this.#options;
    const { quotas } = loaded.config;
    if (quotas.length === 0) return [];
    if (!(await manila.isAdmin())) {
      throw couldNotRun('needs-admin', "this user is no administrator of Manila, and quotas are an administrator's", {
        remedy: 'choose a cloud entry with role admin (--os-cloud); manila-rwx auth status shows the roles of this one',
      });
    }
    // An unknown project would get the defaults in answer: Manila does not ask Keystone.
    const named = quotas.map(({ project }, index) => ({ name: project, place: () => this.#at([index, 'project']) }));
    const projects = await projectsAt(keystone, named, findings);
    this.#refuseTwins(projects, findings);
    return mapLimit(quotas, 8, async (quota, index) => {
      const project = projects.get(quota.project);
      return project && this.#observeOne(quota, index, project, findings);
    });
  }

  plan(observed: (ObservedQuota | undefined)[], findings: Findings): Planned<QuotaOp>[] {
    const { manila, loaded, force } = this.#options;
    const checks = new QuotaChecks(this.#ctx, { manila, loaded, force: force === true, findings });
    return loaded.config.quotas.flatMap((quota, index) => {
      const now = observed[index];
      if (!now) return [];
      checks.check(quota, index, now);
      return [this.#planOne(quota, now)];
    });
  }

  async perform({ op }: Planned<QuotaOp>): Promise<void> {
    const { manila, force } = this.#options;
    for (const { scope, limits } of op.writes) {
      if (limits) await manila.setQuota(op.projectId, limits, { ...scope, ...(force && { force }) });
      else await manila.resetQuota(op.projectId, scope);
    }
  }

  #planOne(quota: QuotaSpec, now: ObservedQuota): Planned<QuotaOp> {
    const wanted = this.#limits(quota, now.own);
    const own = planSubject(wanted, { now: now.own, parent: now.defaults, moving: new Set() });
    const fields: FieldChange[] = [...own.fields];
    const moving = new Set(own.fields.map(({ path }) => QUOTA_KEYS[path as keyof typeof QUOTA_KEYS]));
    const parent = Object.fromEntries(Object.entries(now.own).map(([key, { limit }]) => [key, limit]));
    const parts: QuotaWrite[] = [];
    const add = (
      spec: Parameters<typeof wantedLimits>[0],
      has: QuotaDetail,
      prefix: string,
      scope: QuotaScope,
    ): void => {
      const part = planSubject(this.#limits(spec, has), { now: has, parent, moving }, prefix);
      fields.push(...part.fields);
      if (part.reset) parts.push({ scope });
      else if (Object.keys(part.limits).length > 0) parts.push({ scope, limits: part.limits });
    };
    for (const [name, spec] of Object.entries(quota.shareTypes ?? {})) {
      add(spec, now.types.get(name) ?? {}, `shareTypes.${name}.`, { shareType: name });
    }
    for (const [name, spec] of Object.entries(quota.users ?? {})) {
      const user = now.users.get(name);
      if (user) add(spec, user.now, `users.${name}.`, { userId: user.id });
    }
    const { raise, lower } = byDirection(own.limits, now.own);
    const writes = [
      ...(Object.keys(raise).length > 0 ? [{ scope: {}, limits: raise }] : []),
      ...(own.reset ? [{ scope: {} }] : []),
      ...parts,
      ...(Object.keys(lower).length > 0 ? [{ scope: {}, limits: lower }] : []),
    ];
    const change: Change = {
      kind: 'Quota',
      name: quota.project,
      action: fields.length > 0 ? 'update' : 'none',
      fields,
      destructive: own.reset,
      ...(own.reset && { reason: 'the limits of single users in the project go with its own' }),
    };
    return { change, op: { projectId: now.project.id, writes } };
  }

  /** Without what this cloud is too old for. */
  #limits(spec: Parameters<typeof wantedLimits>[0], now: QuotaDetail): WantedLimits {
    const wanted = [...wantedLimits(spec, now)];
    return new Map(wanted.filter(([key]) => this.#options.manila.supports(quotaKeyVersion(QUOTA_KEYS[key]))));
  }

  async #observeOne(quota: QuotaSpec, index: number, project: Project, findings: Findings): Promise<ObservedQuota> {
    const { manila, keystone } = this.#options;
    const types = new Map<string, QuotaDetail>();
    const users = new Map<string, { id: string; now: QuotaDetail }>();
    const [own, defaults] = await Promise.all([
      this.#read(project.id),
      inheritsFromCloud(quota) ? manila.defaultQuota(project.id) : {},
      ...Object.keys(quota.shareTypes ?? {}).map(async (name) => {
        const found = await findings.collect(() => this.#readType(project, name, index));
        if (found) types.set(name, found);
      }),
      ...Object.keys(quota.users ?? {}).map(async (name) => {
        const place = (): string => this.#at([index, 'users', name]);
        const user = await findings.collect(() => placed(place, () => keystone.requireUser(name, project.domainId)));
        if (user) users.set(name, { id: user.id, now: await this.#read(project.id, { userId: user.id }) });
      }),
    ]);
    // A type that does not exist yet will have what its project has, and no shares.
    for (const [name, found] of types) if (Object.keys(found).length === 0) types.set(name, ofNewType(own));
    return { project, own, defaults, types, users };
  }

  /** Limits, with what is used of them; below 2.25 Manila does not tell that, and itself refuses what is too low. */
  async #read(projectId: string, scope?: QuotaScope): Promise<QuotaDetail> {
    const { manila } = this.#options;
    if (manila.supports('2.25')) return manila.getQuotaDetail(projectId, scope);
    const limits = await manila.getQuota(projectId, scope);
    return Object.fromEntries(Object.entries(limits).map(([key, limit]) => [key, { limit, inUse: 0, reserved: 0 }]));
  }

  /** Empty for a type that is still to come, and where the cloud is too old for limits of types. */
  async #readType(project: Project, name: string, index: number): Promise<QuotaDetail | undefined> {
    if (!this.#options.manila.supports('2.39')) return undefined;
    try {
      return await this.#read(project.id, { shareType: name });
    } catch (error) {
      if (!(error instanceof OpenStackError) || error.status !== 404) throw error;
      if (this.#options.coming?.has(name)) return {};
      throw configError(
        'unknown-share-type',
        `${this.#at([index, 'shareTypes', name])}: Manila has no share type ${JSON.stringify(name)}`,
        { remedy: 'correct the name, or make the type first: manila-rwx sharetype apply', cause: error },
      );
    }
  }

  /** The file refuses a name twice; a name and the id of the same project it cannot know. */
  #refuseTwins(projects: Map<string, Project>, findings: Findings): void {
    const seen = new Map<string, number>();
    for (const [index, { project }] of this.#options.loaded.config.quotas.entries()) {
      const id = projects.get(project)?.id;
      if (id === undefined) continue;
      const first = seen.get(id);
      if (first === undefined) seen.set(id, index);
      else {
        findings.refuse(
          configError(
            'config-invalid',
            `${this.#at([index, 'project'])}: this is the same project as at ${this.#at([first, 'project'])}`,
            { remedy: 'write its quotas once' },
          ),
        );
      }
    }
  }

  #at(path: ConfigPath): string {
    return this.#options.loaded.where(['quotas', ...path]);
  }
}

function inheritsFromCloud(quota: QuotaSpec): boolean {
  return (Object.keys(QUOTA_KEYS) as (keyof typeof QUOTA_KEYS)[]).some((key) => quota[key] === 'inherit');
}

function ofNewType(own: QuotaDetail): QuotaDetail {
  return Object.fromEntries(
    Object.entries(own).flatMap(([key, { limit }]) =>
      ['share_networks', 'share_groups', 'share_group_snapshots'].includes(key)
        ? []
        : [[key, { limit, inUse: 0, reserved: 0 }]],
    ),
  );
}

/** Limits of a project go up before those of its types and users, which may not be above them, and down after. */
function byDirection(limits: QuotaSet, now: QuotaDetail): { raise: QuotaSet; lower: QuotaSet } {
  const entries = Object.entries(limits).map(([key, limit]) => {
    const before = now[key]?.limit ?? 0;
    return { key, limit, goesUp: limit === -1 || (before !== -1 && limit > before) };
  });
  const pick = (up: boolean): QuotaSet =>
    Object.fromEntries(entries.filter(({ goesUp }) => goesUp === up).map(({ key, limit }) => [key, limit]));
  return { raise: pick(true), lower: pick(false) };
}

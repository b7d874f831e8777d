import type { ConfigPath, LoadedConfig, QuotaSpec } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import { configError } from '../core/errors.ts';
import type { Manila } from '../openstack/manila.ts';
import { quotaKeyVersion } from '../openstack/manila/quotas.ts';
import type { QuotaDetail } from '../openstack/types.ts';
import type { Findings } from '../reconcile/findings.ts';
import { QUOTA_KEYS, type QuotaKey, wantedLimits, type WantedLimits } from './quota-plan.ts';
import type { ObservedQuota } from './quotas.ts';

/** Limits of part of a project, as the file has them. */
interface PartOfProject {
  /** `share type "gold"` */
  what: string;
  path: ConfigPath;
  wanted: WantedLimits;
  now: QuotaDetail;
}

/** What Manila would refuse midway: it writes keys one by one, so that a refusal leaves others changed. */
export class QuotaChecks {
  readonly #ctx: Context;
  readonly #manila: Manila;
  readonly #loaded: LoadedConfig;
  readonly #force: boolean;
  readonly #findings: Findings;

  constructor(ctx: Context, options: { manila: Manila; loaded: LoadedConfig; force: boolean; findings: Findings }) {
    this.#ctx = ctx;
    this.#manila = options.manila;
    this.#loaded = options.loaded;
    this.#force = options.force;
    this.#findings = options.findings;
  }

  /** Checks the limits of one project and of its types and users; tells `findings` what is wrong, with its place. */
  check(quota: QuotaSpec, index: number, now: ObservedQuota): void {
    const whose = `project ${JSON.stringify(quota.project)}`;
    const own = wantedLimits(quota, now.own);
    const types = this.#parts(quota, index, 'shareTypes', (name) => now.types.get(name));
    const users = this.#parts(quota, index, 'users', (name) => now.users.get(name)?.now);
    this.#checkSubject({ what: whose, path: [index], wanted: own, now: now.own }, quota.project);
    for (const part of [...types, ...users]) {
      this.#checkSubject({ ...part, what: `${part.what} in ${whose}` }, quota.project);
      this.#checkWithin(part, (key) => ceiling(key, own, now));
    }
    for (const key of Object.keys(QUOTA_KEYS) as QuotaKey[]) {
      this.#checkSums(key, { whose, index, limit: ceiling(key, own, now), types, users });
    }
  }

  #parts(
    quota: QuotaSpec,
    index: number,
    section: 'shareTypes' | 'users',
    nowOf: (name: string) => QuotaDetail | undefined,
  ): PartOfProject[] {
    const noun = section === 'users' ? 'user' : 'share type';
    return Object.entries(quota[section] ?? {}).flatMap(([name, spec]) => {
      const now = nowOf(name);
      const what = `${noun} ${JSON.stringify(name)}`;
      if (now) return [{ what, path: [index, section, name], wanted: wantedLimits(spec, now), now }];
      const reason = section === 'shareTypes' ? this.#manila.lacks('2.39') : undefined;
      if (reason !== undefined) this.#leaveOut(quota.project, `shareTypes.${name}`, reason);
      return [];
    });
  }

  #checkSubject({ what, path, wanted, now }: PartOfProject, project: string): void {
    for (const [key, limit] of wanted) {
      const present = now[QUOTA_KEYS[key]];
      const place = (): string => this.#at([...path, key]);
      const reason = this.#manila.lacks(quotaKeyVersion(QUOTA_KEYS[key]));
      if (reason !== undefined) {
        this.#leaveOut(project, [...path.slice(1), key].join('.'), reason);
        continue;
      }
      if (present === undefined) {
        this.#refuse(`${place()}: this cloud keeps no quota ${key} for ${what}`);
        continue;
      }
      const taken = present.inUse + present.reserved;
      if (limit === 'inherit' || limit === -1 || limit === present.limit || limit >= taken || this.#force) continue;
      const reserved = present.reserved > 0 ? ` and ${present.reserved} reserved` : '';
      this.#refuse(
        `${place()}: ${key} ${limit} of ${what} is below what is in use: ${present.inUse} used${reserved}, limit ${present.limit}`,
        'raise it in the file, or go below with --force',
      );
    }
  }

  #checkWithin({ what, path, wanted }: PartOfProject, ceilingOf: (key: QuotaKey) => number): void {
    for (const [key, limit] of wanted) {
      const most = ceilingOf(key);
      if (limit === 'inherit' || most === -1 || (limit !== -1 && limit <= most)) continue;
      const said = limit === -1 ? 'cannot be unlimited within' : `${limit} is above`;
      this.#refuse(
        `${this.#at([...path, key])}: ${key} of ${what} ${said} the project's limit of ${most}`,
        limit === -1 ? 'write inherit for the limit of the project' : undefined,
      );
    }
  }

  /** Manila refuses a project less than its users have together. Types may have more together: that is only said. */
  #checkSums(
    key: QuotaKey,
    parts: { whose: string; index: number; limit: number; types: PartOfProject[]; users: PartOfProject[] },
  ): void {
    if (parts.limit === -1) return;
    for (const section of ['types', 'users'] as const) {
      const limits = parts[section].flatMap(({ wanted }) => wanted.get(key) ?? []);
      const sum = limits.reduce<number>((total, limit) => total + (limit === 'inherit' ? 0 : Math.max(0, limit)), 0);
      if (sum <= parts.limit || limits.length < 2) continue;
      const place = this.#at([parts.index, section === 'types' ? 'shareTypes' : 'users']);
      const said = `${place}: ${key} of the ${section === 'types' ? 'share types' : 'users'} of ${parts.whose} add up to ${sum}, and the project has ${parts.limit}`;
      if (section === 'users') this.#refuse(said);
      else this.#ctx.io.warn(`${said}: they cannot all be used up`);
    }
  }

  #leaveOut(name: string, path: string, reason: string): void {
    this.#findings.leaveOut({ kind: 'Quota', name, path, reason });
  }

  #refuse(message: string, remedy?: string): void {
    this.#findings.refuse(
      configError('quota-conflict', message, { remedy: remedy ?? 'correct the limit in the file' }),
    );
  }

  #at(path: ConfigPath): string {
    return this.#loaded.where(['quotas', ...path]);
  }
}

/** The project's limit as it is going to be. */
function ceiling(key: QuotaKey, own: WantedLimits, { own: now, defaults }: ObservedQuota): number {
  const wanted = own.get(key);
  const name = QUOTA_KEYS[key];
  return (wanted === 'inherit' ? defaults[name] : wanted) ?? now[name]?.limit ?? -1;
}

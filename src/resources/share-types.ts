import type { LoadedConfig } from '../config/types.ts';
import { mapLimit } from '../core/concurrency.ts';
import type { Context } from '../core/context.ts';
import { nameKey } from '../core/database-text.ts';
import { type CliError, configError, couldNotRun } from '../core/errors.ts';
import { OpenStackError } from '../openstack/errors.ts';
import type { Keystone } from '../openstack/identity-admin.ts';
import type { Manila } from '../openstack/manila.ts';
import type { Pool, ShareType } from '../openstack/types.ts';
import type { Change, Planned } from '../reconcile/change.ts';
import { describeField } from '../reconcile/describe.ts';
import { Findings } from '../reconcile/findings.ts';
import type { Resource } from '../reconcile/reconcile.ts';
import { projectsAt } from './projects.ts';
import { isOfInstallation, isOursType } from './share-type-mark.ts';
import { differences, expectedType, markFor, newFields, type ShareTypeUpdate } from './share-type-plan.ts';
import { type BackEnds, poolsFor, whyUnserved } from './share-type-preflight.ts';
import { deleteType, inUse, removalOf } from './share-type-removal.ts';
import { DHSS, sameSpec, specVersion, wantedShareTypes, type WantedShareType } from './share-type-spec.ts';

export interface ObservedShareTypes extends BackEnds {
  types: ShareType[];
  /** Ids of the projects that may use a private type, by the type's id; only types that the file makes private. */
  access: Map<string, string[]>;
  /** Ids of projects by what the file calls them. */
  projects: Map<string, string>;
  /** How many shares there are of each type that is to be pruned, by the type's id. */
  shares: Map<string, number>;
}

export type ShareTypeOp =
  | { do: 'nothing' }
  | { do: 'create'; wanted: WantedShareType; projectIds: string[] }
  | ({ do: 'update' } & ShareTypeUpdate)
  | { do: 'delete'; id: string; name: string };

export interface ShareTypesOptions {
  manila: Manila;
  keystone: Keystone;
  loaded: LoadedConfig;
  /** Take over types that exist without the mark. */
  adopt?: boolean | undefined;
  /** Delete types that carry the mark of this file and are no longer in it. */
  prune?: boolean | undefined;
  /** Make types that no back end serves now. */
  force?: boolean | undefined;
}

/** A type that is not yet as it is going to be, and who may use it. */
export interface ExpectedType {
  type: ShareType;
  /** Ids of projects; of a private type. */
  projects: string[];
}

/**
 * The share types of the file. Of a type that exists, only what the file names is changed, and
 * `driver_handles_share_servers` not at all; others are deleted only with `prune`, and only those that were made by
 * this file.
 */
export class ShareTypesResource implements Resource<ObservedShareTypes, ShareTypeOp> {
  readonly title = 'share types';
  readonly #ctx: Context;
  readonly #options: ShareTypesOptions;
  #wanted: WantedShareType[] = [];
  #default: string | undefined;
  #pending: { expected: ExpectedType[]; gone: Set<string> } = { expected: [], gone: new Set() };

  constructor(ctx: Context, options: ShareTypesOptions) {
    this.#ctx = ctx;
    this.#options = options;
  }

  /** Name of the cloud's default share type, once it was looked for. */
  get defaultType(): string | undefined {
    return this.#default;
  }

  /** What the newest plan is going to make of types, and the ids of those that it deletes: empty once it was done. */
  get pending(): { expected: readonly ExpectedType[]; gone: ReadonlySet<string> } {
    return this.#pending;
  }

  /** @throws CliError `needs-admin` (exit 3). Unknown projects and extra specs that Manila would refuse are refused. */
  async observe(_signal: AbortSignal, findings: Findings): Promise<ObservedShareTypes> {
    const { manila, loaded } = this.#options;
    this.#wanted = wantedShareTypes(loaded, findings).map((wanted) => this.#withinVersion(wanted, findings));
    if (loaded.config.shareTypes.length === 0 && !this.#options.prune) {
      return { types: [], access: new Map(), projects: new Map(), pools: [], zones: [], shares: new Map() };
    }
    const unknown = new Findings();
    const reading = Promise.all([
      manila.listShareTypes(),
      this.#projects(unknown),
      this.#zones(),
      manila.supports('2.46') ? undefined : manila.defaultShareType(),
    ]);
    // Looked at after the pools, which tell whether this user is an administrator at all.
    reading.catch(() => undefined);
    const pools = await this.#pools();
    const [types, projects, zones, byDefault] = await reading;
    findings.takeOver(unknown);
    this.#default = byDefault ?? types.find(({ isDefault }) => isDefault)?.name;
    const present = byName(types);
    const access = new Map<string, string[]>();
    await mapLimit(this.#wanted, 8, async ({ name, isPublic }) => {
      const type = present.get(name);
      if (type && !isPublic && !type.isPublic) access.set(type.id, await manila.listTypeAccess(type.id));
    });
    const shares = new Map<string, number>();
    await mapLimit(this.#unlisted(types), 8, async ({ id }) => {
      shares.set(id, await manila.countShares({ allProjects: true, shareTypeId: id }));
    });
    return { types, access, projects, pools, zones, shares };
  }

  plan(observed: ObservedShareTypes, findings: Findings): Planned<ShareTypeOp>[] {
    if (observed.pools.length === 0 && this.#wanted.length > 0) {
      this.#ctx.io.warn(
        'Manila reports no storage pools, so it cannot be told whether these share types can be served',
      );
    }
    this.#pending = { expected: [], gone: new Set() };
    const present = byName(observed.types);
    const byKey = new Map(observed.types.map((type) => [nameKey(type.name), type]));
    const kept = this.#wanted.map((wanted) => {
      const type = present.get(wanted.name);
      const conflict = this.#conflict(wanted, type ?? byKey.get(nameKey(wanted.name)), observed);
      if (conflict) findings.refuse(conflict);
      const planned = type ? this.#planUpdate(wanted, type, observed, findings) : this.#planCreate(wanted, observed);
      this.#checkServed(wanted, planned.change, observed, findings);
      if (planned.op.do !== 'nothing') {
        const projects = wanted.projects.flatMap((name) => observed.projects.get(name) ?? []);
        this.#pending.expected.push({ type: expectedType(wanted, type), projects });
      }
      return planned;
    });
    return [...kept, ...this.#planPrune(observed, findings)];
  }

  async perform({ op }: Planned<ShareTypeOp>): Promise<void> {
    switch (op.do) {
      case 'nothing':
        return;
      case 'create':
        await this.#create(op.wanted, op.projectIds);
        break;
      case 'update':
        await this.#update(op);
        break;
      case 'delete':
        await deleteType(this.#options.manila, op);
        break;
    }
    // What builds on these types looks at them as they are from now on.
    this.#pending = { expected: [], gone: new Set() };
  }

  #planCreate(wanted: WantedShareType, observed: ObservedShareTypes): Planned<ShareTypeOp> {
    const projectIds = wanted.projects.flatMap((name) => observed.projects.get(name) ?? []);
    return {
      change: {
        kind: 'ShareType',
        name: wanted.name,
        action: 'create',
        fields: newFields(wanted),
        destructive: false,
      },
      op: { do: 'create', wanted, projectIds },
    };
  }

  #planUpdate(
    wanted: WantedShareType,
    present: ShareType,
    observed: ObservedShareTypes,
    findings: Findings,
  ): Planned<ShareTypeOp> {
    const { fields, update } = this.#differences(this.#withinUpdate(wanted, present, findings), present, observed);
    const head = { kind: 'ShareType', name: wanted.name, destructive: false, fields };
    if (fields.length === 0) return { change: { ...head, action: 'none' }, op: { do: 'nothing' } };
    return { change: { ...head, action: 'update' }, op: { do: 'update', ...update } };
  }

  #differences(wanted: WantedShareType, present: ShareType, { access, projects }: ObservedShareTypes) {
    const { installation } = this.#options.loaded.config;
    return differences(wanted, present, { before: access.get(present.id) ?? [], ids: projects }, installation);
  }

  /** Without what this cloud is too old for, which is told by name. */
  #withinVersion(wanted: WantedShareType, findings: Findings): WantedShareType {
    const { manila } = this.#options;
    const tooOld = (path: string, version: `2.${number}`): boolean => {
      const reason = manila.lacks(version);
      if (reason !== undefined) findings.leaveOut({ kind: 'ShareType', name: wanted.name, path, reason });
      return reason !== undefined;
    };
    const description = wanted.description && tooOld('description', '2.41') ? undefined : wanted.description;
    const specs = Object.entries(wanted.extraSpecs).filter(([key]) => !tooOld(`extraSpecs.${key}`, specVersion(key)));
    return { ...wanted, description, extraSpecs: Object.fromEntries(specs) };
  }

  /** Below 2.50 a type that exists keeps its description and stays public or private. */
  #withinUpdate(wanted: WantedShareType, present: ShareType, findings: Findings): WantedShareType {
    const reason = this.#options.manila.lacks('2.50');
    if (reason === undefined) return wanted;
    const head = { kind: 'ShareType', name: wanted.name, reason };
    const keeps = { ...wanted };
    if (wanted.description !== undefined && wanted.description !== present.description) {
      findings.leaveOut({ ...head, path: 'description' });
      keeps.description = undefined;
    }
    if (wanted.isPublic !== present.isPublic) {
      findings.leaveOut({ ...head, path: 'access' });
      keeps.isPublic = present.isPublic;
      keeps.projects = [];
    }
    return keeps;
  }

  /** Tells which back ends can serve what is new; refuses where none can, and warns where nothing is changed. */
  #checkServed(wanted: WantedShareType, change: Change, observed: ObservedShareTypes, findings: Findings): void {
    const concerned = change.action === 'create' || change.fields.some(({ path }) => path.startsWith('extraSpecs.'));
    const problem = whyUnserved(wanted, observed, this.#options.loaded);
    if (problem && concerned && this.#options.force !== true) findings.refuse(problem);
    else if (problem) this.#ctx.io.warn(problem.message);
    else if (concerned && observed.pools.length > 0)
      change.notes = [`served by ${poolsFor(wanted, observed).join(', ')}`];
    if (change.action !== 'none' && wanted.name === this.#default) {
      change.notes = [...(change.notes ?? []), 'it is the default share type of the cloud'];
    }
  }

  #planPrune(observed: ObservedShareTypes, findings: Findings): Planned<ShareTypeOp>[] {
    return this.#unlisted(observed.types).map((type) => {
      const shares = observed.shares.get(type.id) ?? 0;
      if (shares > 0) findings.refuse(inUse(type, shares));
      this.#pending.gone.add(type.id);
      return {
        change: removalOf(type, 'no longer in the file'),
        op: { do: 'delete', id: type.id, name: type.name },
      };
    });
  }

  /** Types that were made by this file and are no longer in it. */
  #unlisted(types: readonly ShareType[]): ShareType[] {
    if (!this.#options.prune) return [];
    const { installation, shareTypes } = this.#options.loaded.config;
    const listed = new Set(shareTypes.map(({ name }) => name));
    return types.filter(({ name, extraSpecs }) => !listed.has(name) && isOfInstallation(extraSpecs, installation));
  }

  /** Why the type cannot become what the file says, or must not. */
  #conflict(
    wanted: WantedShareType,
    present: ShareType | undefined,
    observed: ObservedShareTypes,
  ): CliError | undefined {
    if (!present) return undefined;
    const place = (): string => this.#options.loaded.where(['shareTypes', wanted.index, 'name']);
    const name = JSON.stringify(wanted.name);
    if (present.name !== wanted.name) {
      return configError(
        'share-type-case',
        `${place()}: share type ${name} cannot be made beside ${JSON.stringify(present.name)}: Manila does not tell names apart by case, accents or blanks at the end`,
        { remedy: `write ${present.name} in the file, if that one is meant` },
      );
    }
    const dhss = present.extraSpecs[DHSS] ?? '';
    if (!sameSpec(DHSS, wanted.extraSpecs[DHSS] ?? '', dhss)) {
      return configError(
        'share-type-immutable',
        `${place()}: share type ${name} has ${DHSS} ${dhss}, the file says ${wanted.extraSpecs[DHSS]}, and it never changes in a type that exists`,
        { remedy: 'choose another name in the file, or delete the type first: manila-rwx sharetype delete' },
      );
    }
    const { fields } = this.#differences(wanted, present, observed);
    if (fields.length === 0 || this.#options.adopt || isOursType(present.extraSpecs)) return undefined;
    return configError(
      'not-ours',
      `${place()}: share type ${name} is there and was not made by manila-rwx; the file would change ${fields.map(describeField).join(', ')}`,
      { remedy: 'take it over with --adopt, or write the file as the type is: manila-rwx sharetype show' },
    );
  }

  async #create(wanted: WantedShareType, projectIds: string[]): Promise<void> {
    const { manila, loaded } = this.#options;
    let id: string;
    try {
      const made = await manila.createShareType({
        name: wanted.name,
        isPublic: wanted.isPublic,
        extraSpecs: { ...wanted.extraSpecs, ...markFor(wanted, loaded.config.installation) },
        ...(wanted.description === undefined ? {} : { description: wanted.description }),
      });
      id = made.id;
    } catch (error) {
      if (!(error instanceof OpenStackError) || error.status !== 409) throw error;
      id = await this.#twin(wanted, error);
    }
    for (const project of projectIds) await manila.addTypeAccess(id, project);
  }

  /**
   * Names are unique, so there is one already: made by our own request, which was repeated after its answer was lost,
   * or by somebody else in this moment. Is it the same?
   * @returns its id
   */
  async #twin(wanted: WantedShareType, refusal: OpenStackError): Promise<string> {
    const twin = (await this.#options.manila.listShareTypes()).find(({ name }) => name === wanted.name);
    if (!twin) throw refusal.explained('another share type has that name: openstack share type list --all');
    const nobody = { before: [], ids: new Map<string, string>() };
    const { fields } = differences({ ...wanted, projects: [] }, twin, nobody, this.#options.loaded.config.installation);
    if (fields.length === 0) return twin.id;
    throw couldNotRun(
      'moved',
      `share type ${JSON.stringify(wanted.name)} was made by somebody else in this moment, with other values: ${fields.map(describeField).join(', ')}`,
      { remedy: 'run it again to see the changes as they are now', cause: refusal, requestId: refusal.requestId },
    );
  }

  async #update(op: ShareTypeUpdate): Promise<void> {
    const { manila } = this.#options;
    // First, as it holds the mark: what is stopped after it is finished by the next run without --adopt.
    if (Object.keys(op.extraSpecs).length > 0) await manila.setExtraSpecs(op.id, op.extraSpecs);
    for (const key of op.unset) await manila.unsetExtraSpec(op.id, key);
    // A public type takes no access list, so it is made private before.
    if (Object.keys(op.details).length > 0) await manila.updateShareType(op.id, op.details);
    for (const id of op.grant) await manila.addTypeAccess(op.id, id);
    for (const id of op.revoke) await manila.removeTypeAccess(op.id, id);
  }

  /** Only administrators see pools; and Manila's database layer leaves share types to them whatever the policy says. */
  async #pools(): Promise<Pool[]> {
    try {
      return await this.#options.manila.listPools();
    } catch (error) {
      if (!(error instanceof OpenStackError) || error.status !== 403) throw error;
      throw couldNotRun(
        'needs-admin',
        "this user is no administrator of Manila, and share types are an administrator's",
        {
          remedy:
            'choose a cloud entry with role admin (--os-cloud); manila-rwx auth status shows the roles of this one',
          requestId: error.requestId,
          cause: error,
        },
      );
    }
  }

  async #zones(): Promise<string[]> {
    const needed = this.#wanted.some(({ extraSpecs }) => 'availability_zones' in extraSpecs);
    return needed ? this.#options.manila.availabilityZones() : [];
  }

  async #projects(findings: Findings): Promise<Map<string, string>> {
    const { keystone, loaded } = this.#options;
    // Also those of types that are left out for a fault.
    const named = loaded.config.shareTypes.flatMap(({ access }, index) =>
      access === 'public'
        ? []
        : access.map((name, at) => ({ name, place: () => loaded.where(['shareTypes', index, 'access', at]) })),
    );
    const found = await projectsAt(keystone, named, findings);
    return new Map([...found].map(([name, { id }]) => [name, id]));
  }
}

function byName(types: readonly ShareType[]): Map<string, ShareType> {
  return new Map(types.map((type) => [type.name, type]));
}

import type { LoadedConfig } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import { CliError, configError, couldNotRun } from '../core/errors.ts';
import { mapLimit } from '../core/concurrency.ts';
import { OpenStackError } from '../openstack/errors.ts';
import type { Keystone, Project } from '../openstack/identity-admin.ts';
import type { Manila } from '../openstack/manila.ts';
import type { Pool, ShareType } from '../openstack/types.ts';
import type { FieldChange, Planned } from '../reconcile/change.ts';
import { describeField } from '../reconcile/describe.ts';
import type { Resource } from '../reconcile/reconcile.ts';
import { preflight } from './share-type-preflight.ts';
import { sameSpec, wantedShareTypes, type WantedShareType } from './share-type-spec.ts';

/**
 * The mark of a type that this program made or took over. Manila has no labels; an extra spec with a scope of its own
 * is the nearest thing: the scheduler and the drivers leave unknown scopes alone, and members do not see it. It is
 * worth its one key because a type is used by many clusters and by hand: without it, a name in the file that happens
 * to exist would silently change somebody else's type. It says "ours" without saying whose: installations that share
 * a type agree about it by their files.
 */
export const MARK = 'manila-rwx:managed';
const DHSS = 'driver_handles_share_servers';

export interface ObservedShareTypes {
  types: ShareType[];
  /** Ids of the projects that may use a private type, by the type's id; only types that the file makes private. */
  access: Map<string, string[]>;
  /** Projects by what the file calls them. */
  projects: Map<string, Project>;
}

export type ShareTypeOp =
  | { kind: 'none' }
  | { kind: 'create'; wanted: WantedShareType; projectIds: string[] }
  | {
      kind: 'update';
      id: string;
      details: { description?: string; isPublic?: boolean };
      extraSpecs: Record<string, string>;
      grant: string[];
      revoke: string[];
    };

export interface ShareTypesOptions {
  manila: Manila;
  keystone: Keystone;
  loaded: LoadedConfig;
  /** Take over types that exist without the mark. */
  adopt: boolean;
}

/**
 * The share types of the file. Nothing is ever deleted; of a type that exists, only what the file names is changed,
 * and `driver_handles_share_servers` not at all.
 */
export class ShareTypesResource implements Resource<ObservedShareTypes, ShareTypeOp> {
  readonly title = 'share types';
  readonly #ctx: Context;
  readonly #options: ShareTypesOptions;
  readonly #wanted: WantedShareType[];

  /** @throws CliError `config-invalid` (exit 2) for extra specs that Manila would refuse. */
  constructor(ctx: Context, options: ShareTypesOptions) {
    this.#ctx = ctx;
    this.#options = options;
    this.#wanted = wantedShareTypes(options.loaded);
  }

  /** @throws CliError `needs-admin` (exit 3), `unknown-project` (exit 2), `no-such-capability` (exit 2). */
  async observe(): Promise<ObservedShareTypes> {
    if (this.#wanted.length === 0) return { types: [], access: new Map(), projects: new Map() };
    const { manila, loaded } = this.#options;
    const reading = Promise.all([manila.listShareTypes(), this.#projects(), this.#zones()]);
    // Looked at after the pools, which tell whether this user is an administrator at all.
    reading.catch(() => undefined);
    const pools = await this.#pools();
    const [types, projects, zones] = await reading;
    preflight(this.#ctx, loaded, this.#wanted, { types, pools, zones });
    const access = new Map<string, string[]>();
    const restricted = this.#wanted.filter(({ isPublic }) => !isPublic);
    await mapLimit(restricted, 8, async ({ name }) => {
      const type = types.find((one) => one.name === name && !one.isPublic);
      if (type) access.set(type.id, await manila.listTypeAccess(type.id));
    });
    return { types, access, projects };
  }

  plan(observed: ObservedShareTypes): Planned<ShareTypeOp>[] {
    const conflicts: CliError[] = [];
    const planned = this.#wanted.map((wanted) => {
      const present = observed.types.find(({ name }) => name === wanted.name);
      const conflict = this.#conflict(wanted, present, observed);
      if (conflict) conflicts.push(conflict);
      return present ? this.#planUpdate(wanted, present, observed) : this.#planCreate(wanted, observed);
    });
    const [first, ...more] = conflicts;
    if (first && more.length === 0) throw first;
    if (first) {
      const list = conflicts.map(({ message, remedy }) => `\n  ${message} (${remedy ?? ''})`).join('');
      throw configError(
        'share-type-conflicts',
        `${conflicts.length} share types cannot be made as the file says:${list}`,
      );
    }
    return planned;
  }

  async perform({ op }: Planned<ShareTypeOp>): Promise<void> {
    if (op.kind === 'create') await this.#create(op.wanted, op.projectIds);
    if (op.kind === 'update') await this.#update(op);
  }

  #planCreate(wanted: WantedShareType, observed: ObservedShareTypes): Planned<ShareTypeOp> {
    const { manila } = this.#options;
    if (wanted.description) manila.require('2.41', `a description (of share type ${wanted.name})`);
    const fields: FieldChange[] = [
      ...(wanted.description ? [{ path: 'description', after: wanted.description }] : []),
      { path: 'access', after: wanted.isPublic ? 'public' : wanted.projects },
      ...Object.entries(wanted.extraSpecs).map(([key, after]) => ({ path: `extraSpecs.${key}`, after })),
    ];
    const projectIds = wanted.projects.flatMap((name) => observed.projects.get(name)?.id ?? []);
    return {
      change: { kind: 'ShareType', name: wanted.name, action: 'create', fields, destructive: false },
      op: { kind: 'create', wanted, projectIds },
    };
  }

  #planUpdate(wanted: WantedShareType, present: ShareType, observed: ObservedShareTypes): Planned<ShareTypeOp> {
    const { fields, op } = differences(wanted, present, observed);
    const head = { kind: 'ShareType', name: wanted.name, destructive: false };
    if (fields.length === 0) return { change: { ...head, action: 'none', fields }, op: { kind: 'none' } };
    if (op.details.description !== undefined || op.details.isPublic !== undefined) {
      this.#options.manila.require('2.50', `changing description or access of share type ${wanted.name}`);
    }
    if (present.extraSpecs[MARK] === undefined) {
      fields.push({ path: `extraSpecs.${MARK}`, after: 'true' });
      op.extraSpecs[MARK] = 'true';
    }
    return { change: { ...head, action: 'update', fields }, op };
  }

  /** Why the type cannot become what the file says, or must not. */
  #conflict(wanted: WantedShareType, present: ShareType | undefined, observed: ObservedShareTypes) {
    const place = this.#options.loaded.where(['shareTypes', wanted.index, 'name']);
    const name = JSON.stringify(wanted.name);
    if (!present) {
      const twin = observed.types.find((one) => one.name.toLowerCase() === wanted.name.toLowerCase());
      if (!twin) return undefined;
      return configError(
        'share-type-case',
        `${place}: share type ${name} cannot be made beside ${JSON.stringify(twin.name)}: Manila does not tell names apart by case`,
        { remedy: `write ${twin.name} in the file, if that one is meant` },
      );
    }
    const dhss = present.extraSpecs[DHSS] ?? '';
    if (!sameSpec(DHSS, wanted.extraSpecs[DHSS] ?? '', dhss)) {
      return configError(
        'share-type-immutable',
        `${place}: share type ${name} has ${DHSS} ${dhss}, the file says ${wanted.extraSpecs[DHSS]}, and it never changes in a type that exists`,
        {
          remedy: `choose another name in the file, or delete the type first (openstack share type delete ${wanted.name})`,
        },
      );
    }
    const { fields } = differences(wanted, present, observed);
    if (fields.length === 0 || this.#options.adopt || present.extraSpecs[MARK] !== undefined) return undefined;
    return configError(
      'not-ours',
      `${place}: share type ${name} is there and was not made by manila-rwx; the file would change ${fields.map(describeField).join(', ')}`,
      {
        remedy: `take it over with --adopt, or write the file as the type is (manila-rwx sharetype show ${wanted.name})`,
      },
    );
  }

  async #create(wanted: WantedShareType, projectIds: string[]): Promise<void> {
    const { manila } = this.#options;
    try {
      const made = await manila.createShareType({
        name: wanted.name,
        isPublic: wanted.isPublic,
        extraSpecs: { ...wanted.extraSpecs, [MARK]: 'true' },
        ...(wanted.description === undefined ? {} : { description: wanted.description }),
      });
      for (const id of projectIds) await manila.addTypeAccess(made.id, id);
    } catch (error) {
      if (!(error instanceof OpenStackError) || error.status !== 409) throw error;
      await this.#acceptTwin(wanted, error);
    }
  }

  /** Somebody made the same type meanwhile, or our own request was repeated after a lost answer: is it the same? */
  async #acceptTwin(wanted: WantedShareType, refusal: OpenStackError): Promise<void> {
    const observed = await this.observe();
    const twin = observed.types.find(({ name }) => name === wanted.name);
    if (!twin) throw refusal.explained(`another share type has that name: openstack share type list --all`);
    const { fields } = differences(wanted, twin, observed);
    if (fields.length === 0) return;
    throw couldNotRun(
      'moved',
      `share type ${JSON.stringify(wanted.name)} was made by somebody else in this moment, with other values: ${fields.map(describeField).join(', ')}`,
      { remedy: 'run it again to see the changes as they are now', cause: refusal, requestId: refusal.requestId },
    );
  }

  async #update(op: ShareTypeOp & { kind: 'update' }): Promise<void> {
    const { manila } = this.#options;
    // First, as it holds the mark: what is stopped after it is finished by the next run without --adopt.
    if (Object.keys(op.extraSpecs).length > 0) await manila.setExtraSpecs(op.id, op.extraSpecs);
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

  async #projects(): Promise<Map<string, Project>> {
    const { keystone, loaded } = this.#options;
    const found = new Map<string, Project>();
    for (const { index, projects } of this.#wanted) {
      for (const [at, name] of projects.entries()) {
        if (found.has(name)) continue;
        found.set(name, await findProjectAt(keystone, name, loaded.where(['shareTypes', index, 'access', at])));
      }
    }
    return found;
  }
}

/** A project that the file names; the error says where. */
export async function findProjectAt(keystone: Keystone, name: string, place: string): Promise<Project> {
  try {
    return await keystone.findProject(name);
  } catch (error) {
    if (!(error instanceof CliError) || error instanceof OpenStackError) throw error;
    throw configError(error.code, `${place}: ${error.message}`, { remedy: error.remedy, cause: error });
  }
}

/** What the file names and the type has otherwise. Extra specs that the file does not name are left alone. */
function differences(wanted: WantedShareType, present: ShareType, observed: ObservedShareTypes) {
  const fields: FieldChange[] = [];
  const op: ShareTypeOp & { kind: 'update' } = {
    kind: 'update',
    id: present.id,
    details: {},
    extraSpecs: {},
    grant: [],
    revoke: [],
  };
  if (wanted.description !== undefined && wanted.description !== present.description) {
    fields.push({ path: 'description', before: present.description, after: wanted.description });
    op.details.description = wanted.description;
  }
  if (wanted.isPublic !== present.isPublic) op.details.isPublic = wanted.isPublic;
  const before = observed.access.get(present.id) ?? [];
  if (!wanted.isPublic) {
    const ids = wanted.projects.flatMap((name) => observed.projects.get(name)?.id ?? []);
    op.grant = ids.filter((id) => !before.includes(id));
    op.revoke = before.filter((id) => !ids.includes(id));
  }
  if (op.details.isPublic !== undefined || op.grant.length > 0 || op.revoke.length > 0) {
    const names = new Map([...observed.projects].map(([name, { id }]) => [id, name]));
    fields.push({
      path: 'access',
      before: present.isPublic ? 'public' : wanted.isPublic ? 'private' : before.map((id) => names.get(id) ?? id),
      after: wanted.isPublic ? 'public' : wanted.projects,
    });
  }
  for (const [key, value] of Object.entries(wanted.extraSpecs)) {
    const now = present.extraSpecs[key];
    if (now !== undefined && sameSpec(key, value, now)) continue;
    fields.push({ path: `extraSpecs.${key}`, ...(now === undefined ? {} : { before: now }), after: value });
    op.extraSpecs[key] = value;
  }
  return { fields, op };
}

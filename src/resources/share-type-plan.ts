import type { ShareType } from '../openstack/types.ts';
import type { FieldChange } from '../reconcile/change.ts';
import { isOfInstallation, isOursType, MARK, markedKeys, markOf } from './share-type-mark.ts';
import { DHSS, sameSpec, type WantedShareType } from './share-type-spec.ts';

/** What is written to make a type that exists as the file says. */
export interface ShareTypeUpdate {
  id: string;
  details: { description?: string; isPublic?: boolean };
  /** Set in one request, with the mark. */
  extraSpecs: Record<string, string>;
  /** Taken away, a request a key. */
  unset: string[];
  /** Ids of projects. */
  grant: string[];
  revoke: string[];
}

export interface AccessOf {
  /** Ids of the projects that may use the type, where it is private. */
  before: readonly string[];
  /** Ids of the projects of the file, by what it calls them. */
  ids: ReadonlyMap<string, string>;
}

/**
 * What the file names and the type has otherwise. Extra specs that the file does not name are left alone, except
 * those that it had set before and takes back by no longer naming them.
 */
export function differences(
  wanted: WantedShareType,
  present: ShareType,
  { before, ids }: AccessOf,
  installation: string | undefined,
): { fields: FieldChange[]; update: ShareTypeUpdate } {
  const fields: FieldChange[] = [];
  const update: ShareTypeUpdate = { id: present.id, details: {}, extraSpecs: {}, unset: [], grant: [], revoke: [] };
  if (wanted.description !== undefined && wanted.description !== present.description) {
    fields.push({ path: 'description', before: present.description, after: wanted.description });
    update.details.description = wanted.description;
  }
  if (wanted.isPublic !== present.isPublic) update.details.isPublic = wanted.isPublic;
  if (!wanted.isPublic) {
    const after = wanted.projects.flatMap((name) => ids.get(name) ?? []);
    update.grant = after.filter((id) => !before.includes(id));
    update.revoke = before.filter((id) => !after.includes(id));
  }
  if (update.details.isPublic !== undefined || update.grant.length > 0 || update.revoke.length > 0) {
    const names = new Map([...ids].map(([name, id]) => [id, name]));
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
    update.extraSpecs[key] = value;
  }
  for (const key of unwantedKeys(wanted, present, installation)) {
    fields.push({ path: `extraSpecs.${key}`, before: present.extraSpecs[key] });
    update.unset.push(key);
  }
  if (fields.length > 0) addMark(wanted, present, installation, { fields, update });
  return { fields, update };
}

function unwantedKeys(wanted: WantedShareType, present: ShareType, installation: string | undefined): string[] {
  const had = isOfInstallation(present.extraSpecs, installation) ? markedKeys(present.extraSpecs) : [];
  const gone = [...wanted.without, ...had.filter((key) => wanted.extraSpecs[key] === undefined && key !== DHSS)];
  return [...new Set(gone)].filter((key) => present.extraSpecs[key] !== undefined);
}

/** The mark goes with the extra specs. A type that is not ours gets it by being changed. */
function addMark(
  wanted: WantedShareType,
  present: ShareType,
  installation: string | undefined,
  { fields, update }: { fields: FieldChange[]; update: ShareTypeUpdate },
): void {
  const isOurs = isOursType(present.extraSpecs);
  if (isOurs && Object.keys(update.extraSpecs).length === 0) return;
  // A type of another installation stays that one's.
  const mark = { ...markFor(wanted, installation), ...(isOurs && { [MARK]: present.extraSpecs[MARK] ?? '' }) };
  if (!isOurs) fields.push({ path: `extraSpecs.${MARK}`, after: mark[MARK] });
  for (const [key, value] of Object.entries(mark)) {
    if (present.extraSpecs[key] !== value) update.extraSpecs[key] = value;
  }
}

/** The mark of a type as the file wants it. driver_handles_share_servers is never taken away, so it is not kept track of. */
export function markFor({ extraSpecs }: WantedShareType, installation: string | undefined): Record<string, string> {
  return markOf(
    installation,
    Object.keys(extraSpecs).filter((key) => key !== DHSS),
  );
}

/** Every field of a type that is to be made. */
export function newFields(wanted: WantedShareType): FieldChange[] {
  return [
    ...(wanted.description ? [{ path: 'description', after: wanted.description }] : []),
    { path: 'access', after: wanted.isPublic ? 'public' : wanted.projects },
    ...Object.entries(wanted.extraSpecs).map(([key, after]) => ({ path: `extraSpecs.${key}`, after })),
  ];
}

/** The type as it is going to be, for what builds on it before it is made. */
export function expectedType(wanted: WantedShareType, present: ShareType | undefined): ShareType {
  return {
    id: present?.id ?? `(id of share type ${wanted.name})`,
    name: wanted.name,
    description: wanted.description ?? present?.description ?? '',
    isPublic: wanted.isPublic,
    isDefault: present?.isDefault ?? false,
    extraSpecs: { ...present?.extraSpecs, ...wanted.extraSpecs },
  };
}

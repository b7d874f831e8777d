import { isDeepStrictEqual } from 'node:util';
import type { StorageClassOverride, UserEdits } from '../../config/types.ts';
import type { StorageClass, TopologyTerm } from './class.ts';

/** What the file last asked for in the fields that people may edit, as JSON: by it, an edit is told from a new wish. */
export const APPLIED_ANNOTATION = 'manila-rwx/applied';

/** Fields of a class that can be changed in place. */
export const EDITABLE = ['allowVolumeExpansion', 'mountOptions', 'allowedTopologies'] as const;
type Editable = Pick<StorageClass, (typeof EDITABLE)[number]>;

/**
 * The editable fields as they are to be, and the annotation that goes with them. With `keep`, a field about which the
 * file says the same as last time is left as it is found; with `restore` it becomes what the file says.
 */
export function editableFields(
  settings: { override: StorageClassOverride; userEdits: UserEdits; live: StorageClass | undefined },
  allowedTopologies: TopologyTerm[] | undefined,
): { fields: Editable; applied: Record<string, string> } {
  const { allowVolumeExpansion, mountOptions } = settings.override;
  const asked = defined({ allowVolumeExpansion, mountOptions, allowedTopologies });
  const applied = { [APPLIED_ANNOTATION]: JSON.stringify(asked) };
  const wanted = { ...DEFAULTS, ...asked };
  const { live, userEdits } = settings;
  if (!live || userEdits === 'restore') return { fields: wanted, applied };
  // A class from elsewhere carries no record: what the file does not name stays.
  const last = lastApplied(live) ?? {};
  const fields: Editable = Object.fromEntries(
    EDITABLE.map((field) => [field, isDeepStrictEqual(last[field], asked[field]) ? live[field] : wanted[field]]),
  );
  return { fields: defined(fields), applied };
}

/** What a new class has where the file is silent. */
const DEFAULTS: Editable = { allowVolumeExpansion: true };

function defined(fields: { [K in keyof Editable]: Editable[K] | undefined }): Editable {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function lastApplied({ metadata }: StorageClass): Editable | undefined {
  const text = metadata.annotations?.[APPLIED_ANNOTATION];
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Fields in which people have changed a class that is otherwise as the file says. */
export function editedFields(live: StorageClass): string[] {
  const last = lastApplied(live);
  if (!last) return [];
  const asked: Editable = { ...DEFAULTS, ...last };
  return EDITABLE.filter((field) => !isDeepStrictEqual(normal(asked[field]), normal(live[field])));
}

/** The server leaves empty lists out, and false is what a missing allowVolumeExpansion means. */
function normal(value: unknown): unknown {
  return value === false || (Array.isArray(value) && value.length === 0) ? undefined : value;
}

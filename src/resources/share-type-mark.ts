/**
 * The mark of a type that this program made or took over. Manila has no labels; extra specs with a scope of their own
 * are the nearest thing: the scheduler and the drivers leave unknown scopes alone, and members do not see them. It is
 * worth its keys because a type is used by many clusters and by hand: without it, a name in the file that happens to
 * exist would silently change somebody else's type.
 */
export const MARK = 'manila-rwx:managed';
/** What the mark says where the file has no `installation`. */
const UNNAMED = 'true';
/** The keys that the file has set, so that one that is taken out of the file can be taken from the type. */
const KEYS = 'manila-rwx:keys';
/** Longest value of an extra spec. */
const LONGEST = 255;

type Specs = Readonly<Record<string, string>>;

/** The extra specs by which a type is known as ours, and what the file has set in it. */
export function markOf(installation: string | undefined, keys: readonly string[]): Record<string, string> {
  const lists: string[] = [];
  for (const key of [...keys].sort()) {
    const last = lists.at(-1);
    if (last !== undefined && last.length + 1 + key.length <= LONGEST) lists[lists.length - 1] = `${last},${key}`;
    else lists.push(key);
  }
  return {
    [MARK]: installation ?? UNNAMED,
    ...Object.fromEntries(lists.map((list, i) => [i === 0 ? KEYS : `${KEYS}-${i + 1}`, list])),
  };
}

export function isMark(key: string): boolean {
  return key === MARK || key === KEYS || key.startsWith(`${KEYS}-`);
}

/** Was the type made or taken over by this program, under whatever name? */
export function isOursType(specs: Specs): boolean {
  return specs[MARK] !== undefined;
}

/** Was it made under this name? Only such a type is this file's to delete. */
export function isOfInstallation(specs: Specs, installation: string | undefined): boolean {
  return specs[MARK] === (installation ?? UNNAMED);
}

/** The keys that were set by the file when the type was last written. */
export function markedKeys(specs: Specs): string[] {
  return Object.entries(specs).flatMap(([key, value]) => (key !== MARK && isMark(key) ? value.split(',') : []));
}

import type { ConfigPath } from './types.ts';

/** Is `path` the part at `outer`, or inside of it? */
export function within(path: ConfigPath, outer: ConfigPath): boolean {
  return outer.every((key, i) => path[i] === key);
}

/** What a file holds without its faulty parts; knows where in the file the rest stands. */
export class SoundPart {
  readonly data: unknown;
  /** Of lists that lost entries: which entries of the file are left. */
  readonly #left = new Map<unknown, number[]>();

  /** @param data is changed by {@link remove}. */
  constructor(data: unknown) {
    this.data = data;
  }

  /** The same value's path in the file. */
  inFile(path: ConfigPath): ConfigPath {
    let parent: unknown = this.data;
    return path.map((key) => {
      const index = typeof key === 'number' ? this.#left.get(parent)?.[key] : undefined;
      parent = child(parent, key);
      return index ?? key;
    });
  }

  /** Takes away what stands at `paths`. Returns whether all of it could be: the whole file cannot. */
  remove(paths: readonly ConfigPath[]): boolean {
    const byParent = new Map<unknown, Set<string | number>>();
    for (const path of paths) {
      const key = path.at(-1);
      if (key === undefined) return false;
      const parent = path.slice(0, -1).reduce<unknown>(child, this.data);
      byParent.set(parent, (byParent.get(parent) ?? new Set()).add(key));
    }
    for (const [parent, keys] of byParent) {
      if (Array.isArray(parent)) {
        const indexes = this.#left.get(parent) ?? parent.map((_, i) => i);
        this.#left.set(
          parent,
          indexes.filter((_, i) => !keys.has(i)),
        );
        parent.splice(0, parent.length, ...(parent as unknown[]).filter((_, i) => !keys.has(i)));
      } else for (const key of keys) Reflect.deleteProperty(parent as object, key);
    }
    return byParent.size > 0;
  }
}

function child(parent: unknown, key: string | number): unknown {
  return (parent as Record<string | number, unknown> | undefined)?.[key];
}

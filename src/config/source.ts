import { type Document, isMap, isScalar, type LineCounter, type Node, type Pair } from 'yaml';
import type { ConfigPath } from './types.ts';

/** A YAML document with its places: turns a path into `name:line:column`. */
export class ConfigSource {
  readonly #name: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(name: string, document: Document, lines: LineCounter) {
    this.#name = name;
    this.#document = document;
    this.#lines = lines;
  }

  /** The place of the value at `path`, or of its nearest parent that exists. */
  where(path: ConfigPath): string {
    for (let length = path.length; length > 0; length--) {
      const node = this.#document.getIn(path.slice(0, length), true) as Node | undefined;
      if (node?.range) return this.#at(node.range[0]);
    }
    return this.#at(this.#document.contents?.range?.[0] ?? 0);
  }

  /** The place of a key itself, for keys that should not be there. */
  whereKey(parent: ConfigPath, key: string): string {
    const map: unknown = parent.length === 0 ? this.#document.contents : this.#document.getIn(parent, true);
    if (isMap(map)) {
      const pair = map.items.find((item: Pair) => isScalar(item.key) && String(item.key.value) === key);
      const node = pair?.key as Node | undefined;
      if (node?.range) return this.#at(node.range[0]);
    }
    return this.where(parent);
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#name}:${line}:${col}`;
  }
}

import { type Json, type JsonObject, isObject } from '../json.ts';

export interface ParsedJson {
  value: Json;
  /** Members that were given more than once. */
  duplicates: Member[];
  /** Where each member was met first. */
  positions: ReadonlyMap<string, number>;
}

/** A member of an object, and where in the text it is. */
export interface Member {
  path: string;
  position: number;
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Parses JSON and notices members that are given twice, which JSON.parse passes over. As in Go, the later one counts,
 * and objects are read into each other.
 * @throws SyntaxError in the words of Go's encoding/json.
 */
export function parseJson(text: string): ParsedJson {
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  readonly #duplicates: Member[] = [];
  readonly #positions = new Map<string, number>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): ParsedJson {
    const value = this.#value('');
    this.#skip();
    if (this.#at < this.#text.length) throw this.#unexpected('after top-level value');
    return { value, duplicates: this.#duplicates, positions: this.#positions };
  }

  #value(path: string): Json {
    this.#skip();
    const char = this.#text[this.#at];
    if (char === '{') return this.#object(path);
    if (char === '[') return this.#array(path);
    if (char === '"') return this.#string();
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    const number = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
    number.lastIndex = this.#at;
    const match = number.exec(this.#text);
    if (!match) throw this.#unexpected('looking for beginning of value');
    this.#at += match[0].length;
    return Number(match[0]);
  }

  #object(path: string): JsonObject {
    const object: JsonObject = {};
    this.#at++;
    for (let first = true; ; first = false) {
      this.#skip();
      if (this.#take('}')) return object;
      if (!first) this.#expect(',', 'after object key:value pair');
      this.#skip();
      if (this.#text[this.#at] !== '"') throw this.#unexpected('looking for beginning of object key string');
      const position = this.#at;
      const key = this.#string();
      this.#skip();
      this.#expect(':', 'after object key');
      const member = path === '' ? key : `${path}.${key}`;
      const before = Object.hasOwn(object, key) ? object[key] : undefined;
      if (before !== undefined) this.#duplicates.push({ path: member, position });
      else this.#positions.set(member, position);
      const given = this.#value(member);
      const value = isObject(before) && isObject(given) ? { ...before, ...given } : given;
      Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    }
  }

  #array(path: string): Json[] {
    const items: Json[] = [];
    this.#at++;
    for (let first = true; ; first = false) {
      this.#skip();
      if (this.#take(']')) return items;
      if (!first) this.#expect(',', 'after array element');
      items.push(this.#value(`${path}[${items.length}]`));
    }
  }

  #string(): string {
    let out = '';
    this.#at++;
    for (;;) {
      const plain = /[^"\\]*/y;
      plain.lastIndex = this.#at;
      const text = plain.exec(this.#text)?.[0] ?? '';
      out += text;
      this.#at += text.length;
      const char = this.#text[this.#at];
      if (char === undefined) throw this.#unexpected('');
      if (char === '"') {
        this.#at++;
        return out;
      }
      out += this.#escape();
      this.#at++;
    }
  }

  /** The character that an escape stands for; leaves the position on its last character. */
  #escape(): string {
    const char = this.#text[++this.#at];
    if (char === undefined) throw this.#unexpected('');
    if (char !== 'u') return ESCAPES[char] ?? char;
    const code = parseInt(this.#text.slice(this.#at + 1, this.#at + 5), 16);
    if (Number.isNaN(code)) throw this.#unexpected('in \\u hexadecimal character escape');
    this.#at += 4;
    return String.fromCharCode(code);
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #expect(char: string, where: string): void {
    if (!this.#take(char)) throw this.#unexpected(where);
  }

  #unexpected(where: string): SyntaxError {
    const char = this.#text[this.#at];
    return new SyntaxError(
      char === undefined ? 'unexpected end of JSON input' : `invalid character '${char}' ${where}`,
    );
  }
}

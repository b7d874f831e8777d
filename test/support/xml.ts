/** An element of an XML document. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  /** Text of this element alone, entities resolved. */
  text: string;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** What XML 1.0 forbids (section 2.2). */
const FORBIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Parses XML 1.0 without doctype, and throws at whatever is not well formed. */
export function parseXml(text: string): Element {
  if (FORBIDDEN.test(text)) throw new Error('a character that XML cannot hold');
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`${what} at ${at}: ${text.slice(at, at + 40)}`);
  };
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found ?? undefined;
  };
  const resolved = (raw: string): string => {
    if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.test(raw)) fail('a bare &');
    return raw.replaceAll(/&(#x?)?([\da-z]+);/gi, (_, code: string | undefined, name: string) =>
      code ? String.fromCodePoint(parseInt(name, code === '#' ? 10 : 16)) : (ENTITIES[name] ?? ''),
    );
  };
  const element = (): Element => {
    const name = take(/<([\w.:-]+)/y)?.[1] ?? fail('no element');
    const one: Element = { name, attributes: {}, children: [], text: '' };
    for (let found = take(/\s+([\w.:-]+)="([^"<]*)"/y); found; found = take(/\s+([\w.:-]+)="([^"<]*)"/y)) {
      const [, key = '', value = ''] = found;
      if (key in one.attributes) fail(`attribute ${key} twice`);
      // As the specification normalises attribute values (section 3.3.3).
      one.attributes[key] = resolved(value.replaceAll(/[\t\r\n]/g, ' '));
    }
    if (take(/\s*\/>/y)) return one;
    if (!take(/\s*>/y)) fail('a broken tag');
    for (;;) {
      const raw = take(/[^<]*/y)?.[0] ?? '';
      if (raw.includes(']]>')) fail(']]> in text');
      one.text += resolved(raw.replaceAll(/\r\n?/g, '\n'));
      if (take(/<\/([\w.:-]+)\s*>/y)) {
        if (!text.slice(0, at).endsWith(`</${name}>`)) fail(`${name} is not closed`);
        return one;
      }
      if (at >= text.length) fail(`the end within ${name}`);
      one.children.push(element());
    }
  };
  if (!take(/<\?xml version="1\.0" encoding="UTF-8"\?>\s*/y)) fail('no declaration');
  const root = element();
  take(/\s*/y);
  if (at !== text.length) fail('something after the end');
  return root;
}

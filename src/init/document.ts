import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isNode, isScalar, type Pair, parseDocument, Scalar, type YAMLMap } from 'yaml';
import { diffLines } from './line-diff.ts';
import type { Edit } from './question.ts';

const HEADER = `# What manila-rwx keeps; \`manila-rwx plan\` shows what it would change.
version: 1
`;

/** Sections in the order in which they are read best, with the comment that a new one gets. */
const SECTIONS: Record<string, string> = {
  version: '',
  cloud: ' Where the shares are; without it the OS_* variables say it',
  cluster: ' Where the volumes are used',
  drivers: ' The CSI drivers',
  credential: ' What the drivers log in with',
  shareTypes: ' Share types to keep; others are left alone',
  quotas: ' Quotas to keep; keys that are not here are left alone',
  storageClasses: ' A StorageClass for each of these share types',
  tenants: ' Namespaces with a project of their own',
};

/** Ways to write the same YAML; a file that is there is written in the one that is nearest to its own. */
const FORMATS = [2, 4].flatMap((indent) =>
  [true, false].flatMap((indentSeq) =>
    [false, true].map((flowCollectionPadding) => ({ lineWidth: 0, indent, indentSeq, flowCollectionPadding })),
  ),
);
type Format = (typeof FORMATS)[number];

/**
 * A text of the file with these values in it. Comments, order and everything that is not edited stay as they are;
 * without a text a new one is begun.
 */
export function edited(source: string | undefined, edits: readonly Edit[]): string {
  const document = parseDocument(source ?? HEADER);
  if (document.contents === null) document.contents = document.createNode({}) as never;
  const format = formatOf(source, document);
  const plain = document.toString(format);
  for (const edit of edits) apply(document, edit);
  const after = document.toString(format);
  return source === undefined ? after : withOwnFormat(source, plain, after, document);
}

function formatOf(source: string | undefined, document: Document): Format {
  const own = new Set(source?.split('\n'));
  const score = (format: Format): number =>
    document
      .toString(format)
      .split('\n')
      .filter((line) => own.has(line)).length;
  const scored = FORMATS.map((format) => ({ format, score: source === undefined ? 0 : score(format) }));
  return scored.reduce((best, one) => (one.score > best.score ? one : best)).format;
}

function apply(document: Document, { path, value, comment }: Edit): void {
  if (isDeepStrictEqual(valueAt(document, path), value)) return;
  if (value === undefined) {
    document.deleteIn(path);
    // A section whose last key went would be `cloud: {}`.
    for (let length = path.length - 1; length > 0; length--) {
      const parent = document.getIn(path.slice(0, length), true);
      if (isMap(parent) && parent.items.length === 0) document.deleteIn(path.slice(0, length));
    }
    return;
  }
  const [section] = path;
  const isNew = !document.hasIn(path);
  const newSection = typeof section === 'string' && !document.has(section);
  document.setIn(path, asNode(document, path, value));
  if (isNew && comment !== undefined) comments(document, path, comment);
  if (newSection) place(document, section);
}

/** Lists of words stand in one line. A word that is there changes in place, and keeps its comment. */
function asNode(document: Document, path: Edit['path'], value: unknown): unknown {
  const before: unknown = document.getIn(path, true);
  if (typeof value !== 'object') return isScalar(before) ? value : document.createNode(value);
  const isWords = Array.isArray(value) && value.every((one) => typeof one !== 'object');
  const node = document.createNode(value, isWords ? { flow: true } : {});
  if (isNode(before)) Object.assign(node, { comment: before.comment, commentBefore: before.commentBefore });
  return node;
}

function valueAt(document: Document, path: Edit['path']): unknown {
  const node: unknown = document.getIn(path, true);
  return isNode(node) ? node.toJS(document) : node;
}

/** A comment behind the value. */
function comments(document: Document, path: Edit['path'], comment: string): void {
  const node: unknown = document.getIn(path, true);
  const parent: unknown = document.getIn(path.slice(0, -1), true);
  // Within braces a comment would break the line.
  if (isNode(node) && !(isMap(parent) && parent.flow)) node.comment = ` ${comment}`;
}

/** Moves a new section to its place in the usual order. */
function place(document: Document, section: string): void {
  const map = document.contents as unknown as YAMLMap<Scalar>;
  const order = Object.keys(SECTIONS);
  const from = map.items.findIndex(({ key }) => key.value === section);
  const [pair] = map.items.splice(from, 1);
  if (!pair) return;
  pair.key = new Scalar(section);
  pair.key.commentBefore = SECTIONS[section] ?? null;
  pair.key.spaceBefore = true;
  const rank = (item: Pair<Scalar>): number => order.indexOf(String(item.key.value));
  const at = map.items.findIndex((item) => rank(item) > order.indexOf(section));
  map.items.splice(at < 0 ? map.items.length : at, 0, pair);
}

/**
 * The YAML library writes what it has parsed in its own format. What no edit touched is taken from the source instead,
 * line by line, wherever the lines correspond.
 */
function withOwnFormat(source: string, plain: string, after: string, document: Document): string {
  const own = source.replace(/\n$/, '').split('\n');
  const library = plain.replace(/\n$/, '').split('\n');
  if (own.length !== library.length) return after;
  const lines = diffLines(library, after.replace(/\n$/, '').split('\n'));
  const merged = lines
    .filter(({ mark }) => mark !== '-')
    .map(({ mark, text, before }) => (mark === ' ' && before !== undefined ? (own[before] ?? text) : text));
  const text = `${merged.join('\n')}\n`;
  return isDeepStrictEqual(parseDocument(text).toJS(), document.toJS()) ? text : after;
}

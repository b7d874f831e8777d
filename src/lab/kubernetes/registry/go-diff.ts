import type { Json } from '../json.ts';

const CONTEXT = 3;

interface Line {
  sign: ' ' | '-' | '+';
  text: string;
}

/** A unified diff of two values as indented JSON, as the API server puts it into messages about immutable fields. */
export function goDiff(before: Json, after: Json): string {
  const lines = compare(JSON.stringify(before, null, 1).split('\n'), JSON.stringify(after, null, 1).split('\n'));
  const changed = lines.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]));
  const hunks: [from: number, to: number][] = [];
  for (const index of changed) {
    const last = hunks.at(-1);
    if (last && index - CONTEXT <= last[1] + CONTEXT) last[1] = index;
    else hunks.push([index, index]);
  }
  return hunks
    .map(([from, to]) => hunk(lines, Math.max(0, from - CONTEXT), Math.min(lines.length - 1, to + CONTEXT)))
    .join('');
}

function hunk(lines: readonly Line[], from: number, to: number): string {
  const count = (part: readonly Line[], other: '-' | '+'): number => part.filter(({ sign }) => sign !== other).length;
  const [ahead, part] = [lines.slice(0, from), lines.slice(from, to + 1)];
  const start = (other: '-' | '+'): string => `${count(ahead, other) + 1},${count(part, other)}`;
  return `@@ -${start('+')} +${start('-')} @@\n${part.map(({ sign, text }) => `${sign}${text}\n`).join('')}`;
}

/** Lines of both, by their longest common subsequence. */
function compare(a: readonly string[], b: readonly string[]): Line[] {
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    const row = common[i] ?? [];
    for (let j = b.length - 1; j >= 0; j--)
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const out: Line[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      out.push({ sign: ' ', text: left });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      out.push({ sign: '-', text: left });
      i++;
    } else {
      out.push({ sign: '+', text: right ?? '' });
      j++;
    }
  }
  return out;
}

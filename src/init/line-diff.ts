/** A line of a comparison: in both, only in the old text, or only in the new one. */
export interface DiffLine {
  mark: ' ' | '-' | '+';
  text: string;
  /** Index of the line in the old text; undefined for new lines. */
  before: number | undefined;
}

/** The shortest way from one text to another, line by line (longest common subsequence). For files of a few pages. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ mark: ' ', text: before[i] ?? '', before: i });
      i++;
      j++;
    } else if (i < before.length && (j >= after.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ mark: '-', text: before[i] ?? '', before: i++ });
    } else {
      lines.push({ mark: '+', text: after[j++] ?? '', before: undefined });
    }
  }
  return lines;
}

/** The changed lines with two lines around them, `...` where lines are left out; empty where nothing differs. */
export function shownDiff(before: string, after: string): string[] {
  const lines = diffLines(before.trimEnd().split('\n'), after.trimEnd().split('\n'));
  const near = (index: number): boolean =>
    lines.slice(Math.max(0, index - 2), index + 3).some(({ mark }) => mark !== ' ');
  if (lines.every(({ mark }) => mark === ' ')) return [];
  const shown: string[] = [];
  let gap = false;
  lines.forEach(({ mark, text }, index) => {
    if (!near(index)) {
      gap = true;
      return;
    }
    if (gap) shown.push('  ...');
    gap = false;
    shown.push(`${mark} ${text}`);
  });
  return shown;
}

import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cuts a line to so many columns, with an ellipsis where something is lost: a line that wraps breaks a list. */
export function fit(text: string, columns: number): string {
  const line = text.replaceAll(/[\t\r\n]+/g, ' ');
  if (stringWidth(line) <= columns) return line;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(line)) {
    used += stringWidth(segment);
    if (used > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Fills a text with blanks to so many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

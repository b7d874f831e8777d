import stringWidth from 'string-width';
import type { Style } from './style.ts';

export interface Column<Row> {
  title: string;
  value(row: Row): string | number | boolean | undefined;
}

const GAP = '   ';

/** A table as kubectl prints it: upper-case titles, columns as wide as their longest cell, `-` for what is not there. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): string {
  const cells = rows.map((row) => columns.map((column) => cellText(column.value(row))));
  const titles = columns.map((column) => column.title.toUpperCase());
  const widths = titles.map((title, i) =>
    Math.max(stringWidth(title), ...cells.map((row) => stringWidth(row[i] ?? ''))),
  );
  const line = (texts: string[]): string =>
    texts
      .map((text, i) => text + ' '.repeat(Math.max(0, (widths[i] ?? 0) - stringWidth(text))))
      .join(GAP)
      .trimEnd();
  return [style.chalk.bold(line(titles)), ...cells.map(line)].join('\n');
}

function cellText(value: string | number | boolean | undefined): string {
  if (value === undefined || value === '') return '-';
  return String(value).replaceAll(/\s*\n\s*/g, ' ');
}

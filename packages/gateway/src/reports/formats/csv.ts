/**
 * CSV by RFC 4180: fields are separated by commas, lines end with CR LF, and a field that holds a comma, a quote or a line break is quoted.
 *
 * A table program runs a field that begins with `=`, `+`, `-`, `@`, a tab or a CR as a formula, and buyers and shops choose what references
 * and names hold. Such a free text gets an apostrophe in front, which table programs show as text; so does one that begins with an
 * apostrophe, so that a program can undo it by removing one apostrophe from free texts that begin with one.
 */
import type { Cell, CellKind, Column } from '../columns.ts';

const NEEDS_QUOTES = /[",\r\n]/;
/** Also the full-width forms, which some programs read as the narrow ones. */
const FORMULA = /^[=+\-@\t\r\n'\uff1d\uff0b\uff0d\uff20]/;

export function csvHead<Row>(columns: readonly Column<Row>[]): string {
  return csvLine(columns.map(({ name }) => name));
}

export function csvRow<Row>(columns: readonly Column<Row>[], row: Row): string {
  return csvLine(columns.map(({ kind, of }) => csvField(of(row), kind)));
}

/** Joins fields that are written already. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.join(',')}\r\n`;
}

export function csvField(cell: Cell, kind: CellKind): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = kind === 'free' && FORMULA.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

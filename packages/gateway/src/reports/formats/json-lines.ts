/** JSON Lines: one JSON object per line. Integers are numbers, decimals are text so that no program reads money as a float. */
import type { Cell, Column } from '../columns.ts';

export function jsonLine<Row>(columns: readonly Column<Row>[], row: Row): string {
  const object: Record<string, Cell> = {};
  for (const { name, of } of columns) object[name] = of(row);
  return `${JSON.stringify(object)}\n`;
}

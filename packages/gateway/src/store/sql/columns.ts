/**
 * Describes the columns of a table once: their names, their kinds, and the value that an entity writes to each. Kysely's type of the
 * table, the writer of rows and the readers of columns are derived from it. The descriptions are in the `columns.ts` of each entity.
 *
 * A column either names the property of the entity that it holds, or computes its value with `of`. If all columns of a table name
 * properties, {@link entityReader} reads the entity back.
 *
 * SQLite returns integers as numbers, PostgreSQL as strings (bigint). Only the column kinds know the difference.
 *
 * @example
 * export const blockColumns = {
 *   height: { kind: 'integer', property: 'height' },
 *   hash: { kind: 'text', property: 'hash' },
 * } as const;
 * export type ChainBlocksTable = TableOf<typeof blockColumns>;
 * export const blockFrom: (row: Selectable<ChainBlocksTable>) => BlockRef = entityReader(blockColumns);
 */
import type { ColumnType, Insertable, Selectable, SelectType } from 'kysely';
import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import { sats, type Sats } from '../../kernel/sats.ts';

/** A 64-bit integer column. */
export type Int = ColumnType<number | string, number | bigint | string, number | bigint | string>;
export type NullableInt = ColumnType<number | string | null, number | bigint | null, number | bigint | null>;

/** The stored type and the value type of each column kind. */
interface Kinds {
  text: { readonly stored: string; readonly value: string };
  textOrNull: { readonly stored: string | null; readonly value: string | null };
  /** An integer of any length, as decimal text. */
  digits: { readonly stored: string; readonly value: bigint };
  integer: { readonly stored: Int; readonly value: number };
  integerOrNull: { readonly stored: NullableInt; readonly value: number | null };
  /** 0 or 1. */
  flag: { readonly stored: Int; readonly value: boolean };
  sats: { readonly stored: Int; readonly value: Sats };
  satsOrNull: { readonly stored: NullableInt; readonly value: Sats | null };
  time: { readonly stored: Int; readonly value: EpochMs };
  timeOrNull: { readonly stored: NullableInt; readonly value: EpochMs | null };
  bytesOrNull: { readonly stored: Uint8Array | null; readonly value: Uint8Array | null };
}
type Kind = keyof Kinds;

/** @property of Returns the value to write. Absent if new rows are inserted without the column. */
type ComputedColumn<Entity> = {
  [K in Kind]: { readonly kind: K; readonly of?: (entity: Entity) => Kinds[K]['value'] };
}[Kind];

/** @property property The property of the entity that the column holds. */
type PropertyColumn<Entity> = {
  [K in Kind]: { readonly kind: K; readonly property: PropertyOf<Entity, Kinds[K]['value']> };
}[Kind];
type PropertyOf<Entity, Value> = { [Name in keyof Entity]-?: Entity[Name] extends Value ? Name : never }[keyof Entity];

type Column<Entity> = ComputedColumn<Entity> | PropertyColumn<Entity>;

export type Columns<Entity> = Readonly<Record<string, Column<Entity>>>;
/** The columns of a table of any entity. */
type AnyColumns = Columns<never>;

/** Kysely's type of a table. */
export type TableOf<Table extends AnyColumns> = { [Name in keyof Table]: Kinds[Table[Name]['kind']]['stored'] };

/** The part of a row that an entity writes. */
export type NewRow<Table extends AnyColumns> = Insertable<{
  [Name in keyof Table as Table[Name] extends Written ? Name : never]: Kinds[Table[Name]['kind']]['stored'];
}>;

type Written = { readonly of: unknown } | { readonly property: unknown };

/** The value type of a column: the type that is written, or else that of its kind. */
type ValueOf<Of extends Column<never>> = Of extends { readonly of: (entity: never) => infer Value }
  ? Value
  : Kinds[Of['kind']]['value'];

type Stored = string | number | bigint | Uint8Array | null;

const asIs = (stored: unknown): unknown => stored;
const readInteger = (stored: number | string): number => Number(stored);
const readFlag = (stored: number | string): boolean => Number(stored) === 1;
const readSats = (stored: number | string): Sats => sats(BigInt(stored));
const readTime = (stored: number | string): EpochMs => epochMs(Number(stored));
const orNull =
  (read: (stored: number | string) => unknown) =>
  (stored: number | string | null): unknown =>
    stored === null ? null : read(stored);

const READ: Readonly<Record<Kind, (stored: never) => unknown>> = {
  text: asIs,
  textOrNull: asIs,
  digits: (stored: string) => BigInt(stored),
  integer: readInteger,
  integerOrNull: orNull(readInteger),
  flag: readFlag,
  sats: readSats,
  satsOrNull: orNull(readSats),
  time: readTime,
  timeOrNull: orNull(readTime),
  bytesOrNull: asIs,
};

/** The readers of the columns of a table. */
type Readers<Table extends AnyColumns> = {
  readonly [Name in keyof Table]: (stored: SelectType<Kinds[Table[Name]['kind']]['stored']>) => ValueOf<Table[Name]>;
};

/**
 * Returns a reader for each column.
 *
 * @example
 * const read = readersOf(accountColumns);
 * const createdAt = read.created_at(row.created_at);
 */
export function readersOf<Table extends AnyColumns>(columns: Table): Readers<Table> {
  return Object.fromEntries(Object.entries(columns).map(([name, { kind }]) => [name, READ[kind]])) as Readers<Table>;
}

/**
 * Returns a function that reads an entity from a row, by the columns that hold its properties.
 *
 * @param columns A column for every property of the entity.
 */
export function entityReader<Entity, const Table extends Readonly<Record<string, PropertyColumn<Entity>>>>(
  columns: Table & (Exclude<keyof Entity, Table[keyof Table]['property']> extends never ? unknown : never),
): (row: Selectable<TableOf<Table>>) => Entity {
  const readers = Object.entries<PropertyColumn<Entity>>(columns).map(
    ([name, { kind, property }]) => [name, property, READ[kind] as (stored: unknown) => unknown] as const,
  );
  return (row) => {
    const entity: Partial<Record<keyof Entity, unknown>> = {};
    for (const [name, property, read] of readers) entity[property] = read((row as Record<string, unknown>)[name]);
    return entity as Entity;
  };
}

type Writer<Entity> = (entity: Entity) => Stored;

/** Returns the writers of the columns that an entity writes, as a list. */
export function writersIn<Entity>(columns: Columns<Entity>): readonly (readonly [name: string, write: Writer<Entity>])[] {
  return Object.entries(columns).flatMap(([name, column]) => {
    const write = writerOf(column);
    return write === undefined ? [] : [[name, write] as const];
  });
}

/** Returns the writers of the columns that an entity writes, by column name. */
export function writersOf<Entity, Table extends Columns<Entity>>(
  columns: Table & Columns<Entity>,
): { readonly [Name in keyof NewRow<Table>]-?: Writer<Entity> } {
  return Object.fromEntries(writersIn<Entity>(columns)) as { readonly [Name in keyof NewRow<Table>]-?: Writer<Entity> };
}

function writerOf<Entity>(column: Column<Entity>): Writer<Entity> | undefined {
  if ('property' in column)
    return writerOf({ kind: column.kind, of: (entity: Entity) => entity[column.property] } as Column<Entity>);
  const { kind, of } = column;
  if (of === undefined) return undefined;
  switch (kind) {
    case 'flag':
      return (entity) => (of(entity) ? 1 : 0);
    case 'digits':
      return (entity) => of(entity).toString();
    default:
      return of;
  }
}

/**
 * Returns a function that turns an entity into a row to insert, or into columns to update. Statements of every request use `hotQuery`
 * instead, which takes the columns themselves.
 *
 * @example
 * const rowOf = rowWriter(accountColumns);
 * await db.insertInto('accounts').values(rowOf(account)).execute();
 */
export function rowWriter<Entity, Table extends Columns<Entity>>(
  columns: Table & Columns<Entity>,
): (entity: Entity) => NewRow<Table> {
  const writers = writersIn<Entity>(columns);
  return (entity) => {
    const row: Record<string, Stored> = {};
    for (const [name, write] of writers) row[name] = write(entity);
    return row as NewRow<Table>;
  };
}

/** Picks some columns of a table. */
export function pickColumns<Table extends object, Name extends keyof Table>(
  columns: Table,
  names: readonly Name[],
): Pick<Table, Name> {
  return Object.fromEntries(names.map((name) => [name, columns[name]])) as Pick<Table, Name>;
}

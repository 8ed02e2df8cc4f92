/**
 * Describes the columns of a table once: their names, their kinds, and the value that an entity writes to each. Kysely's type of the
 * table, the writer of rows and the readers of columns are derived from it. The descriptions are in the `columns.ts` of each entity.
 *
 * SQLite returns integers as numbers, PostgreSQL as strings (bigint). Only the column kinds know the difference.
 *
 * @example
 * export const accountColumns = {
 *   id: { kind: 'text', of: ({ id }: Account): AccountId => id },
 *   created_at: { kind: 'time', of: ({ createdAt }: Account): EpochMs => createdAt },
 * } as const;
 * export type AccountsTable = TableOf<typeof accountColumns>;
 */
import type { ColumnType, Insertable, SelectType } from 'kysely';
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
}
type Kind = keyof Kinds;

/** @property of Returns the value to write. Absent if new rows are inserted without the column. */
type ColumnOfKind<K extends Kind, Entity> = { readonly kind: K; readonly of?: (entity: Entity) => Kinds[K]['value'] };
type Column<Entity> = { [K in Kind]: ColumnOfKind<K, Entity> }[Kind];

export type Columns<Entity> = Readonly<Record<string, Column<Entity>>>;
/** The columns of a table of any entity. */
type AnyColumns = Columns<never>;

/** Kysely's type of a table. */
export type TableOf<Table extends AnyColumns> = { [Name in keyof Table]: Kinds[Table[Name]['kind']]['stored'] };

/** The part of a row that an entity writes. */
export type NewRow<Table extends AnyColumns> = Insertable<{
  [Name in keyof Table as Table[Name] extends { readonly of: unknown } ? Name : never]: Kinds[Table[Name]['kind']]['stored'];
}>;

/** The value type of a column: the type that is written, or else that of its kind. */
type ValueOf<Of extends Column<never>> = Of extends { readonly of: (entity: never) => infer Value }
  ? Value
  : Kinds[Of['kind']]['value'];

type Stored = string | number | bigint | null;

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

function writerOf<Entity>({ kind, of }: Column<Entity>): Writer<Entity> | undefined {
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

/**
 * Queries that run with every request. Kysely builds them like any other, but only once per kind of database: building one takes longer
 * than SQLite takes to run it.
 */
import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';
import { writersIn, type Columns, type NewRow } from './columns.ts';
import type { SqlDialect } from './dialects/dialect.ts';
import type { NamedQuery } from './dialects/named-query.ts';
import type { RepeatedQuery } from './dialects/repeated-query.ts';
import type { SqlContext } from './sql-context.ts';
import type { Tables } from './tables.ts';

/** A placeholder for a value in a query. */
class Slot {
  readonly read: (values: never) => unknown;

  constructor(read: (values: never) => unknown) {
    this.read = read;
  }
}

/**
 * @param rowOf Returns the row that the values write, for the columns of a table.
 * @param dialect The database that the query is built for.
 */
type Build<Values, Row> = (db: Kysely<Tables>, values: Values, rowOf: RowOf<Values>, dialect: SqlDialect) => Compilable<Row>;
type RowOf<Values> = <Table extends Columns<Values>>(columns: Table) => NewRow<Table>;

export type Run<Values, Row = unknown> = (context: SqlContext, values: Values) => Promise<QueryResult<Row>>;
export type RunForEach<Values, Row = unknown> = (context: SqlContext, all: readonly Values[]) => Promise<Written<Row>>;

/**
 * Creates a query that is built once.
 *
 * @param build Builds the query. The values are placeholders, so it must not depend on them.
 * @example
 * const byId = hotQuery<{ id: string }>()((db, { id }) => db.selectFrom('orders').selectAll().where('id', '=', id));
 * const { rows } = await byId(context, { id: 'x' });
 * @example
 * const insert = hotQuery<Account>()((db, _, rowOf) => db.insertInto('accounts').values(rowOf(accountColumns)));
 */
export function hotQuery<Values extends object>() {
  return <Row>(build: Build<Values, Row>): Run<Values, Row> => {
    const builtFor = buildOnce(build);
    return (context, values) => {
      const { query, bind } = builtFor(context);
      return context.db.executeQuery({ ...query, parameters: bind(values) });
    };
  };
}

/**
 * Creates a query that runs once for each of several sets of values. On SQLite they share one call of the driver, because the way
 * through Kysely costs as much as the statement itself. Use it in a transaction: only there is it atomic on every database.
 *
 * @returns the rows of all runs, or the number of rows written by statements that return none.
 */
export function hotQueryForEach<Values extends object>() {
  return <Row>(build: Build<Values, Row>): RunForEach<Values, Row> => {
    const builtFor = buildOnce(build);
    return async (context, all) => {
      const { db, dialect } = context;
      const { query, bind } = builtFor(context);
      const repeats = all.map(bind);
      if (repeats.length === 0) return { rows: [], written: 0 };
      if (dialect.repeatsQueries) {
        const repeated: RepeatedQuery<Row> = { ...query, repeats };
        return sumUp([await db.executeQuery(repeated)]);
      }
      const results: QueryResult<Row>[] = [];
      for (const parameters of repeats) results.push(await db.executeQuery({ ...query, parameters }));
      return sumUp(results);
    };
  };
}

interface Written<Row> {
  readonly rows: readonly Row[];
  readonly written: number;
}

function sumUp<Row>(results: readonly QueryResult<Row>[]): Written<Row> {
  const written = results.reduce((sum, { numAffectedRows = 0n }) => sum + Number(numAffectedRows), 0);
  return { rows: results.flatMap(({ rows }) => rows), written };
}

interface Built<Values, Row> {
  readonly query: NamedQuery<Row>;
  /** Returns the parameters of the query for some values. */
  readonly bind: (values: Values) => unknown[];
}

/** How many queries this process has built. */
let builtQueries = 0;

/** Builds a query when it first runs on a kind of database. */
function buildOnce<Values extends object, Row>(build: Build<Values, Row>): (context: SqlContext) => Built<Values, Row> {
  const built = new Map<string, Built<Values, Row>>();
  return ({ db, dialect }) => {
    const known = built.get(dialect.name);
    if (known !== undefined) return known;
    const rowOf: RowOf<Values> = (columns) => rowSlots<Values, typeof columns>(columns);
    const compiled = build(db, valueSlots<Values>(), rowOf, dialect).compile();
    builtQueries += 1;
    const query: NamedQuery<Row> = { ...compiled, name: `webpos_${builtQueries}` };
    const ready = { query, bind: binder<Values>(query) };
    built.set(dialect.name, ready);
    return ready;
  };
}

function binder<Values>({ parameters }: CompiledQuery): (values: Values) => unknown[] {
  const readers = parameters.map((value): Slot['read'] => (value instanceof Slot ? value.read : () => value));
  return (values) => readers.map((read) => read(values as never));
}

/** Returns an object with a placeholder for every property. */
function valueSlots<Values extends object>(): Values {
  return new Proxy({}, { get: (_, name) => new Slot((values: object) => Reflect.get(values, name)) }) as Values;
}

/** Returns a row with a placeholder in every column that the values write. */
function rowSlots<Values, Table extends Columns<Values>>(columns: Table): NewRow<Table> {
  const slots = writersIn<Values>(columns).map(([name, write]) => [name, new Slot(write)]);
  return Object.fromEntries(slots) as NewRow<Table>;
}

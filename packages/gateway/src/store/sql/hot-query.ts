/**
 * A query that is asked with every request: built by Kysely like any other, but once for each kind of database and not each
 * time, which costs more than SQLite takes to answer it.
 */
import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { SqlContext } from './sql-context.ts';
import type { Tables } from './tables.ts';

/** Stands for a value in the query while it is built. */
class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * @example
 * const byId = hotQuery<{ id: string }>()((db, { id }) => db.selectFrom('orders').selectAll().where('id', '=', id));
 * const { rows } = await byId(context, { id: 'x' });
 */
export function hotQuery<Values extends object>() {
  return <Row>(
    build: (db: Kysely<Tables>, values: Values) => Compilable<Row>,
  ): ((context: SqlContext, values: Values) => Promise<QueryResult<Row>>) => {
    const built = new Map<string, CompiledQuery<Row>>();
    return ({ db, dialect }, values) => {
      let query = built.get(dialect.name);
      if (query === undefined) built.set(dialect.name, (query = build(db, slots<Values>()).compile()));
      const parameters = query.parameters.map((value): unknown =>
        value instanceof Slot ? Reflect.get(values, value.name) : value,
      );
      return db.executeQuery({ ...query, parameters });
    };
  };
}

/** An object that has a slot by every name. */
function slots<Values extends object>(): Values {
  return new Proxy({}, { get: (_, name) => new Slot(String(name)) }) as Values;
}

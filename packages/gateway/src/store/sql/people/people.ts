import type { PersonId } from '../../../kernel/ids.ts';
import type { PersonStore, StoredPerson } from '../../ports/people/person-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { personColumns, personFrom } from './columns.ts';

const rowOf = rowWriter<StoredPerson, typeof personColumns>(personColumns);

export class SqlPeople implements PersonStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(person: StoredPerson): Promise<boolean> {
    const { numInsertedOrUpdatedRows = 0n } = await this.#sql.db
      .insertInto('people')
      .values(rowOf(person))
      .onConflict((conflict) => conflict.column('login').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  async update(person: StoredPerson): Promise<void> {
    await this.#sql.db.updateTable('people').set(rowOf(person)).where('id', '=', person.id).execute();
  }

  async get(id: PersonId): Promise<StoredPerson | undefined> {
    const row = await this.#sql.db.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst();
    return row && personFrom(row);
  }

  async byLogin(login: string): Promise<StoredPerson | undefined> {
    const row = await this.#sql.db.selectFrom('people').selectAll().where('login', '=', login).executeTakeFirst();
    return row && personFrom(row);
  }

  async lock(id: PersonId): Promise<StoredPerson | undefined> {
    const { db, dialect } = this.#sql;
    const query = db.selectFrom('people').selectAll().where('id', '=', id);
    const row = await (dialect.rowLocks ? query.forUpdate() : query).executeTakeFirst();
    return row && personFrom(row);
  }

  async lockOwners(limit: number): Promise<StoredPerson[]> {
    const { db, dialect } = this.#sql;
    // In the order of their ids, so that two transactions never wait for each other.
    const query = db
      .selectFrom('people')
      .selectAll()
      .where('role', '=', 'owner')
      .where('disabled_at', 'is', null)
      .orderBy('id')
      .limit(limit);
    return (await (dialect.rowLocks ? query.forUpdate() : query).execute()).map(personFrom);
  }

  async list(after: string, limit: number): Promise<StoredPerson[]> {
    const rows = await this.#sql.db
      .selectFrom('people')
      .selectAll()
      .where('login', '>', after)
      .orderBy('login')
      .limit(limit)
      .execute();
    return rows.map(personFrom);
  }
}

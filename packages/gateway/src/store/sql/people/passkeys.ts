import type { EpochMs } from '../../../kernel/clock.ts';
import type { PersonId } from '../../../kernel/ids.ts';
import type { PasskeyStore, StoredPasskey } from '../../ports/people/credential-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { passkeyColumns, passkeyFrom } from './columns.ts';

const rowOf = rowWriter<StoredPasskey, typeof passkeyColumns>(passkeyColumns);

export class SqlPasskeys implements PasskeyStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(passkey: StoredPasskey): Promise<boolean> {
    const { numInsertedOrUpdatedRows = 0n } = await this.#sql.db
      .insertInto('passkeys')
      .values(rowOf(passkey))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  async get(id: string): Promise<StoredPasskey | undefined> {
    const row = await this.#sql.db.selectFrom('passkeys').selectAll().where('id', '=', id).executeTakeFirst();
    return row && passkeyFrom(row);
  }

  async ofPerson(personId: PersonId, limit: number): Promise<StoredPasskey[]> {
    const rows = await this.#sql.db
      .selectFrom('passkeys')
      .selectAll()
      .where('person_id', '=', personId)
      .orderBy('created_at')
      .limit(limit)
      .execute();
    return rows.map(passkeyFrom);
  }

  async noteUse(id: string, counter: number, at: EpochMs): Promise<boolean> {
    const { numUpdatedRows } = await this.#sql.db
      .updateTable('passkeys')
      .set({ counter, last_used_at: at })
      .where('id', '=', id)
      // Authenticators that do not count report 0 every time (WebAuthn, 6.1.1).
      .where('counter', counter === 0 ? '=' : '<', counter)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async putMac(id: string, mac: string): Promise<void> {
    await this.#sql.db.updateTable('passkeys').set({ mac }).where('id', '=', id).execute();
  }

  async remove(personId: PersonId, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#sql.db
      .deleteFrom('passkeys')
      .where('id', '=', id)
      .where('person_id', '=', personId)
      .executeTakeFirst();
    return numDeletedRows === 1n;
  }
}

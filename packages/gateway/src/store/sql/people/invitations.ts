import type { PersonId } from '../../../kernel/ids.ts';
import type { InvitationStore, StoredInvitation } from '../../ports/people/person-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { invitationColumns, invitationFrom } from './columns.ts';

const rowOf = rowWriter<StoredInvitation, typeof invitationColumns>(invitationColumns);

export class SqlInvitations implements InvitationStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async put(invitation: StoredInvitation): Promise<void> {
    const { hash, expires_at, mac } = rowOf(invitation);
    await this.#sql.db
      .insertInto('invitations')
      .values(rowOf(invitation))
      .onConflict((conflict) => conflict.column('person_id').doUpdateSet({ hash, expires_at, mac }))
      .execute();
  }

  async byHash(hash: string): Promise<StoredInvitation | undefined> {
    const row = await this.#sql.db.selectFrom('invitations').selectAll().where('hash', '=', hash).executeTakeFirst();
    return row && invitationFrom(row);
  }

  async take(hash: string): Promise<boolean> {
    const { numDeletedRows } = await this.#sql.db.deleteFrom('invitations').where('hash', '=', hash).executeTakeFirst();
    return numDeletedRows === 1n;
  }

  async removeOf(personId: PersonId): Promise<void> {
    await this.#sql.db.deleteFrom('invitations').where('person_id', '=', personId).execute();
  }

  async removeAll(): Promise<number> {
    return Number((await this.#sql.db.deleteFrom('invitations').executeTakeFirst()).numDeletedRows);
  }
}

import type { PersonId } from '../../../kernel/ids.ts';
import type { CredentialStore, StoredPassword, StoredTotp } from '../../ports/people/credential-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { passwordColumns, passwordFrom, totpColumns, totpFrom } from './columns.ts';

const passwordRow = rowWriter<StoredPassword, typeof passwordColumns>(passwordColumns);
const totpRow = rowWriter<StoredTotp, typeof totpColumns>(totpColumns);

export class SqlCredentials implements CredentialStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async password(personId: PersonId): Promise<StoredPassword | undefined> {
    const row = await this.#sql.db.selectFrom('passwords').selectAll().where('person_id', '=', personId).executeTakeFirst();
    return row && passwordFrom(row);
  }

  async putPassword(password: StoredPassword): Promise<void> {
    const { hash, changed_at, mac } = passwordRow(password);
    await this.#sql.db
      .insertInto('passwords')
      .values(passwordRow(password))
      .onConflict((conflict) => conflict.column('person_id').doUpdateSet({ hash, changed_at, mac }))
      .execute();
  }

  async totp(personId: PersonId): Promise<StoredTotp | undefined> {
    const row = await this.#sql.db.selectFrom('totp_secrets').selectAll().where('person_id', '=', personId).executeTakeFirst();
    return row && totpFrom(row);
  }

  async putTotp(totp: StoredTotp): Promise<void> {
    const { sealed, last_step } = totpRow(totp);
    await this.#sql.db
      .insertInto('totp_secrets')
      .values(totpRow(totp))
      .onConflict((conflict) => conflict.column('person_id').doUpdateSet({ sealed, last_step }))
      .execute();
  }

  async useTotpStep(personId: PersonId, step: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#sql.db
      .updateTable('totp_secrets')
      .set({ last_step: step })
      .where('person_id', '=', personId)
      .where('last_step', '<', step)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async totpAfter(personId: string, limit: number): Promise<StoredTotp[]> {
    const rows = await this.#sql.db
      .selectFrom('totp_secrets')
      .selectAll()
      .where('person_id', '>', personId)
      .orderBy('person_id')
      .limit(limit)
      .execute();
    return rows.map(totpFrom);
  }

  async putRecoveryCodes(personId: PersonId, hashes: readonly string[]): Promise<void> {
    await this.#removeRecoveryCodes(personId);
    if (hashes.length > 0)
      await this.#sql.db
        .insertInto('recovery_codes')
        .values(hashes.map((hash) => ({ person_id: personId, hash })))
        .execute();
  }

  async useRecoveryCode(personId: PersonId, hash: string): Promise<boolean> {
    const { numDeletedRows } = await this.#sql.db
      .deleteFrom('recovery_codes')
      .where('person_id', '=', personId)
      .where('hash', '=', hash)
      .executeTakeFirst();
    return numDeletedRows === 1n;
  }

  async countRecoveryCodes(personId: PersonId): Promise<number> {
    const rows = await this.#sql.db.selectFrom('recovery_codes').select('hash').where('person_id', '=', personId).execute();
    return rows.length;
  }

  async removePasswordAndTotp(personId: PersonId): Promise<void> {
    await this.#sql.db.deleteFrom('passwords').where('person_id', '=', personId).execute();
    await this.removeTotp(personId);
  }

  async removeTotp(personId: PersonId): Promise<void> {
    await this.#sql.db.deleteFrom('totp_secrets').where('person_id', '=', personId).execute();
  }

  async removeAll(personId: PersonId): Promise<void> {
    await this.removePasswordAndTotp(personId);
    await this.#removeRecoveryCodes(personId);
    await this.#sql.db.deleteFrom('passkeys').where('person_id', '=', personId).execute();
  }

  async #removeRecoveryCodes(personId: PersonId): Promise<void> {
    await this.#sql.db.deleteFrom('recovery_codes').where('person_id', '=', personId).execute();
  }
}

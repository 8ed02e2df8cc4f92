import type { LogoId, LogoImage, LogoMediaType } from '../../../merchants/logo-image.ts';
import type { LogoStore } from '../../ports/logo-store.ts';
import type { SqlContext } from '../sql-context.ts';

export class SqlLogos implements LogoStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async put(id: LogoId, { mediaType, bytes }: LogoImage): Promise<void> {
    await this.#sql.db
      .insertInto('logos')
      .values({ id, media_type: mediaType, base64: Buffer.from(bytes).toString('base64') })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }

  async get(id: LogoId): Promise<LogoImage | undefined> {
    const row = await this.#sql.db.selectFrom('logos').selectAll().where('id', '=', id).executeTakeFirst();
    return row && { mediaType: row.media_type as LogoMediaType, bytes: Buffer.from(row.base64, 'base64') };
  }

  async deleteUnused(): Promise<void> {
    await this.#sql.db
      .deleteFrom('logos')
      .where((eb) => eb.not(eb.exists(eb.selectFrom('pos').select('pos.id').whereRef('pos.logo', '=', 'logos.id'))))
      .execute();
  }
}

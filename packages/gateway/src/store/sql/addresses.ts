import { parseScriptHex } from '../../kernel/chain.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import type { AddressStore } from '../ports.ts';
import type { SqlContext } from './sql-context.ts';

/** Four parameters each; SQLite takes 32,766 of them in a statement, PostgreSQL 65,535. */
const ROWS_A_STATEMENT = 250;

export class SqlAddresses implements AddressStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(id: AccountId, addresses: readonly ReceiveAddress[]): Promise<void> {
    for (let start = 0; start < addresses.length; start += ROWS_A_STATEMENT) {
      const rows = addresses.slice(start, start + ROWS_A_STATEMENT);
      await this.#sql.db
        .insertInto('derived_addresses')
        .values(rows.map(({ index, address, script }) => ({ account_id: id, address_index: index, address, script })))
        .onConflict((conflict) => conflict.columns(['account_id', 'address_index']).doNothing())
        .execute();
    }
  }

  async from(id: AccountId, index: number, limit: number): Promise<ReceiveAddress[]> {
    const rows = await this.#sql.db
      .selectFrom('derived_addresses')
      .select(['address_index', 'address', 'script'])
      .where('account_id', '=', id)
      .where('address_index', '>=', index)
      .orderBy('address_index')
      .limit(limit)
      .execute();
    return rows.map(({ address_index, address, script }) => ({
      index: Number(address_index),
      address,
      script: parseScriptHex(script),
    }));
  }

  async highest(id: AccountId): Promise<number | undefined> {
    const { index } = await this.#sql.db
      .selectFrom('derived_addresses')
      .select((eb) => eb.fn.max('address_index').as('index'))
      .where('account_id', '=', id)
      .executeTakeFirstOrThrow();
    return index === null ? undefined : Number(index);
  }

  async forget(id: AccountId, below: number): Promise<void> {
    await this.#sql.db.deleteFrom('derived_addresses').where('account_id', '=', id).where('address_index', '<', below).execute();
  }
}

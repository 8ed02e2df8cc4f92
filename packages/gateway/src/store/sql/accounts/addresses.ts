import { parseScriptHex, type ScriptHex } from '../../../kernel/chain.ts';
import type { AccountId } from '../../../kernel/ids.ts';
import type { AddressStore, OwnedAddress, PooledAddress } from '../../ports/address-store.ts';
import { slices } from '../slices.ts';
import type { SqlContext } from '../sql-context.ts';

/** Each row has five parameters; a statement takes 32,766 of them on SQLite and 65,535 on PostgreSQL. */
const ROWS_PER_STATEMENT = 250;

export class SqlAddresses implements AddressStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(id: AccountId, addresses: readonly PooledAddress[]): Promise<void> {
    for (const rows of slices(addresses, ROWS_PER_STATEMENT)) {
      await this.#sql.db
        .insertInto('derived_addresses')
        .values(rows.map(({ index, address, script, seal }) => ({ account_id: id, address_index: index, address, script, seal })))
        .onConflict((conflict) =>
          conflict
            .columns(['account_id', 'address_index'])
            .doUpdateSet((eb) => ({ seal: eb.ref('excluded.seal') }))
            .where('derived_addresses.seal', 'is', null)
            .where((eb) => eb('derived_addresses.address', '=', eb.ref('excluded.address')))
            .where((eb) => eb('derived_addresses.script', '=', eb.ref('excluded.script'))),
        )
        .execute();
    }
  }

  async from(id: AccountId, index: number, limit: number): Promise<PooledAddress[]> {
    const rows = await this.#sql.db
      .selectFrom('derived_addresses')
      .select(['address_index', 'address', 'script', 'seal'])
      .where('account_id', '=', id)
      .where('address_index', '>=', index)
      .orderBy('address_index')
      .limit(limit)
      .execute();
    return rows.map(({ address_index, address, script, seal }) => ({
      index: Number(address_index),
      address,
      script: parseScriptHex(script),
      seal,
    }));
  }

  async ownersOf(scripts: readonly ScriptHex[]): Promise<OwnedAddress[]> {
    const owners: OwnedAddress[] = [];
    for (const slice of slices(scripts)) {
      const rows = await this.#sql.db.selectFrom('derived_addresses').selectAll().where('script', 'in', slice).execute();
      for (const row of rows)
        owners.push({
          accountId: row.account_id as AccountId,
          index: Number(row.address_index),
          address: row.address,
          script: parseScriptHex(row.script),
        });
    }
    return owners;
  }

  async delete(id: AccountId, index: number): Promise<void> {
    await this.#sql.db.deleteFrom('derived_addresses').where('account_id', '=', id).where('address_index', '=', index).execute();
  }

  async unseal(id: AccountId): Promise<void> {
    await this.#sql.db.updateTable('derived_addresses').set({ seal: null }).where('account_id', '=', id).execute();
  }

  async prune(id: AccountId, below: number): Promise<void> {
    await this.#sql.db
      .deleteFrom('derived_addresses')
      .where('account_id', '=', id)
      .where('address_index', '<', below)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('skipped_ranges')
              .select(eb.lit(1).as('one'))
              .whereRef('skipped_ranges.account_id', '=', 'derived_addresses.account_id')
              .whereRef('skipped_ranges.from_index', '<=', 'derived_addresses.address_index')
              .whereRef('skipped_ranges.to_index', '>', 'derived_addresses.address_index'),
          ),
        ),
      )
      .execute();
  }
}

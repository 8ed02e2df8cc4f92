import type { BlockRef } from '../../kernel/chain.ts';
import type { ChainStore } from '../ports.ts';
import { hotQuery } from './hot-query.ts';
import { blockFrom } from './rows.ts';
import type { SqlContext } from './sql-context.ts';

const newest = hotQuery<object>()((db) => db.selectFrom('chain_blocks').selectAll().orderBy('height', 'desc').limit(1));

export class SqlChain implements ChainStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async recent(limit: number): Promise<BlockRef[]> {
    const rows = await this.#sql.db.selectFrom('chain_blocks').selectAll().orderBy('height', 'desc').limit(limit).execute();
    return rows.map(blockFrom);
  }

  async tip(): Promise<BlockRef | undefined> {
    const { kept } = this.#sql;
    const ticket = kept?.ticket() ?? 0;
    const [row] = (await newest(this.#sql, {})).rows;
    const tip = row && blockFrom(row);
    if (tip !== undefined) kept?.keepTip(tip, ticket);
    return tip;
  }

  async append(blocks: readonly BlockRef[]): Promise<void> {
    if (blocks.length === 0) return;
    await this.#sql.db
      .insertInto('chain_blocks')
      .values(blocks.map(({ height, hash }) => ({ height, hash })))
      .execute();
    this.#sql.changed();
  }

  async undoFrom(height: number): Promise<void> {
    await this.#sql.db.deleteFrom('chain_blocks').where('height', '>=', height).execute();
    this.#sql.changed();
  }

  async prune(belowHeight: number): Promise<void> {
    await this.#sql.db.deleteFrom('chain_blocks').where('height', '<', belowHeight).execute();
  }
}

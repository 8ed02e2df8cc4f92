import type { BlockRef } from '../../../kernel/chain.ts';
import type { ChainRestart } from '../../../kernel/chain-restart.ts';
import type { ChainStore } from '../../ports/chain-store.ts';
import { hotQuery } from '../hot-query.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { blockColumns, blockFrom, restartColumns, restartFrom } from './columns.ts';

const rowOfBlock = rowWriter<BlockRef, typeof blockColumns>(blockColumns);
const rowOfRestart = rowWriter(restartColumns);

const newest = hotQuery<object>()((db) => db.selectFrom('chain_blocks').selectAll().orderBy('height', 'desc').limit(1));
const ends = hotQuery<object>()((db) =>
  db
    .selectFrom('chain_blocks')
    .selectAll()
    .select((eb) => eb.selectFrom('chain_blocks').select('height').orderBy('height').limit(1).as('lowest'))
    .orderBy('height', 'desc')
    .limit(1),
);

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
    const { cache } = this.#sql;
    const known = cache?.currentTip();
    if (known !== undefined) return known;
    const ticket = cache?.ticket() ?? 0;
    const [row] = (await newest(this.#sql, {})).rows;
    const tip = row && blockFrom(row);
    if (tip !== undefined) cache?.cacheTip(tip, ticket);
    return tip;
  }

  async ends(): ReturnType<ChainStore['ends']> {
    const [row] = (await ends(this.#sql, {})).rows;
    return row && { tip: blockFrom(row), lowestHeight: Number(row.lowest) };
  }

  async append(blocks: readonly BlockRef[]): Promise<void> {
    if (blocks.length === 0) return;
    await this.#sql.db.insertInto('chain_blocks').values(blocks.map(rowOfBlock)).execute();
    this.#sql.changed();
  }

  async rollBackFrom(height: number): Promise<void> {
    await this.#sql.db.deleteFrom('chain_blocks').where('height', '>=', height).execute();
    this.#sql.changed();
  }

  async recordRestart(restart: ChainRestart): Promise<void> {
    await this.#sql.db.insertInto('chain_restarts').values(rowOfRestart(restart)).execute();
  }

  async restarts(): Promise<ChainRestart[]> {
    const rows = await this.#sql.db.selectFrom('chain_restarts').selectAll().orderBy('at').execute();
    return rows.map(restartFrom);
  }

  async prune(belowHeight: number): Promise<void> {
    await this.#sql.db.deleteFrom('chain_blocks').where('height', '<', belowHeight).execute();
  }
}

import type { BlockHash, Txid } from '../../kernel/chain.ts';
import type { SandboxSave, SandboxSnapshot, SandboxStore } from '../../chain/sandbox/store.ts';
import type { SqlContext } from './sql-context.ts';

export class SqlSandboxBlocks implements SandboxStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async load(): Promise<SandboxSnapshot> {
    const blocks = await this.#sql.db.selectFrom('sandbox_blocks').selectAll().orderBy('height').execute();
    const mempool = await this.#sql.db.selectFrom('sandbox_mempool').selectAll().orderBy('position').execute();
    return {
      blocks: blocks.map(({ height, hash, raw }) => ({
        height: Number(height),
        hash: hash as BlockHash,
        raw: Buffer.from(raw, 'hex'),
      })),
      mempool: mempool.map(({ txid, raw }) => ({ txid: txid as Txid, raw: Buffer.from(raw, 'hex') })),
    };
  }

  async save({ undoFrom, pruneBelow, blocks, mempool }: SandboxSave): Promise<void> {
    await this.#sql.db.transaction().execute(async (tx) => {
      if (undoFrom !== undefined) await tx.deleteFrom('sandbox_blocks').where('height', '>=', undoFrom).execute();
      if (pruneBelow !== undefined) await tx.deleteFrom('sandbox_blocks').where('height', '<', pruneBelow).execute();
      for (const { height, hash, raw } of blocks) {
        await tx
          .insertInto('sandbox_blocks')
          .values({ height, hash, raw: Buffer.from(raw).toString('hex') })
          .execute();
      }
      await tx.deleteFrom('sandbox_mempool').execute();
      for (const [position, { txid, raw }] of mempool.entries()) {
        await tx
          .insertInto('sandbox_mempool')
          .values({ txid, raw: Buffer.from(raw).toString('hex'), position })
          .execute();
      }
    });
  }
}

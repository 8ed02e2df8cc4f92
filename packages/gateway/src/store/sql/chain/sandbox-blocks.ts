import type { Kysely } from 'kysely';
import type { BlockHash, OutPoint, Txid } from '../../../kernel/chain.ts';
import { sats } from '../../../kernel/sats.ts';
import type { SandboxSave, SandboxSnapshot, SandboxStore, TransactionPlace } from '../../../chain/sandbox/store.ts';
import { slices } from '../slices.ts';
import type { SqlContext } from '../sql-context.ts';
import type { Tables } from '../tables.ts';

export class SqlSandboxBlocks implements SandboxStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async load(): Promise<SandboxSnapshot> {
    const { db } = this.#sql;
    const blocks = await db.selectFrom('sandbox_blocks').selectAll().orderBy('height').execute();
    const coins = await db.selectFrom('sandbox_coins').selectAll().orderBy('height').orderBy('vout').execute();
    const transactions = await db.selectFrom('sandbox_mempool').selectAll().orderBy('position').execute();
    return {
      blocks: blocks.map(({ height, hash, raw }) => ({
        height: Number(height),
        hash: hash as BlockHash,
        raw: Buffer.from(raw, 'hex'),
      })),
      coins: coins.map(({ txid, vout, amount_sats, height }) => ({
        outPoint: { txid: txid as Txid, vout: Number(vout) },
        amount: sats(BigInt(amount_sats)),
        height: Number(height),
        minted: true,
      })),
      transactions: transactions.map(({ txid, raw, place, position }) => ({
        txid: txid as Txid,
        raw: Buffer.from(raw, 'hex'),
        place: place as TransactionPlace,
        position: Number(position),
      })),
    };
  }

  async save(change: SandboxSave): Promise<void> {
    const { db } = this.#sql;
    if (db.isTransaction) await saveIn(db, change);
    else await db.transaction().execute((tx) => saveIn(tx, change));
  }
}

async function saveIn(tx: Kysely<Tables>, change: SandboxSave): Promise<void> {
  const { rollBackFrom, pruneBelow, blocks, spentCoins, newCoins, removed, added } = change;
  if (rollBackFrom !== undefined) await tx.deleteFrom('sandbox_blocks').where('height', '>=', rollBackFrom).execute();
  for (const some of slices(blocks)) {
    const rows = some.map(({ height, hash, raw }) => ({ height, hash, raw: Buffer.from(raw).toString('hex') }));
    await tx.insertInto('sandbox_blocks').values(rows).execute();
  }
  // A reorganisation may add more blocks than are retained.
  if (pruneBelow !== undefined) await tx.deleteFrom('sandbox_blocks').where('height', '<', pruneBelow).execute();
  for (const some of slices(newCoins)) {
    const rows = some.map(({ outPoint, amount, height }) => ({ ...columnsOf(outPoint), amount_sats: amount, height }));
    await tx.insertInto('sandbox_coins').values(rows).execute();
  }
  for (const { txid, vout } of spentCoins)
    await tx.deleteFrom('sandbox_coins').where('txid', '=', txid).where('vout', '=', vout).execute();
  for (const some of slices(removed)) await tx.deleteFrom('sandbox_mempool').where('txid', 'in', some).execute();
  for (const some of slices(added)) {
    const rows = some.map(({ txid, raw, place, position }) => ({
      txid,
      raw: Buffer.from(raw).toString('hex'),
      place,
      position,
    }));
    await tx.insertInto('sandbox_mempool').values(rows).execute();
  }
}

function columnsOf({ txid, vout }: OutPoint): { txid: string; vout: number } {
  return { txid, vout };
}

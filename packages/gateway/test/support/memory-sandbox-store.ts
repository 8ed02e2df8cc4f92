/** A store of the sandbox chain in memory that is as strict as a database: it refuses duplicate keys. */
import { outPointKey } from '../../src/kernel/chain.ts';
import type { SandboxSave, SandboxSnapshot, SandboxStore } from '../../src/chain/sandbox/store.ts';

export class MemoryStore implements SandboxStore {
  snapshot: SandboxSnapshot = { blocks: [], coins: [], transactions: [] };
  saves = 0;
  /** Makes the next save fail. */
  broken = false;
  /** Every save waits for this. */
  gate: Promise<void> = Promise.resolve();

  async load(): Promise<SandboxSnapshot> {
    return this.snapshot;
  }

  async save({
    rollBackFrom = Infinity,
    pruneBelow = 0,
    blocks,
    spentCoins,
    newCoins,
    removed,
    added,
  }: SandboxSave): Promise<void> {
    await this.gate;
    if (this.broken) throw new Error('the disk is full');
    this.saves += 1;
    const before = this.snapshot;
    const remaining = before.blocks.filter(({ height }) => height < rollBackFrom);
    const transactions = before.transactions.filter(({ txid }) => !removed.includes(txid));
    const spent = new Set(spentCoins.map(outPointKey));
    this.snapshot = {
      blocks: distinct([...remaining, ...blocks], ({ height }) => height).filter(({ height }) => height >= pruneBelow),
      coins: distinct([...before.coins, ...newCoins], ({ outPoint }) => outPointKey(outPoint)).filter(
        ({ outPoint }) => !spent.has(outPointKey(outPoint)),
      ),
      transactions: distinct([...transactions, ...added], ({ txid }) => txid).sort((a, b) => a.position - b.position),
    };
  }
}

/** @throws Error if two rows have the same key. */
function distinct<T>(rows: readonly T[], keyOf: (row: T) => unknown): T[] {
  const keys = new Set(rows.map(keyOf));
  if (keys.size < rows.length) throw new Error(`two of ${rows.length} rows have the same key`);
  return [...rows];
}

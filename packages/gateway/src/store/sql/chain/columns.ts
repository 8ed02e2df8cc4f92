/** The columns of `chain_blocks`, the stored chain, and of `chain_restarts`, the restarts of the watcher by an operator. */
import type { Selectable } from 'kysely';
import { parseBlockHash, type BlockHash, type BlockRef } from '../../../kernel/chain.ts';
import type { ChainRestart } from '../../../kernel/chain-restart.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import { entityReader, readersOf, type TableOf } from '../columns.ts';

export const blockColumns = {
  height: { kind: 'integer', property: 'height' },
  hash: { kind: 'text', property: 'hash' },
} as const;

export type ChainBlocksTable = TableOf<typeof blockColumns>;

export const blockFrom: (row: Selectable<ChainBlocksTable>) => BlockRef = entityReader(blockColumns);

export const restartColumns = {
  at: { kind: 'time', of: ({ at }: ChainRestart): EpochMs => at },
  from_height: { kind: 'integer', of: ({ fromHeight }: ChainRestart): number => fromHeight },
  to_height: { kind: 'integer', of: ({ to }: ChainRestart): number => to.height },
  to_hash: { kind: 'text', of: ({ to }: ChainRestart): BlockHash => to.hash },
  unread_from: { kind: 'integerOrNull', of: ({ unread }: ChainRestart): number | null => unread?.from ?? null },
  unread_to: { kind: 'integerOrNull', of: ({ unread }: ChainRestart): number | null => unread?.to ?? null },
  undone_blocks: { kind: 'integer', of: ({ undoneBlocks }: ChainRestart): number => undoneBlocks },
  found_payments: { kind: 'integer', of: ({ foundPayments }: ChainRestart): number => foundPayments },
} as const;

export type ChainRestartsTable = TableOf<typeof restartColumns>;

const readRestart = readersOf(restartColumns);

export function restartFrom(row: Selectable<ChainRestartsTable>): ChainRestart {
  const [from, to] = [readRestart.unread_from(row.unread_from), readRestart.unread_to(row.unread_to)];
  return {
    at: readRestart.at(row.at),
    fromHeight: readRestart.from_height(row.from_height),
    to: { height: readRestart.to_height(row.to_height), hash: parseBlockHash(row.to_hash) },
    unread: from === null || to === null ? undefined : { from, to },
    undoneBlocks: readRestart.undone_blocks(row.undone_blocks),
    foundPayments: readRestart.found_payments(row.found_payments),
  };
}

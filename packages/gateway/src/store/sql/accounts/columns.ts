/** The columns of `accounts` and `skipped_ranges`. */
import type { Selectable } from 'kysely';
import type { Network } from '../../../kernel/chain.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { AccountId } from '../../../kernel/ids.ts';
import type { Account, SkippedRange, SkipReason } from '../../../merchants/account.ts';
import { readersOf, type TableOf } from '../columns.ts';

export const accountColumns = {
  id: { kind: 'text', of: ({ id }: Account): AccountId => id },
  name: { kind: 'text', of: ({ name }: Account): string => name },
  network: { kind: 'text', of: ({ network }: Account): Network => network },
  descriptor: { kind: 'text', of: ({ descriptor }: Account): string => descriptor },
  next_index: { kind: 'integer', of: ({ nextIndex }: Account): number => nextIndex },
  created_at: { kind: 'time', of: ({ createdAt }: Account): EpochMs => createdAt },
} as const;

export type AccountsTable = TableOf<typeof accountColumns>;

const read = readersOf(accountColumns);

export function accountFrom(row: Selectable<AccountsTable>): Account {
  return {
    id: read.id(row.id),
    name: read.name(row.name),
    network: read.network(row.network),
    descriptor: read.descriptor(row.descriptor),
    nextIndex: read.next_index(row.next_index),
    createdAt: read.created_at(row.created_at),
  };
}

/** The range includes `from_index` and excludes `to_index`. */
export const skippedRangeColumns = {
  account_id: { kind: 'text', of: ({ accountId }: SkippedRange): AccountId => accountId },
  from_index: { kind: 'integer', of: ({ from }: SkippedRange): number => from },
  to_index: { kind: 'integer', of: ({ to }: SkippedRange): number => to },
  reason: { kind: 'text', of: ({ reason }: SkippedRange): SkipReason => reason },
  created_at: { kind: 'time', of: ({ createdAt }: SkippedRange): EpochMs => createdAt },
} as const;

export type SkippedRangesTable = TableOf<typeof skippedRangeColumns>;

const readRange = readersOf(skippedRangeColumns);

export function skippedRangeFrom(row: Selectable<SkippedRangesTable>): SkippedRange {
  return {
    accountId: readRange.account_id(row.account_id),
    from: readRange.from_index(row.from_index),
    to: readRange.to_index(row.to_index),
    reason: readRange.reason(row.reason),
    createdAt: readRange.created_at(row.created_at),
  };
}

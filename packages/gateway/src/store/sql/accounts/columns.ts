/** The columns of `accounts` and `skipped_ranges`. */
import type { ColumnType, Selectable } from 'kysely';
import type { Account, SkippedRange } from '../../../merchants/account.ts';
import { entityReader, type TableOf } from '../columns.ts';

export const accountColumns = {
  id: { kind: 'text', property: 'id' },
  name: { kind: 'text', property: 'name' },
  network: { kind: 'text', property: 'network' },
  descriptor: { kind: 'text', property: 'descriptor' },
  next_index: { kind: 'integer', property: 'nextIndex' },
  created_at: { kind: 'time', property: 'createdAt' },
  seal: { kind: 'textOrNull', property: 'seal' },
} as const;

/** The columns of `ready-indexes.ts`. */
interface ReadyColumns {
  ready_to: ColumnType<number | string, number | undefined, number | string>;
  wanted_to: ColumnType<number | string, number | undefined, number | string>;
  ready_term: ColumnType<number | string, number | undefined, number>;
  ready_timeline: string | null;
}

export type AccountsTable = TableOf<typeof accountColumns> & ReadyColumns;

export const accountFrom: (row: Selectable<AccountsTable>) => Account = entityReader(accountColumns);

/** The range includes `from_index` and excludes `to_index`. */
export const skippedRangeColumns = {
  account_id: { kind: 'text', property: 'accountId' },
  from_index: { kind: 'integer', property: 'from' },
  to_index: { kind: 'integer', property: 'to' },
  reason: { kind: 'text', property: 'reason' },
  created_at: { kind: 'time', property: 'createdAt' },
} as const;

export type SkippedRangesTable = TableOf<typeof skippedRangeColumns>;

export const skippedRangeFrom: (row: Selectable<SkippedRangesTable>) => SkippedRange = entityReader(skippedRangeColumns);

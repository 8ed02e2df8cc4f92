/** The columns of `idempotency_keys`. */
import type { Selectable } from 'kysely';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId, PosId } from '../../../kernel/ids.ts';
import type { IdempotencyUse } from '../../ports/idempotency-store.ts';
import { readersOf, type TableOf } from '../columns.ts';

export const idempotencyColumns = {
  pos_id: { kind: 'text', of: ({ posId }: IdempotencyUse): PosId => posId },
  key: { kind: 'text', of: ({ key }: IdempotencyUse): string => key },
  request_hash: { kind: 'text', of: ({ requestHash }: IdempotencyUse): string => requestHash },
  order_id: { kind: 'text', of: ({ orderId }: IdempotencyUse): OrderId => orderId },
  created_at: { kind: 'time', of: ({ createdAt }: IdempotencyUse): EpochMs => createdAt },
} as const;

export type IdempotencyKeysTable = TableOf<typeof idempotencyColumns>;

const read = readersOf(idempotencyColumns);

export function useFrom(row: Selectable<IdempotencyKeysTable>): IdempotencyUse {
  return {
    posId: read.pos_id(row.pos_id),
    key: read.key(row.key),
    requestHash: read.request_hash(row.request_hash),
    orderId: read.order_id(row.order_id),
    createdAt: read.created_at(row.created_at),
  };
}

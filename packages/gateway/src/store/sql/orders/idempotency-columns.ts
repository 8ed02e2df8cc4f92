/** The columns of `idempotency_keys`. */
import type { Selectable } from 'kysely';
import type { IdempotencyUse } from '../../ports/idempotency-store.ts';
import { entityReader, type TableOf } from '../columns.ts';

export const idempotencyColumns = {
  pos_id: { kind: 'text', property: 'posId' },
  key: { kind: 'text', property: 'key' },
  request_hash: { kind: 'text', property: 'requestHash' },
  order_id: { kind: 'text', property: 'orderId' },
  created_at: { kind: 'time', property: 'createdAt' },
} as const;

export type IdempotencyKeysTable = TableOf<typeof idempotencyColumns>;

export const useFrom: (row: Selectable<IdempotencyKeysTable>) => IdempotencyUse = entityReader(idempotencyColumns);

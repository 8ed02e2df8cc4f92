/** The columns of `failing_endpoints` and `paused_queues`. */
import type { Selectable } from 'kysely';
import type { FailingEndpoint } from '../../../callbacks/endpoint.ts';
import type { PausedQueue } from '../../ports/endpoint-store.ts';
import { entityReader, type TableOf } from '../columns.ts';

export const failingColumns = {
  pos_id: { kind: 'text', property: 'posId' },
  endpoint: { kind: 'text', property: 'endpoint' },
  since: { kind: 'time', property: 'since' },
  failures: { kind: 'integer', property: 'failures' },
  last_error: { kind: 'text', property: 'lastError' },
  last_at: { kind: 'time', property: 'lastAt' },
} as const;

export type FailingEndpointsTable = TableOf<typeof failingColumns>;

export const failingFrom: (row: Selectable<FailingEndpointsTable>) => FailingEndpoint = entityReader(failingColumns);

export const pausedColumns = {
  pos_id: { kind: 'text', property: 'posId' },
  endpoint: { kind: 'text', property: 'endpoint' },
  paused_until: { kind: 'time', property: 'pausedUntil' },
  failures: { kind: 'integer', property: 'failures' },
} as const;

export type PausedQueuesTable = TableOf<typeof pausedColumns>;

export const pausedFrom: (row: Selectable<PausedQueuesTable>) => PausedQueue = entityReader(pausedColumns);

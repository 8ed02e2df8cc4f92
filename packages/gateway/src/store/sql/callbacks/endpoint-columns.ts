/** The columns of `failing_endpoints` and `paused_queues`. */
import type { Selectable } from 'kysely';
import type { FailingEndpoint } from '../../../callbacks/endpoint.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { PosId } from '../../../kernel/ids.ts';
import type { PausedQueue } from '../../ports/endpoint-store.ts';
import { readersOf, type TableOf } from '../columns.ts';

export const failingColumns = {
  pos_id: { kind: 'text', of: ({ posId }: FailingEndpoint): PosId => posId },
  endpoint: { kind: 'text', of: ({ endpoint }: FailingEndpoint): string => endpoint },
  since: { kind: 'time', of: ({ since }: FailingEndpoint): EpochMs => since },
  failures: { kind: 'integer', of: ({ failures }: FailingEndpoint): number => failures },
  last_error: { kind: 'text', of: ({ lastError }: FailingEndpoint): string => lastError },
  last_at: { kind: 'time', of: ({ lastAt }: FailingEndpoint): EpochMs => lastAt },
} as const;

export type FailingEndpointsTable = TableOf<typeof failingColumns>;

const readFailing = readersOf(failingColumns);

export function failingFrom(row: Selectable<FailingEndpointsTable>): FailingEndpoint {
  return {
    posId: readFailing.pos_id(row.pos_id),
    endpoint: readFailing.endpoint(row.endpoint),
    since: readFailing.since(row.since),
    failures: readFailing.failures(row.failures),
    lastError: readFailing.last_error(row.last_error),
    lastAt: readFailing.last_at(row.last_at),
  };
}

export const pausedColumns = {
  pos_id: { kind: 'text', of: ({ posId }: PausedQueue): PosId => posId },
  endpoint: { kind: 'text', of: ({ endpoint }: PausedQueue): string => endpoint },
  paused_until: { kind: 'time', of: ({ pausedUntil }: PausedQueue): EpochMs => pausedUntil },
} as const;

export type PausedQueuesTable = TableOf<typeof pausedColumns>;

const readPaused = readersOf(pausedColumns);

export function pausedFrom(row: Selectable<PausedQueuesTable>): PausedQueue {
  return {
    posId: readPaused.pos_id(row.pos_id),
    endpoint: readPaused.endpoint(row.endpoint),
    pausedUntil: readPaused.paused_until(row.paused_until),
  };
}

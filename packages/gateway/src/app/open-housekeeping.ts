/** Opens the loops that maintain the database. */
import { TaskLoop } from '../kernel/task-loop.ts';
import { freeSpace, FreeSpaceWatch } from '../ops/free-space.ts';
import { pruneIdempotencyKeys } from '../services/orders/prune-idempotency-keys.ts';
import { DecisionWatch } from '../services/orders/decision-watch.ts';
import { databaseFile } from '../store/sql/open-store.ts';
import type { Stored } from './open-stored.ts';
import type { Opening } from './opening.ts';

const PRUNE_EVERY_MS = 60_000;

export interface Housekeeping {
  /** Notices orders that a command in another process has changed. */
  readonly decisions: DecisionWatch;
  readonly keyPruning: TaskLoop;
  /** Undefined if the database is no file on this machine. */
  readonly freeSpaceWatch: FreeSpaceWatch | undefined;
}

export function openHousekeeping({ config, clock, log, signals }: Opening, { store }: Stored): Housekeeping {
  const databaseAt = databaseFile(config.databaseUrl);
  return {
    decisions: new DecisionWatch({
      store,
      clock,
      log,
      changed: (ids) => {
        store.cached.dropOrders(ids);
        signals.ordersChanged.emitHere(ids);
      },
    }),
    keyPruning: new TaskLoop({
      name: 'idempotency keys',
      idleMs: PRUNE_EVERY_MS,
      retryMs: PRUNE_EVERY_MS,
      log,
      task: async (signal) => {
        await pruneIdempotencyKeys({ store, clock }, signal);
        return undefined;
      },
    }),
    freeSpaceWatch: databaseAt === undefined ? undefined : new FreeSpaceWatch({ free: () => freeSpace(databaseAt), log }),
  };
}

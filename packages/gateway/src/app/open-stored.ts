/** Opens the database that a gateway serves, locked against other gateways, with its keys and marks. */
import { hostname } from 'node:os';
import type { GatewayKeys } from '../security/key-file.ts';
import { isInterrupted } from '../services/operator/open-keys.ts';
import { PosDirectory } from '../services/merchants/pos-directory.ts';
import type { Clock } from '../kernel/clock.ts';
import { FollowedClock } from '../kernel/time/followed-clock.ts';
import { measuredStore } from '../store/measured-store.ts';
import { WalletSeals } from '../security/wallet-seals.ts';
import { SealGuard } from '../services/seals/seal-guard.ts';
import { SealWatch } from '../services/seals/seal-watch.ts';
import type { MarksFile } from '../store/marks.ts';
import type { Notifications } from '../store/ports/notifications.ts';
import type { ServingLock } from '../store/serving-lock.ts';
import { isShareable, lockServing } from '../store/sql/open-store.ts';
import type { PosWatch } from '../store/ports/pos-watch.ts';
import type { SqlStore } from '../store/sql/sql-store.ts';
import { openBase, type Base } from './open-base.ts';
import { isSharing, type Opening } from './opening.ts';
import { shareSignals } from './share-signals.ts';

/** A larger difference between two clocks is no matter of how precisely they are set. */
const NOTABLE_MS = 5_000;

export interface Stored {
  readonly lock: ServingLock;
  /** Measures its transactions. */
  readonly store: SqlStore;
  readonly keys: GatewayKeys;
  readonly marks: MarksFile;
  /** Verifies every row that leads to an address. */
  readonly guard: SealGuard;
  readonly sealWatch: SealWatch;
  /** Undefined on SQLite, which only one process serves. */
  readonly notifications: Notifications | undefined;
  readonly posDirectory: PosDirectory;
  readonly posWatch: PosWatch;
  /** The clock of the database where several processes may share it, which have the same time by it; otherwise that of this machine. */
  readonly clock: Clock;
}

/**
 * Locks the database against other gateways, creates or migrates it, and opens the key file.
 *
 * @throws DatabaseServedError when another gateway serves it; what `openBase` throws; OperatorError for a wrong key file.
 */
export async function openStored(opening: Opening): Promise<Stored> {
  const { config, lifecycle, log, signals } = opening;
  const lock = await lifecycle.open(
    'serving lock',
    () =>
      lockServing(
        config.databaseDirectUrl ?? config.databaseUrl,
        { pid: process.pid, host: hostname() },
        log,
        isSharing(config) ? 'shared' : 'alone',
      ),
    (held) => held.release(),
  );
  const { store, keys, marks, sealedSince } = await lifecycle.open(
    'database',
    () => openMeasuredBase(opening),
    (opened) => opened.store.close(),
  );
  const ownKeys = await keys();
  if (await isInterrupted(config.keyFile))
    log.warn(
      { file: config.keyFile },
      'gateway: a key renewal was interrupted; if you have not seen the new secrets, run webpos key renew again',
    );
  const guard: SealGuard = new SealGuard({
    seals: new WalletSeals(ownKeys.wallet),
    clock: opening.clock,
    since: await sealedSince(),
    log,
    found: () => sealWatch.wake(),
  });
  const posWatch = await lifecycle.open(
    'changes of POS',
    () => store.watchPos(),
    (watch) => watch.close(),
  );
  const posDirectory = new PosDirectory(store.pos, posWatch);
  const sealWatch = new SealWatch({ store, guard, keys: ownKeys, posDirectory, clock: opening.clock, log });
  // What is broken is known before anything is derived from it.
  await sealWatch.look();
  const notifications = await lifecycle.open(
    'notifications',
    () => store.openNotifications(log),
    (opened) => opened?.close(),
  );
  if (notifications !== undefined) shareSignals(signals, notifications);
  return {
    lock,
    store,
    keys: ownKeys,
    marks,
    guard,
    sealWatch,
    notifications,
    posDirectory,
    posWatch,
    clock: await openClock(opening, store),
  };
}

/** Opens the database with a store that measures its transactions. */
async function openMeasuredBase({
  config,
  parts,
  clock,
  nowMs,
  metrics,
  watchdog,
  log,
}: Opening): Promise<Omit<Base, 'store'> & { readonly store: SqlStore }> {
  const base = await openBase(config, { create: true, migrate: true, serve: true, clock, log });
  const store = measuredStore(parts.store?.(base.store) ?? base.store, nowMs, {
    waited: (durationMs) => metrics?.transactionWaited(durationMs),
    ended: (step, durationMs) => watchdog.transactionEnded(step, durationMs),
  });
  return { ...base, store };
}

async function openClock({ config, parts, lifecycle, clock, nowMs, log }: Opening, store: SqlStore): Promise<Clock> {
  if (parts.clock !== undefined || !isShareable(config.databaseUrl)) return clock;
  const ofDatabase = await lifecycle.open(
    'clock of the database',
    () => FollowedClock.open({ read: () => store.time(), nowMs }),
    (opened) => opened.close(),
  );
  const aheadMs = clock.now() - ofDatabase.now();
  if (Math.abs(aheadMs) > NOTABLE_MS)
    log.warn(
      { ahead_s: Math.round(aheadMs / 1000) },
      'gateway: the clocks of this machine and of the database differ; the latter counts',
    );
  return ofDatabase;
}

/** Migrates a database to the newest schema, and refuses one of a newer version beside which this one cannot work. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Migrator, type Kysely, type Migration } from 'kysely';
import { compareVersions, VERSION } from '../../kernel/version.ts';
import { DatabaseMissingError, DatabaseNewerError, DatabaseOlderError } from '../database-errors.ts';
import type { SchemaSharing, SqlDialect } from './dialects/dialect.ts';
import { first } from './migrations/0001-first.ts';
import { addressesAhead } from './migrations/0002-addresses-ahead.ts';
import { marksPlace } from './migrations/0003-marks-place.ts';
import { missingPayments } from './migrations/0004-missing-payments.ts';
import { chainRestarts } from './migrations/0005-chain-restarts.ts';
import { versions } from './migrations/0006-versions.ts';
import { callbackQueues } from './migrations/0007-callback-queues.ts';
import { merchants } from './migrations/0009-merchants.ts';
import { transactionChanged } from './migrations/0010-transaction-changed.ts';
import { orderReferences } from './migrations/0011-order-references.ts';
import { pausedQueues } from './migrations/0012-paused-queues.ts';
import { expiredCoverage } from './migrations/0013-expired-coverage.ts';
import { plainColumnNames } from './migrations/0014-plain-column-names.ts';
import { judgeAtHeight } from './migrations/0015-judge-at-height.ts';
import { checkout } from './migrations/0016-checkout.ts';
import { callbackLists } from './migrations/0017-callback-lists.ts';
import { unassignedLists } from './migrations/0018-unassigned-lists.ts';
import { packedBodies } from './migrations/0019-packed-bodies.ts';
import { prunedEvents } from './migrations/0020-pruned-events.ts';
import { noIndexByStatusAndAmount } from './migrations/0025-no-index-by-status-and-amount.ts';
import { lease } from './migrations/0026-lease.ts';
import { sharedRates } from './migrations/0027-shared-rates.ts';
import { sharedDelivery } from './migrations/0028-shared-delivery.ts';
import { auditLogExpands } from './migrations/0030-audit-log-expands.ts';
import { peopleExpands } from './migrations/0031-people-expands.ts';
import { orderNotesExpands } from './migrations/0032-order-notes-expands.ts';
import { paymentLinksExpands } from './migrations/0034-payment-links-expands.ts';
import { accountSealsExpands } from './migrations/0035-account-seals-expands.ts';
import { notificationsExpands } from './migrations/0036-notifications-expands.ts';
import { paymentRatesExpands } from './migrations/0037-payment-rates-expands.ts';
import { refundsExpands } from './migrations/0033-refunds-expands.ts';
import { leanerReferencesExpands } from './migrations/0038-leaner-references-expands.ts';
import { merchantsExpands } from './migrations/0039-merchants-expands.ts';
import { paymentsSeen } from './migrations/0040-payments-seen-needs-0-1.ts';
import { leanerEventIndex } from './migrations/0041-leaner-event-index-needs-0-1.ts';
import { floorOf, isAtLeast, worksBeside } from './schema-floor.ts';
import { noteVersion, readSchemaState, type SchemaState } from './schema-state.ts';
import type { Tables } from './tables.ts';

/** All migrations, in the order of their names. Released ones never change: see CONTRIBUTING.md. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first': first,
  '0002-addresses-ahead': addressesAhead,
  '0003-marks-place': marksPlace,
  '0004-missing-payments': missingPayments,
  '0005-chain-restarts': chainRestarts,
  '0006-versions': versions,
  '0007-callback-queues': callbackQueues,
  '0009-merchants': merchants,
  '0010-transaction-changed': transactionChanged,
  '0011-order-references': orderReferences,
  '0012-paused-queues': pausedQueues,
  '0013-expired-coverage': expiredCoverage,
  '0014-plain-column-names': plainColumnNames,
  '0015-judge-at-height': judgeAtHeight,
  '0016-checkout': checkout,
  '0017-callback-lists': callbackLists,
  '0018-unassigned-lists': unassignedLists,
  '0019-packed-bodies': packedBodies,
  '0020-pruned-events': prunedEvents,
  '0025-no-index-by-status-and-amount': noIndexByStatusAndAmount,
  '0026-lease': lease,
  '0027-shared-rates': sharedRates,
  '0028-shared-delivery': sharedDelivery,
  '0030-audit-log-expands': auditLogExpands,
  '0031-people-expands': peopleExpands,
  '0032-order-notes-expands': orderNotesExpands,
  '0033-refunds-expands': refundsExpands,
  '0034-payment-links-expands': paymentLinksExpands,
  '0035-account-seals-expands': accountSealsExpands,
  '0036-notifications-expands': notificationsExpands,
  '0037-payment-rates-expands': paymentRatesExpands,
  '0038-leaner-references-expands': leanerReferencesExpands,
  '0039-merchants-expands': merchantsExpands,
  '0040-payments-seen-needs-0-1': paymentsSeen,
  '0041-leaner-event-index-needs-0-1': leanerEventIndex,
};

export const lastMigration: string = Object.keys(MIGRATIONS).at(-1) ?? '';

export interface OpenOptions {
  /** What to do if the database has no tables. Default: `create`. */
  readonly ifMissing?: 'create' | 'refuse';
  /** What to do if the tables are of an earlier version. Default: `migrate`. */
  readonly ifOlder?: 'migrate' | 'refuse';
  /** The version of the gateway. Default: {@link VERSION}. */
  readonly version?: string;
  /** The migrations of this version, for tests. Default: {@link MIGRATIONS}. */
  readonly migrations?: Readonly<Record<string, Migration>>;
}

/**
 * Creates or migrates the tables, as the options allow.
 *
 * @throws DatabaseNewerError if a newer version has written the database, and this one cannot work beside it.
 * @throws DatabaseMissingError or DatabaseOlderError if the options refuse to create or migrate the tables.
 * @throws Error if a migration fails, or processes serve that could not go on after it; the database is then as it was before.
 */
export async function migrate(db: Kysely<Tables>, dialect: SqlDialect, options: OpenOptions = {}): Promise<void> {
  const { sharing } = dialect;
  if (sharing === undefined) return migrateLocked(db, db, dialect, options);
  // The transaction holds nothing but the lock, and the row of this version at its end. Processes take the serving lock before they get here: whoever is not seen by a process
  // that migrates comes after it, and sees what it has done.
  await db.transaction().execute(async (transaction) => {
    await sharing.lockSchema(transaction);
    await migrateLocked(db, transaction, dialect, options);
  });
}

async function migrateLocked(
  db: Kysely<Tables>,
  reading: Kysely<Tables>,
  dialect: SqlDialect,
  options: OpenOptions,
): Promise<void> {
  const { ifMissing = 'create', ifOlder = 'migrate', version = VERSION, migrations = MIGRATIONS } = options;
  const schema = await dialect.schema(reading);
  const state = await readSchemaState(reading, Object.keys(migrations), schema);
  if (dialect.sharing === undefined) refuseNewer(state, version);
  else refuseAboveFloor(state, version);
  if (state.applied.length === 0 && ifMissing === 'refuse')
    throw new DatabaseMissingError('it has no tables yet: webpos serve or webpos account create creates them');
  if (state.applied.length > 0 && state.pending.length > 0 && ifOlder === 'refuse')
    throw new DatabaseOlderError(
      `its tables are of an earlier version and lack ${state.pending.join(', ')}: make a backup, then start webpos serve, which migrates them`,
    );
  if (state.pending.length > 0) {
    await refuseWhileOlderServe(reading, dialect, state);
    await runMigrations(db, dialect, migrations, schema);
  }
  // Not over another connection: a pooler may have only one.
  if (ifOlder === 'migrate') await noteVersion(reading, version);
}

/** Kysely first reads the tables of all schemas, which fails if one of them is being dropped. Nothing has been migrated then. */
const MAX_ATTEMPTS = 10;
const PAUSE_MS = 50;
/** After a migration has waited for a lock on a table in vain, and rolled back, those that waited behind it go first. */
const LOCKED_PAUSE_MS = 1_000;

async function runMigrations(
  db: Kysely<Tables>,
  { sharing }: SqlDialect,
  migrations: Readonly<Record<string, Migration>>,
  schema: string | undefined,
): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => (sharing === undefined ? migrations : withLimitedWaits(migrations, sharing)) },
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  });
  for (let attempt = 1; ; attempt += 1) {
    const { error, results } = await migrator.migrateToLatest();
    if (error === undefined) return;
    const isLocked = sharing?.isLockWait(error) === true;
    if ((results !== undefined && !isLocked) || attempt === MAX_ATTEMPTS)
      throw new Error('the database could not be migrated', { cause: error });
    await sleep(isLocked ? LOCKED_PAUSE_MS : PAUSE_MS);
  }
}

/** All migrations of a run are in one transaction, for which each sets the limit again. */
function withLimitedWaits(migrations: Readonly<Record<string, Migration>>, sharing: SchemaSharing): Record<string, Migration> {
  return Object.fromEntries(
    Object.entries(migrations).map(([name, migration]) => [
      name,
      {
        up: async (db: Kysely<unknown>) => {
          await sharing.limitLockWait(db);
          await migration.up(db);
        },
      },
    ]),
  );
}

/** Refuses a database of a newer version, whose contents this version may misinterpret. */
function refuseNewer({ unknown, writers }: SchemaState, version: string): void {
  const newer = newerThan(version, writers);
  if (unknown.length > 0 || newer.length > 0) throw newerError(newer, unknown, version);
}

/** Refuses a database with which only newer versions can work. This version may serve it beside a newer one otherwise. */
function refuseAboveFloor({ unknown, writers }: SchemaState, version: string): void {
  const above = unknown.filter((name) => !worksBeside(version, name));
  if (above.length > 0) throw newerError(newerThan(version, writers), above, version);
}

/** Refuses to migrate while processes serve that cannot work with the tables afterwards. */
async function refuseWhileOlderServe(db: Kysely<Tables>, { sharing }: SqlDialect, { pending }: SchemaState): Promise<void> {
  const floors = pending.flatMap((name) => floorOf(name) ?? []).filter((floor) => floor !== 'any');
  if (floors.length === 0 || sharing === undefined) return;
  for (const { version, shown } of await sharing.servers(db)) {
    const floor = floors.find((one) => version === undefined || !isAtLeast(`${version}.0`, one));
    if (floor !== undefined)
      throw new Error(
        `${shown} serves it as WebPOS ${version ?? 'of an unknown version'}, and after this upgrade only ${floor} and later can: ` +
          `bring every process to ${floor} first, or stop those that are older`,
      );
  }
}

function newerThan(version: string, writers: readonly string[]): string[] {
  return writers.filter((writer) => (compareVersions(writer, version) ?? 1) > 0);
}

function newerError(newer: readonly string[], unknown: readonly string[], version: string): DatabaseNewerError {
  const by =
    newer.length > 0 ? `WebPOS ${newer.join(', ')}, which is newer than this one (${version})` : 'a newer version of WebPOS';
  const what = unknown.length > 0 ? `; this one (${version}) does not know its ${unknown.join(', ')}` : '';
  return new DatabaseNewerError(
    `it was written by ${by}${what}. Run that version or a later one, or restore a backup from before the upgrade`,
  );
}

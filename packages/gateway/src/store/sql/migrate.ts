/** Migrates a database to the newest schema, and refuses one that a newer version has written. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Migrator, type Kysely, type Migration } from 'kysely';
import { compareVersions, VERSION } from '../../kernel/version.ts';
import { DatabaseMissingError, DatabaseNewerError, DatabaseOlderError } from '../database-errors.ts';
import type { SqlDialect } from './dialects/dialect.ts';
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
};

export const lastMigration: string = Object.keys(MIGRATIONS).at(-1) ?? '';

export interface OpenOptions {
  /** What to do if the database has no tables. Default: `create`. */
  readonly ifMissing?: 'create' | 'refuse';
  /** What to do if the tables are of an earlier version. Default: `migrate`. */
  readonly ifOlder?: 'migrate' | 'refuse';
  /** The version of the gateway. Default: {@link VERSION}. */
  readonly version?: string;
}

/**
 * Creates or migrates the tables, as the options allow.
 *
 * @throws DatabaseNewerError if a newer version has written the database.
 * @throws DatabaseMissingError or DatabaseOlderError if the options refuse to create or migrate the tables.
 * @throws Error if a migration fails; the database is then as it was before that migration.
 */
export async function migrate(db: Kysely<Tables>, dialect: SqlDialect, options: OpenOptions = {}): Promise<void> {
  const { ifMissing = 'create', ifOlder = 'migrate', version = VERSION } = options;
  const schema = await dialect.schema(db);
  const state = await readSchemaState(db, Object.keys(MIGRATIONS), schema);
  refuseNewer(state, version);
  if (state.applied.length === 0 && ifMissing === 'refuse')
    throw new DatabaseMissingError('it has no tables yet: webpos serve or webpos account create creates them');
  if (state.applied.length > 0 && state.pending.length > 0 && ifOlder === 'refuse')
    throw new DatabaseOlderError(
      `its tables are of an earlier version and lack ${state.pending.join(', ')}: make a backup, then start webpos serve, which migrates them`,
    );
  if (state.pending.length > 0) await runMigrations(db, schema);
  if (ifOlder === 'migrate') await noteVersion(db, version);
}

/** Kysely first reads the tables of all schemas, which fails if one of them is being dropped. Nothing has been migrated then. */
const MAX_ATTEMPTS = 10;
const PAUSE_MS = 50;

async function runMigrations(db: Kysely<Tables>, schema: string | undefined): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => MIGRATIONS },
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  });
  for (let attempt = 1; ; attempt += 1) {
    const { error, results } = await migrator.migrateToLatest();
    if (error === undefined) return;
    if (results !== undefined || attempt === MAX_ATTEMPTS)
      throw new Error('the database could not be migrated', { cause: error });
    await sleep(PAUSE_MS);
  }
}

/** Refuses a database of a newer version, whose contents this version may misinterpret. */
function refuseNewer({ unknown, writers }: SchemaState, version: string): void {
  const newer = writers.filter((writer) => (compareVersions(writer, version) ?? 1) > 0);
  if (unknown.length === 0 && newer.length === 0) return;
  const by =
    newer.length > 0 ? `WebPOS ${newer.join(', ')}, which is newer than this one (${version})` : 'a newer version of WebPOS';
  const what = unknown.length > 0 ? `; this one (${version}) does not know its ${unknown.join(', ')}` : '';
  throw new DatabaseNewerError(
    `it was written by ${by}${what}. Run that version or a later one, or restore a backup from before the upgrade`,
  );
}

/** The store on any SQL database with a dialect. */
import { Kysely } from 'kysely';
import type { OrderId } from '../../kernel/ids.ts';
import type { Store, StoreReads } from '../ports/store.ts';
import { SqlAccounts } from './accounts/accounts.ts';
import { SqlAudit } from './audit/audit.ts';
import { SqlAddresses } from './accounts/addresses.ts';
import { SqlReadyIndexes } from './accounts/ready-indexes.ts';
import { readStats } from './stats.ts';
import { readTime } from './read-time.ts';
import { SqlCallbacks } from './callbacks/callbacks.ts';
import { SqlChain } from './chain/chain.ts';
import type { SqlDialect } from './dialects/dialect.ts';
import { SqlDeliveryPeers } from './callbacks/delivery-peers.ts';
import { SqlFailures } from './failures.ts';
import { SqlEndpoints } from './callbacks/endpoints.ts';
import { SqlLease } from './lease.ts';
import { SqlWork } from './work.ts';
import { ReadCache, type FilledCache } from './read-cache.ts';
import { OwnChanges } from './merchants/own-changes.ts';
import { SharedReadCache } from './shared-read-cache.ts';
import type { SqlContext } from './sql-context.ts';
import { migrate, type OpenOptions } from './migrate.ts';
import { SqlErasure } from './orders/erasure.ts';
import { SqlIdempotency } from './orders/idempotency.ts';
import { ListMarks, type OrderMove } from './order-lists/list-marks.ts';
import { WalkQueues } from './order-lists/walk-queues.ts';
import { OrderCounts } from './orders/order-counts.ts';
import { SqlSales } from './reports/sales.ts';
import { SqlOrderNotes } from './orders/order-notes.ts';
import { SqlOrderHistory } from './orders/order-history.ts';
import { SqlOrders } from './orders/orders.ts';
import { SqlPayouts } from './refunds/payouts.ts';
import { SqlRefunds } from './refunds/refunds.ts';
import { SqlRefundRequests } from './orders/refund-requests.ts';
import { SqlLinks } from './links/links.ts';
import { SqlLogos } from './merchants/logos.ts';
import { SqlMerchants } from './merchants/merchants.ts';
import { SqlMessages } from './notifications/messages.ts';
import { SqlNotices } from './notifications/notices.ts';
import type { WantedNotices } from './notifications/wanted-notices.ts';
import { SqlSubscriptions } from './notifications/subscriptions.ts';
import { SqlMarksPlace } from './accounts/marks-place.ts';
import { SqlSealStart } from './accounts/seal-start.ts';
import { SqlPaymentTransactions } from './chain/payment-transactions.ts';
import { SqlPanel } from './panel.ts';
import { SqlChallenges } from './people/challenges.ts';
import { SqlCredentials } from './people/credentials.ts';
import { SqlInvitations } from './people/invitations.ts';
import { SqlPanelTokens } from './people/panel-tokens.ts';
import { SqlPasskeys } from './people/passkeys.ts';
import { SqlPeople } from './people/people.ts';
import { SqlSessions } from './people/sessions.ts';
import { SqlPos } from './merchants/pos.ts';
import { schemaFaults } from './schema-faults.ts';
import { SqlReports } from './reports/reports.ts';
import { SqlSharedRates } from './rates/shared-rates.ts';
import { SqlSandboxBlocks } from './chain/sandbox-blocks.ts';
import type { SandboxStore } from '../../chain/sandbox/store.ts';
import type { Tables } from './tables.ts';
import { SqlUnassigned } from './chain/unassigned.ts';

/** The store, and the storage of the sandbox chain in the same database. */
export interface SqlStore extends Store {
  readonly sandbox: SandboxStore;
}

/**
 * Opens and migrates a database.
 *
 * @throws Error if it cannot be opened or migrated.
 */
export async function openSqlStore(dialect: SqlDialect, options?: OpenOptions): Promise<SqlStore> {
  const db = await openMigrated(dialect, options);
  const own = new OwnChanges();
  const shared = new SharedReadCache();
  const cache = dialect.commitsOfOthers === undefined ? shared : new ReadCache(dialect.commitsOfOthers);
  const base: StoreBase = {
    db,
    dialect,
    own,
    cache,
    marks: new ListMarks(),
    walks: new WalkQueues(),
    wantedNotices: { kinds: undefined },
  };
  return {
    ...entities(directContext(base)),
    cached: cache,
    time: () => readTime({ db, dialect }),
    transaction: (work) => runTransaction(base, work),
    watchPos: async () => own.with(await dialect.watchPos()),
    openNotifications: (log) => {
      const notifications = dialect.openNotifications?.(log);
      if (notifications !== undefined) shared.trust(notifications);
      return notifications;
    },
    commitsOfOthers: dialect.commitsOfOthers,
    lost: dialect.lost,
    stats: (bound) => readStats(db, bound),
    schemaFaults: () => schemaFaults(db, dialect),
    close: () => db.destroy(),
  };
}

/** What all operations of a store share. */
interface StoreBase {
  readonly db: Kysely<Tables>;
  readonly dialect: SqlDialect;
  readonly own: OwnChanges;
  readonly cache: FilledCache;
  readonly marks: ListMarks;
  readonly walks: WalkQueues;
  readonly wantedNotices: WantedNotices;
}

async function openMigrated(dialect: SqlDialect, options?: OpenOptions): Promise<Kysely<Tables>> {
  const db = new Kysely<Tables>({ dialect: dialect.kysely });
  try {
    await dialect.prepare(db);
    await migrate(db, dialect, options);
    return db;
  } catch (error) {
    await db.destroy().catch(() => {});
    throw error;
  }
}

/** The context outside transactions, where changes take effect at once. */
function directContext({ db, dialect, own, cache, marks, walks, wantedNotices }: StoreBase): SqlContext {
  const context: SqlContext = {
    db,
    dialect,
    inTransaction: false,
    cache,
    changed: () => cache.changed(),
    claimed: (ids) => cache.dropOrders(ids),
    marks,
    walks,
    wantedNotices,
    orderMoved: async (move) => {
      const counts = new OrderCounts();
      counts.note(move);
      await counts.write(context);
      marks.noteMoves([move]);
    },
    posChanged: async (id) => {
      own.note();
      await dialect.announcePos(db, id);
    },
  };
  return context;
}

/** Runs work in a transaction, whose changes take effect at its end. */
async function runTransaction<T>(
  { db, dialect, own, cache, marks, walks, wantedNotices }: StoreBase,
  work: (tx: StoreReads & { readonly sandbox: SandboxStore }) => Promise<T>,
): Promise<T> {
  let [changesPos, changes] = [false, false];
  const counts = new OrderCounts();
  const moves: OrderMove[] = [];
  const claims = new Set<OrderId>();
  const inside = (tx: Kysely<Tables>): SqlContext => ({
    db: tx,
    dialect,
    inTransaction: true,
    cache: undefined,
    changed: () => {
      changes = true;
    },
    claimed: (ids) => {
      for (const id of ids) claims.add(id);
    },
    marks,
    walks,
    wantedNotices,
    orderMoved: async (move) => {
      counts.note(move);
      moves.push(move);
    },
    posChanged: async (id) => {
      changesPos = true;
      await dialect.announcePos(tx, id);
    },
  });
  try {
    return await db.transaction().execute(async (tx) => {
      const context = inside(tx);
      const result = await work(entities(context));
      await counts.write(context);
      return result;
    });
  } finally {
    // Even if it failed: a commit may have succeeded although its answer was lost.
    if (changesPos) own.note();
    if (changes) cache.changed();
    if (claims.size > 0) cache.dropOrders(claims);
    marks.noteMoves(moves);
  }
}

function entities(context: SqlContext): StoreReads & { readonly sandbox: SandboxStore } {
  return {
    accounts: new SqlAccounts(context),
    addresses: new SqlAddresses(context),
    readyIndexes: new SqlReadyIndexes(context),
    marksPlace: new SqlMarksPlace(context),
    logos: new SqlLogos(context),
    merchants: new SqlMerchants(context),
    pos: new SqlPos(context),
    orders: new SqlOrders(context),
    unassigned: new SqlUnassigned(context),
    transactions: new SqlPaymentTransactions(context),
    history: new SqlOrderHistory(context),
    notes: new SqlOrderNotes(context),
    sales: new SqlSales(context),
    refundRequests: new SqlRefundRequests(context),
    refunds: new SqlRefunds(context),
    payouts: new SqlPayouts(context),
    chain: new SqlChain(context),
    callbacks: new SqlCallbacks(context),
    endpoints: new SqlEndpoints(context),
    deliveryPeers: new SqlDeliveryPeers(context),
    failures: new SqlFailures(context),
    panel: new SqlPanel(context),
    idempotency: new SqlIdempotency(context),
    erasure: new SqlErasure(context),
    lease: new SqlLease(context),
    work: new SqlWork(context),
    rates: new SqlSharedRates(context),
    notices: new SqlNotices(context),
    subscriptions: new SqlSubscriptions(context),
    messages: new SqlMessages(context),
    audit: new SqlAudit(context),
    links: new SqlLinks(context),
    reports: new SqlReports(context),
    people: new SqlPeople(context),
    invitations: new SqlInvitations(context),
    credentials: new SqlCredentials(context),
    passkeys: new SqlPasskeys(context),
    sessions: new SqlSessions(context),
    challenges: new SqlChallenges(context),
    panelTokens: new SqlPanelTokens(context),
    sealStart: new SqlSealStart(context),
    sandbox: new SqlSandboxBlocks(context),
  };
}

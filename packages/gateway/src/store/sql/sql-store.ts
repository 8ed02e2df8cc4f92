/** The store on any SQL database that has a dialect of ours. */
import { Kysely } from 'kysely';
import type { AtHand, Store, StoreReads } from '../ports.ts';
import { SqlAccounts } from './accounts.ts';
import { SqlAddresses } from './addresses.ts';
import { census } from './census.ts';
import { SqlCallbacks } from './callbacks.ts';
import { SqlChain } from './chain.ts';
import type { SqlDialect } from './dialects/dialect.ts';
import { SqlEndpoints } from './endpoints.ts';
import { KeptReads } from './kept-reads.ts';
import { OwnChanges } from './own-changes.ts';
import type { SqlContext } from './sql-context.ts';
import { migrate } from './migrate.ts';
import { SqlIdempotency } from './idempotency.ts';
import { OrderCounts } from './order-counts.ts';
import { SqlOrders } from './orders.ts';
import { SqlLogos } from './logos.ts';
import { SqlPanel } from './panel.ts';
import { SqlPos } from './pos.ts';
import { SqlSandboxBlocks } from './sandbox-blocks.ts';
import type { SandboxStore } from '../../chain/sandbox/store.ts';
import type { Tables } from './tables.ts';

/** The store, and the sandbox chain's own corner of the same database. */
export interface SqlStore extends Store {
  readonly sandbox: SandboxStore;
}

const NOTHING_AT_HAND: AtHand = { order: () => undefined, tip: () => undefined };

/**
 * Opens a database and brings it up to date.
 *
 * @throws Error when it cannot be opened or migrated.
 */
export async function openSqlStore(dialect: SqlDialect): Promise<SqlStore> {
  const db = new Kysely<Tables>({ dialect: dialect.kysely });
  try {
    await dialect.prepare(db);
    await migrate(db, dialect);
  } catch (error) {
    await db.destroy().catch(() => {});
    throw error;
  }
  const own = new OwnChanges();
  const kept = dialect.commitsOfOthers && new KeptReads(dialect.commitsOfOthers);
  const direct: SqlContext = {
    db,
    dialect,
    inTransaction: false,
    kept,
    changed: () => kept?.changed(),
    orderCounted: async (...change) => {
      const counts = new OrderCounts();
      counts.note(...change);
      await counts.write(direct);
    },
    posChanged: async (id) => {
      own.note();
      await dialect.announcePos(db, id);
    },
  };
  return {
    ...entities(direct),
    atHand: kept ?? NOTHING_AT_HAND,
    transaction: async (work) => {
      let [changesPos, changes] = [false, false];
      const counts = new OrderCounts();
      const inside = (tx: Kysely<Tables>): SqlContext => ({
        db: tx,
        dialect,
        inTransaction: true,
        kept: undefined,
        changed: () => {
          changes = true;
        },
        orderCounted: async (...change) => counts.note(...change),
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
        // Also when it failed: a commit whose answer was lost may have been stored.
        if (changesPos) own.note();
        if (changes) kept?.changed();
      }
    },
    watchPos: async () => own.with(await dialect.watchPos()),
    census: (bound) => census(db, bound),
    close: () => db.destroy(),
  };
}

function entities(context: SqlContext): StoreReads & { readonly sandbox: SandboxStore } {
  return {
    accounts: new SqlAccounts(context),
    addresses: new SqlAddresses(context),
    logos: new SqlLogos(context),
    pos: new SqlPos(context),
    orders: new SqlOrders(context),
    chain: new SqlChain(context),
    callbacks: new SqlCallbacks(context),
    endpoints: new SqlEndpoints(context),
    panel: new SqlPanel(context),
    idempotency: new SqlIdempotency(context),
    sandbox: new SqlSandboxBlocks(context),
  };
}

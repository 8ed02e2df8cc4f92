/** Reads what the gateways have stored, from the primary. */
import pg from 'pg';
import type { Order } from '../../src/orders/order.ts';
import type { UnassignedPayment } from '../../src/orders/unassigned-payment.ts';
import { openStore } from '../../src/store/sql/open-store.ts';
import { newestOrders } from '../support/newest-orders.ts';
import type { LeaderWrite, TermBegin } from './term-log.ts';

export interface StoredEvent {
  readonly id: string;
  readonly orderId: string;
  readonly event: string;
  readonly status: string;
}

export interface Stored {
  readonly orders: readonly Order[];
  readonly unassigned: readonly UnassignedPayment[];
  /** In the order in which they happened, for each order. */
  readonly events: readonly StoredEvent[];
  readonly tip: { readonly height: number; readonly hash: string } | undefined;
  readonly nextIndex: number;
  readonly terms: readonly TermBegin[];
  readonly writes: readonly LeaderWrite[];
}

export async function readStored(url: string): Promise<Stored> {
  const store = await openStore(url);
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    const query = async <Row extends pg.QueryResultRow>(text: string): Promise<Row[]> => (await client.query<Row>(text)).rows;
    return {
      orders: await newestOrders(store),
      unassigned: await store.unassigned.list({ accountId: undefined, open: false, limit: 1_000_000 }),
      events: await query<{ id: string; orderId: string; event: string; status: string }>(
        'select id, order_id as "orderId", event, status from callbacks order by order_id, sequence',
      ),
      tip: await store.chain.tip(),
      nextIndex: Math.max(0, ...(await store.accounts.list()).map((account) => account.nextIndex)),
      terms: await query<{ term: number; by: string }>('select term::int, by from cluster_terms order by id'),
      writes: await query<{ by: string; term: number; leader: string | null }>(
        'select distinct by, term::int, leader from cluster_writes where by is distinct from leader limit 20',
      ),
    };
  } finally {
    await client.end();
    await store.close();
  }
}

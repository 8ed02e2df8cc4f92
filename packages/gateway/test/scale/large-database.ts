/**
 * Fills a database with the rows of years, by SQL alone: orders of one large POS and one small one, their payments, callbacks and
 * everything else that grows. The rows are consistent enough for every query, but no services have written them.
 */
import { sql, type Kysely } from 'kysely';
import { epochMs, type EpochMs } from '../../src/kernel/clock.ts';
import { parseId, type AccountId, type CallbackId, type OrderId, type PersonId, type PosId } from '../../src/kernel/ids.ts';
import type { SqlDialect } from '../../src/store/sql/dialects/dialect.ts';
import type { Tables } from '../../src/store/sql/tables.ts';

/** Writes expressions in the dialect of a database. */
interface Words {
  /** Returns a statement part that selects `n` from 0 to below a count. */
  readonly numbers: (count: number) => string;
  /** Hexadecimal digits of a number, at least 8. */
  readonly hex: (number: string) => string;
}

const WORDS: Readonly<Record<SqlDialect['name'], Words>> = {
  sqlite: {
    numbers: (count) =>
      `(with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n + 1 < ${count}) select n from numbers) as numbers`,
    hex: (number) => `printf('%08x', ${number})`,
  },
  postgres: {
    numbers: (count) => `generate_series(0, ${count - 1}) as numbers(n)`,
    hex: (number) => `lpad(to_hex(${number}), 8, '0')`,
  },
};

export const LARGE_POS: PosId = parseId('00000000-0000-4000-8000-0000000000a1');
export const SMALL_POS: PosId = parseId('00000000-0000-4000-8000-0000000000a2');
export const EMPTY_POS: PosId = parseId('00000000-0000-4000-8000-0000000000a3');
export const ACCOUNT: AccountId = parseId('00000000-0000-4000-8000-0000000000b1');
/** The endpoint of nearly all callbacks. */
export const ENDPOINT = 'https://shop.example';
/** The reference that a fifth of the orders share. */
export const SHARED_REFERENCE = 'donation';
/** When the first order was created. One follows each second. */
const BEGAN_AT = Date.UTC(2026, 0, 1);
/** The orders of the small POS, which are old. */
const OF_SMALL = 'n between 1000 and 1019';
/** The person who did every second thing of the audit log. */
export const AUDITED_PERSON: PersonId = parseId('00000000-0000-4000-8000-0000000000e1');
/** The height of the last block. */
export const TIP_HEIGHT = 2_000;

export const createdAt = (n: number): EpochMs => epochMs(BEGAN_AT + n * 1_000);
const idText = (n: number, last: string): string => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-0000000000${last}`;
export const orderIdOf = (n: number): OrderId => parseId(idText(n, 'c1'));
export const callbackIdOf = (n: number): CallbackId => parseId(idText(n, 'd1'));

type Row = Readonly<Record<string, string | number | null>>;

/** How many rows there are. */
export interface Sizes {
  readonly orders: number;
  /** The newest orders are pending. */
  readonly pending: number;
  /** Callbacks of ended orders that wait, the newest, and those that were given up, the oldest. */
  readonly waiting: number;
  readonly failed: number;
}

export function sizesOf(orders: number): Sizes {
  return { orders, pending: orders / 50, waiting: orders / 100, failed: orders / 100 };
}

/** Fills empty tables. Constraints are not checked meanwhile, and the indexes are built when the rows are there: both save time. */
export async function fillTables(db: Kysely<Tables>, { name }: SqlDialect, sizes: Sizes): Promise<void> {
  if (name === 'sqlite') await sql.raw('pragma foreign_keys = off').execute(db);
  await db.transaction().execute(async (tx) => {
    const run = (text: string): Promise<unknown> => sql.raw(text).execute(tx);
    if (name === 'postgres') await run('set local session_replication_role = replica');
    const indexes = await dropIndexes(tx, name);
    for (const [table, row, from] of tablesOf(WORDS[name], sizes))
      await run(
        `insert into ${table} (${Object.keys(row).join(', ')}) select ${Object.values(row).map(textOf).join(', ')} from ${from}`,
      );
    await run('insert into order_counts select pos_id, blockchain_status, count(*) from orders group by 1, 2');
    for (const index of indexes) await run(index);
  });
  if (name === 'sqlite') await sql.raw('pragma foreign_keys = on').execute(db);
  // PostgreSQL's autovacuum collects statistics. The gateway collects none on SQLite.
  else await sql.raw('analyze').execute(db);
}

const textOf = (value: string | number | null): string => (value === null ? 'null' : String(value));
const text = (value: string): string => `'${value}'`;

/** Drops the indexes that are not part of a constraint, and returns the statements that create them. */
async function dropIndexes(db: Kysely<Tables>, dialect: SqlDialect['name']): Promise<readonly string[]> {
  const query =
    dialect === 'sqlite'
      ? sql<{ name: string; text: string }>`select name, sql as text from sqlite_master where type = 'index' and sql is not null`
      : sql<{ name: string; text: string }>`select indexname as name, indexdef as text from pg_indexes
          where schemaname = current_schema() and indexname not in (select conname from pg_constraint)`;
  const { rows } = await query.execute(db);
  for (const { name } of rows) await sql`drop index ${sql.ref(name)}`.execute(db);
  return rows.map((row) => row.text);
}

type Filling = readonly [table: string, row: Row, from: string];

function tablesOf(words: Words, sizes: Sizes): readonly Filling[] {
  return [
    ...merchantRows(words),
    ...orderRows(words, sizes),
    ...callbackRows(words, sizes),
    ...chainRows(words, sizes),
    ...auditRows(words, sizes),
  ];
}

function merchantRows({ numbers, hex }: Words): Filling[] {
  const pos = (id: string, client: string): Filling => [
    'pos',
    {
      id: text(id),
      name: text(client),
      type: text('web'),
      account_id: text(ACCOUNT),
      currency: text('EUR'),
      client_id: text(client),
      sealed_secret: text('sealed'),
      generation: 1,
      required_confirmations: 1,
      rate_spread_bps: 0,
      origins: text('[]'),
      active: 1,
      created_at: BEGAN_AT,
      revision: 0,
    },
    numbers(1),
  ];
  const account = {
    id: text(ACCOUNT),
    name: text('Wallet'),
    network: text('regtest'),
    descriptor: text('descriptor'),
    next_index: 100_000_000,
    created_at: BEGAN_AT,
  };
  return [
    ['accounts', account, numbers(1)],
    pos(LARGE_POS, 'large'),
    pos(SMALL_POS, 'small'),
    pos(EMPTY_POS, 'empty'),
    ['logos', { id: hex('n'), media_type: text('image/png'), base64: text('AAAA') }, numbers(3)],
    [
      'failing_endpoints',
      {
        pos_id: text(LARGE_POS),
        endpoint: hex('n'),
        since: `${BEGAN_AT} + n`,
        failures: 3,
        last_error: text('down'),
        last_at: BEGAN_AT,
      },
      numbers(50),
    ],
    ['paused_queues', { pos_id: text(LARGE_POS), endpoint: hex('n'), paused_until: BEGAN_AT }, numbers(50)],
    ['panel_grants', { hash: hex('n'), kind: text('session'), expires_at: `${BEGAN_AT} + n` }, numbers(100)],
    ['marks_place', { id: 1, path: text('/marks'), missing_at: null }, numbers(1)],
    [
      'skipped_ranges',
      {
        account_id: text(ACCOUNT),
        from_index: '200000000 + n * 10',
        to_index: '200000005 + n * 10',
        reason: text('operator'),
        created_at: BEGAN_AT,
      },
      numbers(1_000),
    ],
    [
      'derived_addresses',
      { account_id: text(ACCOUNT), address_index: '100000000 + n', address: hex('n'), script: `'0014' || ${hex('n')}` },
      numbers(2_000),
    ],
  ];
}

function orderRows({ numbers, hex }: Words, { orders, pending }: Sizes): Filling[] {
  const id = `${hex('n')} || '-0000-4000-8000-0000000000c1'`;
  const ended = orders - pending;
  // Of ten ended orders six are paid, three expired and one cancelled.
  const status = `case when n >= ${ended} then 'pending' when n % 10 < 6 then 'paid' when n % 10 < 9 then 'expired' else 'cancelled' end`;
  const time = `cast(${BEGAN_AT} as bigint) + cast(n as bigint) * 1000`;
  const paid = `(select n from ${numbers(ended)} where n % 10 < 6) as paid`;
  const txid = `'${'0'.repeat(48)}' || ${hex('(cast(n as bigint) * 40503) % 1000003')} || ${hex('n')}`;
  return [
    [
      'orders',
      {
        id,
        pos_id: `case when ${OF_SMALL} then '${SMALL_POS}' else '${LARGE_POS}' end`,
        account_id: text(ACCOUNT),
        address_index: 'n',
        address: hex('n'),
        script: `'0014' || ${hex('(cast(n as bigint) * 40503) % 1000003')} || ${hex('n')}`,
        amount_sats: 'n % 100000 + 1000',
        currency: text('EUR'),
        fiat_minor_units: 'cast(1250 + cast(n as bigint) * 7919 % 100000 as text)',
        rate_source: text('fixed'),
        rate_value: text('60000'),
        rate_at: time,
        required_confirmations: 1,
        created_at: time,
        expires_at: `${time} + 900000`,
        settlement_timeout_ms: 259_200_000,
        chargeback_timeout_ms: 86_400_000,
        reference: `case when n % 5 = 0 then '${SHARED_REFERENCE}' when n % 5 = 4 then null else 'order ' || n end`,
        status,
        blockchain_status: status,
        paid_at: `case when n < ${ended} and n % 10 < 6 then ${time} end`,
        ended_at: `case when n < ${ended} and n % 10 >= 6 then ${time} end`,
        surplus_reported: 0,
        needs_attention: 'case when n % 1000 = 7 then 1 else 0 end',
        deadline_at: `case when n >= ${ended} then ${time} + 900000 end`,
        watched: `case when n between ${ended - orders / 100} and ${ended - 1} and n % 10 < 6 then 1 else 0 end`,
        judge_at_height: `case when n between ${ended - orders / 100} and ${ended - 1} and n % 10 < 6 then ${TIP_HEIGHT + 50} end`,
      },
      numbers(orders),
    ],
    [
      'payments',
      {
        txid,
        vout: 0,
        order_id: id,
        amount_sats: 'n % 100000 + 1000',
        normalized_txid: txid,
        first_seen_at: time,
        place: `case when n >= ${ended - 200} then 'mempool' when n >= ${ended - 400} then 'missing' else 'block' end`,
        block_height: `case when n < ${ended - 400} then 100 + n / 1000 end`,
        block_hash: `case when n < ${ended - 400} then ${hex('n / 1000')} end`,
        missing_since: `case when n between ${ended - 400} and ${ended - 201} then ${time} end`,
        counted: 1,
        noted: text('confirmed'),
      },
      paid,
    ],
    [
      'idempotency_keys',
      { pos_id: text(LARGE_POS), key: hex('n'), request_hash: hex('n'), order_id: id, created_at: time },
      `(select n from ${numbers(orders)} where n >= ${orders * 0.8}) as fresh`,
    ],
    [
      'order_history',
      {
        id: hex('n'),
        order_id: id,
        at: time,
        actor: text('command'),
        action: text('settle'),
        reason: text('goodwill'),
        status_before: text('expired'),
        status_after: text('paid'),
        received_sats: 0,
      },
      `(select n from ${numbers(orders)} where n % 100 = 0) as decided`,
    ],
    [
      'order_notes',
      { id: hex('n'), order_id: id, at: time, author: text('Ada'), note: text('called back') },
      `(select n from ${numbers(orders)} where n % 100 = 0) as noted`,
    ],
    [
      'refund_requests',
      { order_id: id, address: hex('n'), requested_at: time },
      `(select n from ${numbers(orders)} where n % 100 = 0) as asked`,
    ],
    [
      'refunds',
      {
        id,
        order_id: id,
        pos_id: text(LARGE_POS),
        requested_by: text('buyer'),
        requested_at: time,
        address: hex('n'),
        status: text('refused'),
        script: hex('n'),
        closed_at: time,
      },
      `(select n from ${numbers(orders)} where n % 10 = 0) as refunded`,
    ],
    [
      'refund_payouts',
      {
        txid: `'${'e'.repeat(56)}' || ${hex('n')}`,
        vout: 0,
        script: hex('n'),
        amount_sats: 1_000,
        first_seen_at: time,
        place: text('block'),
        block_height: '100 + n / 1000',
        block_hash: hex('n / 1000'),
      },
      `(select n from ${numbers(orders)} where n % 10 = 0) as sent`,
    ],
  ];
}

function callbackRows({ numbers, hex }: Words, { orders, pending, waiting, failed }: Sizes): Filling[] {
  const count = orders - pending;
  const id = `${hex('n')} || '-0000-4000-8000-0000000000d1'`;
  const time = `cast(${BEGAN_AT} as bigint) + cast(n as bigint) * 1000`;
  const isWaiting = `n >= ${count - waiting}`;
  const positioned = `n < ${count - 2 * waiting}`;
  return [
    [
      'callbacks',
      {
        id,
        order_id: `${hex('n')} || '-0000-4000-8000-0000000000c1'`,
        pos_id: `case when ${OF_SMALL} then '${SMALL_POS}' else '${LARGE_POS}' end`,
        sequence: 0,
        event: text('payment.completed'),
        url: `'${ENDPOINT}/callback'`,
        endpoint: text(ENDPOINT),
        created_at: time,
        wanted_at: time,
        status: `case when ${isWaiting} then 'waiting' when n < ${failed} then 'failed' else 'delivered' end`,
        attempts: 1,
        next_attempt_at: `case when ${isWaiting} then ${time} end`,
        claimed_by: null,
        ended_at: `case when ${isWaiting} then null else ${time} end`,
        last_error: `case when n < ${failed} then 'down' end`,
        feed_position: `case when ${positioned} then n + 1 end`,
      },
      numbers(count),
    ],
    ['callback_bodies', { callback_id: id, body: `'{"n":' || n || '}'` }, numbers(count)],
    [
      'callback_attempts',
      { callback_id: id, started_at: time, duration_ms: 12, http_status: 200, response_excerpt: text('ok') },
      `(select n from ${numbers(count)} where n >= ${count * 0.7}) as tried`,
    ],
    ['event_feeds', { pos_id: text(LARGE_POS), last_position: count }, numbers(1)],
  ];
}

function chainRows({ numbers, hex }: Words, { orders }: Sizes): Filling[] {
  const txid = (name: string): string => `'${name.repeat(56)}' || ${hex('n')}`;
  const unassigned = {
    txid: txid('a'),
    vout: 0,
    account_id: text(ACCOUNT),
    address_index: '300000000 + n',
    address: hex('n'),
    script: hex('n'),
    amount_sats: 1_000,
    normalized_txid: txid('a'),
    first_seen_at: `cast(${BEGAN_AT} as bigint) + n`,
    place: text('block'),
    block_height: '100 + n / 1000',
    block_hash: hex('n / 1000'),
    acknowledged_at: `case when n % 100 > 0 then ${BEGAN_AT} end`,
    note: `case when n % 100 > 0 then 'refunded' end`,
  };
  const few = numbers(orders / 50);
  return [
    ['unassigned_payments', unassigned, few],
    ['payment_transactions', { txid: txid('b'), raw: text('00') }, few],
    ['payment_families', { payment_txid: txid('b'), member_txid: txid('b'), ordinal: 0, kept_at: BEGAN_AT }, few],
    ['payment_inputs', { member_txid: txid('b'), spent_txid: txid('c'), spent_vout: 0 }, few],
    ['chain_blocks', { height: 'n + 1', hash: hex('n') }, numbers(TIP_HEIGHT)],
    ['sandbox_blocks', { height: 'n + 1', hash: hex('n'), raw: text('00') }, numbers(500)],
  ];
}

/** An entry about each order, by one of two actors. */
function auditRows({ numbers, hex }: Words, { orders }: Sizes): Filling[] {
  const entry = {
    position: 'n + 1',
    at: `cast(${BEGAN_AT} as bigint) + cast(n as bigint) * 1000`,
    actor_kind: `case when n % 2 = 0 then 'person' else 'command' end`,
    actor_id: `case when n % 2 = 0 then '${AUDITED_PERSON}' end`,
    actor_name: `case when n % 2 = 0 then 'Ada' end`,
    action: text('order.cancel'),
    subject_kind: text('order'),
    subject_id: `${hex('n')} || '-0000-4000-8000-0000000000c1'`,
    details: text('{}'),
    hash: hex('n'),
  };
  return [
    ['audit_log', entry, numbers(orders)],
    ['audit_head', { id: 1, position: orders, hash: text('hash'), mac: text('mac') }, numbers(1)],
  ];
}

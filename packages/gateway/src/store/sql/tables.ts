/**
 * The tables, as Kysely sees them. Whole numbers come back as numbers from SQLite and as strings from PostgreSQL
 * (bigint); the row mappers in `rows.ts` are the one place that tells them apart.
 */
import type { ColumnType } from 'kysely';

/** A 64-bit integer column: milliseconds, satoshi, heights, flags. */
export type Int = ColumnType<number | string, number | bigint | string, number | bigint | string>;
export type NullableInt = ColumnType<number | string | null, number | bigint | null, number | bigint | null>;

export interface Tables {
  accounts: AccountsTable;
  derived_addresses: DerivedAddressesTable;
  logos: LogosTable;
  pos: PosTable;
  orders: OrdersTable;
  order_counts: OrderCountsTable;
  payments: PaymentsTable;
  chain_blocks: ChainBlocksTable;
  callbacks: CallbacksTable;
  callback_bodies: CallbackBodiesTable;
  callback_attempts: CallbackAttemptsTable;
  failing_endpoints: FailingEndpointsTable;
  panel_grants: PanelGrantsTable;
  event_feeds: EventFeedsTable;
  idempotency_keys: IdempotencyKeysTable;
  sandbox_blocks: SandboxBlocksTable;
  sandbox_coins: SandboxCoinsTable;
  sandbox_mempool: SandboxMempoolTable;
}

export interface AccountsTable {
  id: string;
  name: string;
  network: string;
  descriptor: string;
  next_index: Int;
  created_at: Int;
}

/** Addresses derived ahead of their use. */
export interface DerivedAddressesTable {
  account_id: string;
  address_index: Int;
  address: string;
  script: string;
}

/** Pictures of merchants; `id` is the SHA-256 of what `base64` holds. */
export interface LogosTable {
  id: string;
  media_type: string;
  base64: string;
}

export interface PosTable {
  id: string;
  name: string;
  type: string;
  account_id: string;
  currency: string;
  client_id: string;
  sealed_secret: string;
  /** Numbers `sealed_secret`; the next secret has the next number. */
  generation: Int;
  next_sealed_secret: string | null;
  rotation_started_at: NullableInt;
  callback_url: string | null;
  continue_url: string | null;
  cancel_url: string | null;
  required_confirmations: Int;
  rate_provider: string | null;
  rate_spread_bps: Int;
  support: string | null;
  accent: string | null;
  logo: string | null;
  /** With a space between two of them. */
  origins: string;
  active: Int;
  created_at: Int;
  /** Counts the changes of the row. */
  revision: Int;
}

export interface OrdersTable {
  id: string;
  pos_id: string;
  account_id: string;
  address_index: Int;
  address: string;
  script: string;
  amount_sats: Int;
  currency: string;
  fiat_minor_units: string;
  rate_source: string;
  rate_value: string;
  rate_at: Int;
  required_confirmations: Int;
  created_at: Int;
  expires_at: Int;
  settlement_timeout_ms: Int;
  chargeback_timeout_ms: Int;
  reference: string | null;
  details: string | null;
  callback_url: string | null;
  continue_url: string | null;
  cancel_url: string | null;
  status: string;
  /** The contract's word for where the order stood on the chain when it was last judged. */
  blockchain_status: string;
  covered_at: NullableInt;
  paid_at: NullableInt;
  disputed_at: NullableInt;
  ended_at: NullableInt;
  surplus_told: Int;
  /** When the clock alone will next move the order. */
  deadline_at: NullableInt;
  /** 1 while the next block may change the order. */
  watched: Int;
}

/** How many orders a POS has in a state. */
export interface OrderCountsTable {
  pos_id: string;
  blockchain_status: string;
  orders: Int;
}

export interface PaymentsTable {
  txid: string;
  vout: Int;
  order_id: string;
  amount_sats: Int;
  normalized_txid: string;
  first_seen_at: Int;
  place: string;
  block_height: NullableInt;
  block_hash: string | null;
  counted: Int;
}

export interface ChainBlocksTable {
  height: Int;
  hash: string;
}

export interface CallbacksTable {
  id: string;
  order_id: string;
  pos_id: string;
  /** Its place among the events of its order, from 0. */
  sequence: Int;
  event: string;
  url: string | null;
  /** Origin of the URL: the queue that it stands in. */
  endpoint: string | null;
  created_at: Int;
  wanted_at: Int;
  status: string;
  attempts: Int;
  /** When it may be claimed; while it is claimed, when the claim runs out; null while an earlier event of its order waits. */
  next_attempt_at: NullableInt;
  claimed_by: string | null;
  ended_at: NullableInt;
  last_error: string | null;
  /** Its place in the feed of its POS, from 1, once it has been given one. */
  feed_position: NullableInt;
}

export interface CallbackBodiesTable {
  callback_id: string;
  body: string;
}

export interface CallbackAttemptsTable {
  callback_id: string;
  started_at: Int;
  duration_ms: Int;
  http_status: NullableInt;
  said: string;
}

/** Endpoints that have failed several times in a row. */
export interface FailingEndpointsTable {
  endpoint: string;
  since: Int;
  failures: Int;
  last_error: string;
  last_at: Int;
}

export interface PanelGrantsTable {
  hash: string;
  kind: string;
  expires_at: Int;
}

/** The last place that was given in the feed of a POS. */
export interface EventFeedsTable {
  pos_id: string;
  last_position: Int;
}

export interface IdempotencyKeysTable {
  pos_id: string;
  key: string;
  request_hash: string;
  order_id: string;
  created_at: Int;
}

export interface SandboxBlocksTable {
  height: Int;
  hash: string;
  raw: string;
}

/** What the sandbox's wallet had before the first block that is kept. */
export interface SandboxCoinsTable {
  txid: string;
  vout: Int;
  amount_sats: Int;
  height: Int;
}

/** Transactions that are in no block. */
export interface SandboxMempoolTable {
  txid: string;
  raw: string;
  place: string;
  position: Int;
}

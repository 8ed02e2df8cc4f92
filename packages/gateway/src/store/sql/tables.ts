/** Kysely's types of all tables. Most are derived from the columns of their entity; the few others are written out here. */
import type { ColumnType } from 'kysely';
import type { Int, NullableInt } from './columns.ts';
import type { AuditHeadTable, AuditLogTable } from './audit/columns.ts';
import type { AccountsTable, SkippedRangesTable } from './accounts/columns.ts';
import type { CallbackAttemptsTable, CallbackBodiesTable, CallbacksTable } from './callbacks/columns.ts';
import type { FailingEndpointsTable, PausedQueuesTable } from './callbacks/endpoint-columns.ts';
import type { ChainBlocksTable, ChainRestartsTable } from './chain/columns.ts';
import type {
  InvitationsTable,
  PanelSessionsTable,
  PanelTokensTable,
  PasskeysTable,
  PasswordsTable,
  PeopleTable,
  TotpSecretsTable,
} from './people/columns.ts';
import type { UnassignedPaymentsTable } from './chain/unassigned-columns.ts';
import type { MerchantsTable } from './merchants/merchant-columns.ts';
import type { LinkOrdersTable, PaymentLinksTable } from './links/columns.ts';
import type { PosTable } from './merchants/pos-columns.ts';
import type { MessageItemsTable, MessagesTable } from './notifications/message-columns.ts';
import type { NoticesTable, NoticeStatesTable } from './notifications/notice-columns.ts';
import type { SubscriptionsTable } from './notifications/subscription-columns.ts';
import type { OrdersTable } from './orders/columns.ts';
import type { OrderNotesTable } from './orders/note-columns.ts';
import type { OrderHistoryTable } from './orders/history-columns.ts';
import type { IdempotencyKeysTable } from './orders/idempotency-columns.ts';
import type { PaymentsTable } from './orders/payment-columns.ts';
import type { RefundPayoutsTable } from './refunds/payout-columns.ts';
import type { RefundsTable } from './refunds/columns.ts';
import type { RefundRequestsTable } from './orders/refund-columns.ts';
import type { SharedRatesTable } from './rates/columns.ts';

export interface Tables {
  accounts: AccountsTable;
  derived_addresses: DerivedAddressesTable;
  skipped_ranges: SkippedRangesTable;
  unassigned_payments: UnassignedPaymentsTable;
  marks_place: MarksPlaceTable;
  logos: LogosTable;
  merchants: MerchantsTable;
  pos: PosTable;
  orders: OrdersTable;
  order_counts: OrderCountsTable;
  payments: PaymentsTable;
  payment_transactions: PaymentTransactionsTable;
  payment_families: PaymentFamiliesTable;
  payment_inputs: PaymentInputsTable;
  order_history: OrderHistoryTable;
  order_notes: OrderNotesTable;
  refund_requests: RefundRequestsTable;
  refunds: RefundsTable;
  refund_payouts: RefundPayoutsTable;
  refund_watch: RefundWatchTable;
  chain_blocks: ChainBlocksTable;
  chain_restarts: ChainRestartsTable;
  callbacks: CallbacksTable;
  callback_bodies: CallbackBodiesTable;
  callback_attempts: CallbackAttemptsTable;
  failing_endpoints: FailingEndpointsTable;
  paused_queues: PausedQueuesTable;
  delivering_processes: DeliveringProcessesTable;
  request_failures: RequestFailuresTable;
  panel_grants: PanelGrantsTable;
  people: PeopleTable;
  invitations: InvitationsTable;
  passwords: PasswordsTable;
  totp_secrets: TotpSecretsTable;
  recovery_codes: RecoveryCodesTable;
  passkeys: PasskeysTable;
  panel_sessions: PanelSessionsTable;
  used_challenges: UsedChallengesTable;
  panel_tokens: PanelTokensTable;
  event_feeds: EventFeedsTable;
  idempotency_keys: IdempotencyKeysTable;
  sandbox_blocks: SandboxBlocksTable;
  sandbox_coins: SandboxCoinsTable;
  sandbox_mempool: SandboxMempoolTable;
  gateway_versions: GatewayVersionsTable;
  leases: LeasesTable;
  shared_rates: SharedRatesTable;
  audit_log: AuditLogTable;
  audit_head: AuditHeadTable;
  payment_links: PaymentLinksTable;
  link_orders: LinkOrdersTable;
  notices: NoticesTable;
  notice_states: NoticeStatesTable;
  subscriptions: SubscriptionsTable;
  messages: MessagesTable;
  message_items: MessageItemsTable;
  seal_start: SealStartTable;
}

/** The address pool. */
interface DerivedAddressesTable {
  account_id: string;
  address_index: Int;
  address: string;
  script: string;
  seal: string | null;
}

/** At most one row. */
interface SealStartTable {
  id: Int;
  since: Int;
  seal: string;
}

/** One row for each lease. Times are milliseconds by the clock of the database. */
interface LeasesTable {
  name: string;
  holder: string | null;
  term: Int;
  expires_at: Int;
  status: string | null;
  status_at: Int;
}

/** At most one row. */
interface MarksPlaceTable {
  id: Int;
  path: string;
  missing_at: NullableInt;
}

/** The logos of merchants. `id` is the SHA-256 of the image. */
interface LogosTable {
  id: string;
  media_type: string;
  base64: string;
}

/** The number of orders of a POS by status. */
interface OrderCountsTable {
  pos_id: string;
  blockchain_status: string;
  orders: Int;
}

/** The transactions of payments that are not buried yet, and their unconfirmed ancestors. */
interface PaymentTransactionsTable {
  txid: string;
  /** The serialised transaction in hex. */
  raw: string;
}

/** The members of families: a payment's transaction and its unconfirmed ancestors. */
interface PaymentFamiliesTable {
  payment_txid: string;
  member_txid: string;
  /** Position in the family, parents before children. */
  ordinal: Int;
  kept_at: Int;
}

/** The outputs that these transactions spend. */
interface PaymentInputsTable {
  member_txid: string;
  spent_txid: string;
  spent_vout: Int;
}

/** `seen_at` is by the clock of the database. */
interface DeliveringProcessesTable {
  claimant: string;
  seen_at: Int;
}

/** `key` is a hash. `full_at` is when its bucket is full again, by the clock of the database. */
interface RequestFailuresTable {
  key: string;
  full_at: Int;
}

interface PanelGrantsTable {
  hash: string;
  kind: string;
  expires_at: Int;
}

interface RecoveryCodesTable {
  person_id: string;
  hash: string;
}

interface UsedChallengesTable {
  hash: string;
  expires_at: Int;
}

/** The event feed of a POS. */
interface EventFeedsTable {
  pos_id: string;
  /** The last assigned position. */
  last_position: Int;
  /** The position of the last event that was pruned; 0 if none was. */
  pruned_position: ColumnType<number | string, number | undefined, number>;
  pruned_id: string | null;
}

interface SandboxBlocksTable {
  height: Int;
  hash: string;
  raw: string;
}

/** The coins of the sandbox's wallet from before the first stored block. */
interface SandboxCoinsTable {
  txid: string;
  vout: Int;
  amount_sats: Int;
  height: Int;
}

/** The sandbox's transactions that are in no block. */
interface SandboxMempoolTable {
  txid: string;
  raw: string;
  place: string;
  position: Int;
}

interface GatewayVersionsTable {
  version: string;
  first_at: Int;
}

/** One row: the position of the last refund that was approved, to find those approved since. */
interface RefundWatchTable {
  id: Int;
  position: Int;
}

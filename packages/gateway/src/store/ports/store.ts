/**
 * The store's ports: what the services need of it, one port per file. One implementation serves every database, and the same tests run
 * on each. All writes that belong together go through one transaction.
 */
import type { EpochMs } from '../../kernel/clock.ts';
import type { SandboxStore } from '../../chain/sandbox/store.ts';
import type { LoopLog } from '../../kernel/task-loop.ts';
import type { AccountStore } from './account-store.ts';
import type { AuditStore } from './audit-store.ts';
import type { AddressStore } from './address-store.ts';
import type { CachedReads } from './cached-reads.ts';
import type { CallbackStore } from './callback-store.ts';
import type { ChainStore } from './chain-store.ts';
import type { FailureStore } from './shared/failure-store.ts';
import type { DeliveryPeerStore } from './shared/delivery-peer-store.ts';
import type { EndpointStore } from './endpoint-store.ts';
import type { ErasureStore } from './erasure-store.ts';
import type { IdempotencyStore } from './idempotency-store.ts';
import type { LeaseStore } from './leader/lease-store.ts';
import type { LinkStore } from './links/link-store.ts';
import type { LogoStore } from './logo-store.ts';
import type { MerchantStore } from './merchants/merchant-store.ts';
import type { MarksPlaceStore } from './marks-place-store.ts';
import type { OrderHistoryStore } from './orders/order-history-store.ts';
import type { SalesStore } from './reports/sales-store.ts';
import type { OrderNoteStore } from './orders/order-note-store.ts';
import type { OrderStore } from './order-store.ts';
import type { MessageStore } from './notifications/message-store.ts';
import type { NoticeStore } from './notifications/notice-store.ts';
import type { Notifications } from './notifications.ts';
import type { PanelStore } from './panel-store.ts';
import type { PaymentTransactionStore } from './payment-transaction-store.ts';
import type { PosStore } from './pos-store.ts';
import type { CredentialStore, PasskeyStore } from './people/credential-store.ts';
import type { PanelTokenStore } from './people/panel-token-store.ts';
import type { InvitationStore, PersonStore } from './people/person-store.ts';
import type { ChallengeStore, SessionStore } from './people/session-store.ts';
import type { PosWatch } from './pos-watch.ts';
import type { ReadyIndexStore } from './leader/ready-index-store.ts';
import type { ReportStore } from './reports/report-store.ts';
import type { SharedRates } from './shared/shared-rates.ts';
import type { SubscriptionStore } from './notifications/subscription-store.ts';
import type { WorkStore } from './shared/work-store.ts';
import type { SealStartStore } from './seals/seal-start-store.ts';
import type { PayoutStore } from './refunds/payout-store.ts';
import type { RefundStore } from './refunds/refund-store.ts';
import type { RefundRequestStore } from './refunds/refund-request-store.ts';
import type { StoreStats } from './store-stats.ts';
import type { UnassignedStore } from './unassigned-store.ts';

/** An open, migrated database. */
export interface Store extends StoreReads {
  readonly cached: CachedReads;
  /** Watches for changes of POS, by this process or by others on the same database. */
  watchPos(): Promise<PosWatch>;
  /** Opens the notifications between the processes on this database; undefined on SQLite, which only one process serves. */
  openNotifications(log: LoopLog): Notifications | undefined;
  /**
   * Counts the commits of other processes, which notify nobody of them; undefined on PostgreSQL, where notifications do that. Counting
   * takes microseconds.
   */
  readonly commitsOfOthers: (() => number) | undefined;
  /**
   * Resolves with a message when the disk has refused what was committed, so that nothing that is read or written can be relied on: this
   * process must stop, and another one reads from the disk what is stored. Undefined on PostgreSQL, whose server does so itself.
   */
  readonly lost: Promise<string> | undefined;
  /** Returns the time by the clock of the database. */
  time(): Promise<EpochMs>;
  /** Runs `work` in a transaction, which is committed when it resolves and rolled back when it throws. */
  transaction<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T>;
  /** Counts orders, payments and callbacks by status, each count up to a bound. */
  stats(bound: number): Promise<StoreStats>;
  /** Returns the differences between the tables and the expected schema, a phrase for each; empty if they agree. */
  schemaFaults(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** The ports of all entities. */
export interface StoreReads {
  readonly accounts: AccountStore;
  readonly addresses: AddressStore;
  readonly readyIndexes: ReadyIndexStore;
  readonly marksPlace: MarksPlaceStore;
  readonly logos: LogoStore;
  readonly merchants: MerchantStore;
  readonly pos: PosStore;
  readonly orders: OrderStore;
  readonly unassigned: UnassignedStore;
  readonly transactions: PaymentTransactionStore;
  readonly history: OrderHistoryStore;
  readonly notes: OrderNoteStore;
  readonly sales: SalesStore;
  readonly refundRequests: RefundRequestStore;
  readonly refunds: RefundStore;
  readonly payouts: PayoutStore;
  readonly chain: ChainStore;
  readonly callbacks: CallbackStore;
  readonly endpoints: EndpointStore;
  readonly deliveryPeers: DeliveryPeerStore;
  readonly failures: FailureStore;
  readonly panel: PanelStore;
  readonly idempotency: IdempotencyStore;
  readonly erasure: ErasureStore;
  readonly lease: LeaseStore;
  readonly rates: SharedRates;
  readonly audit: AuditStore;
  readonly links: LinkStore;
  readonly notices: NoticeStore;
  readonly subscriptions: SubscriptionStore;
  readonly messages: MessageStore;
  readonly reports: ReportStore;
  readonly people: PersonStore;
  readonly invitations: InvitationStore;
  readonly credentials: CredentialStore;
  readonly passkeys: PasskeyStore;
  readonly sessions: SessionStore;
  readonly challenges: ChallengeStore;
  readonly panelTokens: PanelTokenStore;
  readonly work: WorkStore;
  readonly sealStart: SealStartStore;
}

/** The ports inside a transaction, and the storage of the sandbox chain, which is written in the same transaction. */
export interface StoreTransaction extends StoreReads {
  readonly sandbox: Pick<SandboxStore, 'save'>;
}

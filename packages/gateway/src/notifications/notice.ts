/**
 * A notice: something that has happened and that people may want to know. It is stored in the transaction of what it reports. It names
 * orders, accounts and people by their ids: what else a message shows of them is read when it is written, so that what has been erased
 * meanwhile is not sent.
 */
import type { EpochMs } from '../kernel/clock.ts';
import type { AccountId, OrderId, PersonId, PosId } from '../kernel/ids.ts';

export interface Notice {
  /** Unique. Storing a notice again under the same id does nothing. */
  readonly id: string;
  readonly at: EpochMs;
  /** Null if it is about no POS. */
  readonly posId: PosId | null;
  /** Null if it is about no person. */
  readonly personId: PersonId | null;
  readonly facts: NoticeFacts;
}

/** What happened. Only values that JSON can hold; amounts are whole satoshi in decimal digits. */
export type NoticeFacts =
  | { readonly kind: 'order.paid'; readonly orderId: OrderId; readonly sats: string }
  | { readonly kind: 'order.attention'; readonly orderId: OrderId; readonly reason: AttentionReason; readonly sats: string }
  | { readonly kind: 'payment.unassigned'; readonly accountId: AccountId; readonly txid: string; readonly sats: string }
  | { readonly kind: 'refund.requested'; readonly orderId: OrderId }
  | {
      readonly kind: 'endpoint.failing';
      readonly state: 'failing' | 'recovered';
      /** Scheme, host and port. */
      readonly endpoint: string;
      readonly since: EpochMs;
      /** The last failure; null if the endpoint works again. */
      readonly error: string | null;
    }
  | { readonly kind: 'chain.trouble'; readonly state: 'troubled'; readonly since: EpochMs; readonly trouble: string }
  | { readonly kind: 'chain.trouble'; readonly state: 'recovered'; readonly since: EpochMs }
  | { readonly kind: 'chain.trouble'; readonly state: 'reorganised'; readonly blocks: number; readonly height: number }
  /** `row` names what was changed, such as `accounts 3f8b2c1e`. */
  | { readonly kind: 'seal.broken'; readonly row: string }
  | { readonly kind: 'sign_in.new_device'; readonly name: string; readonly device: string }
  | {
      readonly kind: 'people.changed';
      readonly change: 'added' | 'changed' | 'removed';
      readonly name: string;
      /** Who did it. */
      readonly by: string;
    };

/** Why an order needs attention. */
export type AttentionReason = 'late' | 'partial' | 'surplus' | 'disputed' | 'charged_back';

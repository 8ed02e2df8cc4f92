/** What happened to an order, from its creation on: its states, its payments, attempts to deliver its callbacks, and what people did. */
import type { AttemptRecord, ListedCallback } from '../../callbacks/callback.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { Sats } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import type { Actor } from '../../people/actor.ts';
import type { AuditEntry } from '../../store/ports/audit-store.ts';
import type { HistoryEntry } from '../../store/ports/orders/order-history-store.ts';
import type { OrderNote } from '../../store/ports/orders/order-note-store.ts';
import type { RequestOfBuyer } from '../../refunds/request-of-buyer.ts';

export type TimelineEntry = { readonly at: EpochMs } & TimelineEvent;

export type TimelineEvent =
  | { readonly kind: 'created' | 'covered' | 'paid' | 'disputed' | 'charged_back' | 'expired' | 'cancelled' }
  | { readonly kind: 'seen'; readonly amount: Sats; readonly txid: string }
  /** Somebody settled or refused the order manually. */
  | { readonly kind: 'decided'; readonly action: 'settle' | 'refuse'; readonly by: string; readonly reason: string }
  | { readonly kind: 'attempt'; readonly event: string; readonly status: number | null; readonly durationMs: number }
  | { readonly kind: 'note'; readonly by: string; readonly text: string }
  | { readonly kind: 'refund_requested'; readonly address: string; readonly isVerified: boolean }
  /** An action of the audit log, such as `order.cancel`. */
  | { readonly kind: 'action'; readonly action: string; readonly by: Actor };

export interface TimelineSources {
  readonly order: Order;
  readonly callbacks: readonly { readonly callback: ListedCallback; readonly attempts: readonly AttemptRecord[] }[];
  readonly history: readonly HistoryEntry[];
  readonly notes: readonly OrderNote[];
  readonly actions: readonly AuditEntry[];
  readonly refundRequest: RequestOfBuyer | undefined;
}

/** These are in the timeline with their texts already, which the audit log does not have. */
const SHOWN_OTHERWISE = new Set(['order.settle', 'order.refuse', 'order.note']);

/** @returns the oldest first. */
export function orderTimeline({ order, callbacks, history, notes, actions, refundRequest }: TimelineSources): TimelineEntry[] {
  const entries: TimelineEntry[] = [
    ...statesOf(order),
    ...order.payments.map(({ amount, outPoint: { txid }, firstSeenAt: at }) => ({ kind: 'seen', at, amount, txid }) as const),
    ...callbacks.flatMap(({ callback: { event }, attempts }) =>
      attempts.map(({ startedAt: at, status, durationMs }) => ({ kind: 'attempt', at, event, status, durationMs }) as const),
    ),
    ...history.map(({ at, action, actor: by, reason }) => ({ kind: 'decided', at, action, by, reason }) as const),
    ...notes.map(({ at, author: by, text }) => ({ kind: 'note', at, by, text }) as const),
    ...actions
      .filter(({ action }) => !SHOWN_OTHERWISE.has(action))
      .map(({ at, action, actor: by }) => ({ kind: 'action', at, action, by }) as const),
  ];
  if (refundRequest !== undefined) {
    const { requestedAt: at, address, isVerified } = refundRequest;
    entries.push({ kind: 'refund_requested', at, address, isVerified });
  }
  // Stable: what happened at the same time stays in this sequence.
  return entries.sort((a, b) => a.at - b.at);
}

function statesOf({ terms, state }: Order): TimelineEntry[] {
  const entries: TimelineEntry[] = [{ kind: 'created', at: terms.createdAt }];
  const add = (kind: 'covered' | 'paid' | 'disputed' | 'charged_back' | 'expired' | 'cancelled', at: EpochMs): void =>
    void entries.push({ kind, at });
  if ('coveredAt' in state && state.coveredAt !== null) add('covered', state.coveredAt);
  if ('paidAt' in state) add('paid', state.paidAt);
  if ('disputedAt' in state) add('disputed', state.disputedAt);
  if (state.status === 'charged_back') add('charged_back', state.chargedBackAt);
  if (state.status === 'expired') add('expired', state.expiredAt);
  if (state.status === 'cancelled') add('cancelled', state.cancelledAt);
  return entries;
}

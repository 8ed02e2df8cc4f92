/** The columns of `orders`. */
import type { BlockchainStatus } from '@webpos/sdk/wire';
import type { ScriptHex } from '../../../kernel/chain.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { AccountId, OrderId, PosId } from '../../../kernel/ids.ts';
import type { Sats } from '../../../kernel/sats.ts';
import type { CurrencyCode } from '../../../orders/currency.ts';
import type { Order, OrderState } from '../../../orders/order.ts';
import { acceptedManually } from '../../../orders/rules.ts';
import type { OrderSchedule } from '../../ports/order-store.ts';
import type { TableOf } from '../columns.ts';

/** An order to store, with its schedule and without its payments. */
export interface JudgedOrder extends Omit<Order, 'payments'> {
  readonly schedule: OrderSchedule;
}

export const orderColumns = {
  id: { kind: 'text', of: ({ terms }: JudgedOrder): OrderId => terms.id },
  pos_id: { kind: 'text', of: ({ terms }: JudgedOrder): PosId => terms.posId },
  account_id: { kind: 'text', of: ({ terms }: JudgedOrder): AccountId => terms.accountId },
  address_index: { kind: 'integer', of: ({ terms }: JudgedOrder): number => terms.addressIndex },
  address: { kind: 'text', of: ({ terms }: JudgedOrder): string => terms.address },
  script: { kind: 'text', of: ({ terms }: JudgedOrder): ScriptHex => terms.script },
  address_seal: { kind: 'textOrNull', of: ({ terms }: JudgedOrder): string | null => terms.addressSeal },
  amount_sats: { kind: 'sats', of: ({ terms }: JudgedOrder): Sats => terms.amount },
  tolerance_sats: { kind: 'sats', of: ({ terms }: JudgedOrder): Sats => terms.tolerance },
  currency: { kind: 'text', of: ({ terms }: JudgedOrder): CurrencyCode => terms.fiat.currency },
  fiat_minor_units: { kind: 'digits', of: ({ terms }: JudgedOrder): bigint => terms.fiat.minorUnits },
  rate_source: { kind: 'text', of: ({ terms }: JudgedOrder): string => terms.rate.source },
  rate_value: { kind: 'text', of: ({ terms }: JudgedOrder): string => terms.rate.value },
  rate_at: { kind: 'time', of: ({ terms }: JudgedOrder): EpochMs => terms.rate.at },
  required_confirmations: { kind: 'integer', of: ({ terms }: JudgedOrder): number => terms.requiredConfirmations },
  created_at: { kind: 'time', of: ({ terms }: JudgedOrder): EpochMs => terms.createdAt },
  expires_at: { kind: 'time', of: ({ terms }: JudgedOrder): EpochMs => terms.expiresAt },
  settlement_timeout_ms: { kind: 'integer', of: ({ terms }: JudgedOrder): number => terms.settlementTimeoutMs },
  chargeback_timeout_ms: { kind: 'integer', of: ({ terms }: JudgedOrder): number => terms.chargebackTimeoutMs },
  reference: { kind: 'textOrNull', of: ({ terms }: JudgedOrder): string | null => terms.reference },
  details: { kind: 'textOrNull', of: ({ terms }: JudgedOrder): string | null => terms.details },
  callback_url: { kind: 'textOrNull', of: ({ terms }: JudgedOrder): string | null => terms.callbackUrl },
  continue_url: { kind: 'textOrNull', of: ({ terms }: JudgedOrder): string | null => terms.continueUrl },
  cancel_url: { kind: 'textOrNull', of: ({ terms }: JudgedOrder): string | null => terms.cancelUrl },

  status: { kind: 'text', of: ({ state }: JudgedOrder): OrderState['status'] => state.status },
  /** The `blockchain_status` of the API when the order was last judged. */
  blockchain_status: { kind: 'text', of: ({ schedule }: JudgedOrder): BlockchainStatus => schedule.blockchainStatus },
  covered_at: {
    kind: 'timeOrNull',
    of: ({ state }: JudgedOrder): EpochMs | null => ('coveredAt' in state ? state.coveredAt : null),
  },
  paid_at: { kind: 'timeOrNull', of: ({ state }: JudgedOrder): EpochMs | null => ('paidAt' in state ? state.paidAt : null) },
  disputed_at: {
    kind: 'timeOrNull',
    of: ({ state }: JudgedOrder): EpochMs | null => ('disputedAt' in state ? state.disputedAt : null),
  },
  /** When it reached its final state; null before that. */
  ended_at: { kind: 'timeOrNull', of: ({ state }: JudgedOrder): EpochMs | null => endOf(state) },
  surplus_reported: { kind: 'sats', of: ({ surplusReported }: JudgedOrder): Sats => surplusReported },
  /** What was seen and confirmed when the order was settled manually; null if it was not. */
  accepted_seen: { kind: 'satsOrNull', of: ({ state }: JudgedOrder): Sats | null => acceptedManually(state)?.seen ?? null },
  accepted_deep: { kind: 'satsOrNull', of: ({ state }: JudgedOrder): Sats | null => acceptedManually(state)?.confirmed ?? null },
  /** What had been seen when the order was refused manually. */
  handled_sats: { kind: 'sats', of: ({ handled }: JudgedOrder): Sats => handled },
  needs_attention: { kind: 'flag', of: ({ schedule }: JudgedOrder): boolean => schedule.needsAttention },
  /** When the clock alone may next change the order. */
  deadline_at: { kind: 'timeOrNull', of: ({ schedule }: JudgedOrder): EpochMs | null => schedule.deadline ?? null },
  /** Whether a payment is not buried yet. */
  watched: { kind: 'flag', of: ({ schedule }: JudgedOrder): boolean => schedule.watched },
  /** The lowest height of the tip at which the order is judged; 0 for the next tip. */
  judge_at_height: { kind: 'integerOrNull', of: ({ schedule }: JudgedOrder): number | null => schedule.judgeAtHeight ?? null },
} as const;

export type OrdersTable = TableOf<typeof orderColumns>;

function endOf(state: OrderState): EpochMs | null {
  switch (state.status) {
    case 'pending':
    case 'paid':
    case 'disputed':
      return null;
    case 'charged_back':
      return state.chargedBackAt;
    case 'expired':
      return state.expiredAt;
    case 'cancelled':
      return state.cancelledAt;
  }
}

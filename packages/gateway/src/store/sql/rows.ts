/** Rows to values and back: the one place that knows how each database answers whole numbers. */
import type { Insertable, Selectable } from 'kysely';
import type { CallbackEvent } from '@webpos/sdk/wire';
import type { Delivery, StoredCallback } from '../../callbacks/callback.ts';
import type { BlockHash, BlockRef, Network, ScriptHex, Txid } from '../../kernel/chain.ts';
import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import type { AccountId, CallbackId, OrderId, PosId } from '../../kernel/ids.ts';
import { sats, type Sats } from '../../kernel/sats.ts';
import type { Account } from '../../orders/account.ts';
import { parseCurrency } from '../../orders/currency.ts';
import type { LogoId } from '../../orders/logo-image.ts';
import type { Order, OrderState, OrderTerms, Payment, PaymentPlace } from '../../orders/order.ts';
import type { Pos } from '../../orders/pos.ts';
import type {
  AccountsTable,
  CallbackBodiesTable,
  CallbacksTable,
  ChainBlocksTable,
  OrdersTable,
  PaymentsTable,
  PosTable,
} from './tables.ts';

/** A stored state that no version of ours has written: the database was changed by hand, or is broken. */
export class CorruptRowError extends Error {
  override readonly name = 'CorruptRowError';
}

const time = (value: number | string): EpochMs => epochMs(Number(value));
const amount = (value: number | string): Sats => sats(BigInt(value));

export function accountFrom(row: Selectable<AccountsTable>): Account {
  return {
    id: row.id as AccountId,
    name: row.name,
    network: row.network as Network,
    descriptor: row.descriptor,
    nextIndex: Number(row.next_index),
    createdAt: time(row.created_at),
  };
}

export function posFrom(row: Selectable<PosTable>): Pos {
  return {
    id: row.id as PosId,
    name: row.name,
    type: row.type as Pos['type'],
    accountId: row.account_id as AccountId,
    currency: parseCurrency(row.currency),
    clientId: row.client_id,
    sealedSecret: row.sealed_secret,
    generation: Number(row.generation),
    rotation: rotationFrom(row),
    defaults: {
      callbackUrl: row.callback_url,
      continueUrl: row.continue_url,
      cancelUrl: row.cancel_url,
      requiredConfirmations: Number(row.required_confirmations),
    },
    rates: { provider: row.rate_provider, spreadBps: Number(row.rate_spread_bps) },
    look: {
      support: row.support,
      accent: row.accent,
      logo: row.logo as LogoId | null,
      origins: row.origins === '' ? [] : row.origins.split(' '),
    },
    active: Number(row.active) === 1,
    createdAt: time(row.created_at),
  };
}

function rotationFrom(row: Selectable<PosTable>): Pos['rotation'] {
  if (row.next_sealed_secret === null) return null;
  if (row.rotation_started_at === null) throw new CorruptRowError(`POS ${row.id}: a second secret without the time of it`);
  return { sealedSecret: row.next_sealed_secret, startedAt: time(row.rotation_started_at) };
}

/** The columns of what a POS may do. */
export function accessColumns(
  pos: Pos,
): Pick<Insertable<PosTable>, 'sealed_secret' | 'generation' | 'next_sealed_secret' | 'rotation_started_at' | 'active'> {
  return {
    sealed_secret: pos.sealedSecret,
    generation: pos.generation,
    next_sealed_secret: pos.rotation?.sealedSecret ?? null,
    rotation_started_at: pos.rotation?.startedAt ?? null,
    active: pos.active ? 1 : 0,
  };
}

/** The columns of how a POS looks. */
export function lookColumns({ look }: Pos): Pick<Insertable<PosTable>, 'support' | 'accent' | 'logo' | 'origins'> {
  // An origin holds no space.
  return { support: look.support, accent: look.accent, logo: look.logo, origins: look.origins.join(' ') };
}

export function orderFrom(row: Selectable<OrdersTable>, payments: readonly Selectable<PaymentsTable>[]): Order {
  return {
    terms: termsFrom(row),
    state: stateFrom(row),
    payments: payments.map(paymentFrom),
    surplusTold: amount(row.surplus_told),
  };
}

function termsFrom(row: Selectable<OrdersTable>): OrderTerms {
  return {
    id: row.id as OrderId,
    posId: row.pos_id as PosId,
    accountId: row.account_id as AccountId,
    addressIndex: Number(row.address_index),
    address: row.address,
    script: row.script as ScriptHex,
    amount: amount(row.amount_sats),
    fiat: { currency: parseCurrency(row.currency), minorUnits: BigInt(row.fiat_minor_units) },
    rate: { source: row.rate_source, value: row.rate_value, at: time(row.rate_at) },
    requiredConfirmations: Number(row.required_confirmations),
    createdAt: time(row.created_at),
    expiresAt: time(row.expires_at),
    settlementTimeoutMs: Number(row.settlement_timeout_ms),
    chargebackTimeoutMs: Number(row.chargeback_timeout_ms),
    reference: row.reference,
    details: row.details,
    callbackUrl: row.callback_url,
    continueUrl: row.continue_url,
    cancelUrl: row.cancel_url,
  };
}

function stateFrom(row: Selectable<OrdersTable>): OrderState {
  const at = (column: 'paid_at' | 'disputed_at' | 'ended_at'): EpochMs => {
    const value = row[column];
    if (value === null) throw new CorruptRowError(`order ${row.id}: status ${row.status} needs ${column}, which is null`);
    return time(value);
  };
  switch (row.status) {
    case 'pending':
      return { status: 'pending', coveredAt: row.covered_at === null ? null : time(row.covered_at) };
    case 'paid':
      return { status: 'paid', paidAt: at('paid_at') };
    case 'disputed':
      return { status: 'disputed', paidAt: at('paid_at'), disputedAt: at('disputed_at') };
    case 'charged_back':
      return { status: 'charged_back', paidAt: at('paid_at'), disputedAt: at('disputed_at'), chargedBackAt: at('ended_at') };
    case 'expired':
      return { status: 'expired', expiredAt: at('ended_at') };
    case 'cancelled':
      return { status: 'cancelled', cancelledAt: at('ended_at') };
    default:
      throw new CorruptRowError(`order ${row.id}: the status ${JSON.stringify(row.status)} is none of ours`);
  }
}

/** The columns of a state; those that it does not have are null. */
export function stateColumns(
  state: OrderState,
): Record<'covered_at' | 'paid_at' | 'disputed_at' | 'ended_at', number | null> & { status: string } {
  const none = { covered_at: null, paid_at: null, disputed_at: null, ended_at: null };
  switch (state.status) {
    case 'pending':
      return { ...none, status: state.status, covered_at: state.coveredAt };
    case 'paid':
      return { ...none, status: state.status, paid_at: state.paidAt };
    case 'disputed':
      return { ...none, status: state.status, paid_at: state.paidAt, disputed_at: state.disputedAt };
    case 'charged_back':
      return {
        ...none,
        status: state.status,
        paid_at: state.paidAt,
        disputed_at: state.disputedAt,
        ended_at: state.chargedBackAt,
      };
    case 'expired':
      return { ...none, status: state.status, ended_at: state.expiredAt };
    case 'cancelled':
      return { ...none, status: state.status, ended_at: state.cancelledAt };
  }
}

function paymentFrom(row: Selectable<PaymentsTable>): Payment {
  return {
    outPoint: { txid: row.txid as Txid, vout: Number(row.vout) },
    amount: amount(row.amount_sats),
    normalizedTxid: row.normalized_txid as Txid,
    firstSeenAt: time(row.first_seen_at),
    place: placeFrom(row),
    counted: Number(row.counted) === 1,
  };
}

function placeFrom(row: Selectable<PaymentsTable>): PaymentPlace {
  if (row.place === 'mempool' || row.place === 'gone') return { kind: row.place };
  if (row.place === 'block' && row.block_height !== null && row.block_hash !== null) {
    return { kind: 'block', height: Number(row.block_height), hash: row.block_hash as BlockHash };
  }
  throw new CorruptRowError(`payment ${row.txid}:${row.vout}: the place ${JSON.stringify(row.place)} is none of ours`);
}

export function placeColumns(place: PaymentPlace): { place: string; block_height: number | null; block_hash: string | null } {
  if (place.kind === 'block') return { place: place.kind, block_height: place.height, block_hash: place.hash };
  return { place: place.kind, block_height: null, block_hash: null };
}

export function blockFrom(row: Selectable<ChainBlocksTable>): BlockRef {
  return { height: Number(row.height), hash: row.hash as BlockHash };
}

/** A callback with its body, which has a table of its own. */
export type CallbackRow = Selectable<CallbacksTable> & Pick<Selectable<CallbackBodiesTable>, 'body'>;

export function callbackFrom(row: CallbackRow): StoredCallback {
  return {
    id: row.id as CallbackId,
    orderId: row.order_id as OrderId,
    posId: row.pos_id as PosId,
    sequence: Number(row.sequence),
    event: row.event as CallbackEvent,
    url: row.url,
    body: row.body,
    createdAt: time(row.created_at),
    wantedAt: time(row.wanted_at),
    attempts: Number(row.attempts),
    delivery: deliveryFrom(row),
  };
}

function deliveryFrom(row: Selectable<CallbacksTable>): Delivery {
  if (row.status === 'not_wanted') return { status: 'not_wanted' };
  if (row.status === 'waiting') {
    const nextAttemptAt = row.next_attempt_at === null ? null : time(row.next_attempt_at);
    return { status: 'waiting', nextAttemptAt, lastError: row.last_error };
  }
  if (row.status === 'delivered' && row.ended_at !== null) return { status: 'delivered', at: time(row.ended_at) };
  if (row.status === 'failed' && row.ended_at !== null)
    return { status: 'failed', at: time(row.ended_at), lastError: row.last_error };
  throw new CorruptRowError(`callback ${row.id}: the status ${JSON.stringify(row.status)} is none of ours`);
}

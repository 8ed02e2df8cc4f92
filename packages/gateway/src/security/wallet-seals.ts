/**
 * The seals of rows that decide where money goes: HMAC-SHA256 with a key of the key file, cut to 96 bits. A seal covers everything in
 * its row that matters and the row's own identity, so that it is worth nothing on another row. An attacker who can write to the
 * database, but does not have the key file, cannot make one.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Network } from '../kernel/chain.ts';
import type { AccountId, OrderId, PosId, RefundId } from '../kernel/ids.ts';

export interface SealedAccount {
  readonly id: AccountId;
  readonly name: string;
  readonly network: Network;
  readonly descriptor: string;
}

export interface SealedAddress {
  readonly accountId: AccountId;
  readonly index: number;
  readonly address: string;
  readonly script: string;
}

/** What decides where a refund goes, and how much of it. */
export interface SealedRefund {
  readonly id: RefundId;
  readonly orderId: OrderId;
  readonly posId: PosId;
  readonly address: string;
  readonly stage: 'requested' | 'approved' | 'closed';
  /** Those of its approval; null before that. */
  readonly script: string | null;
  readonly satoshi: string | null;
}

/** In characters of base64url: 96 bits, which cannot be guessed. */
const SEAL_LENGTH = 16;

export class WalletSeals {
  readonly #key: Uint8Array;

  /** @param key `GatewayKeys.wallet`. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  ofAccount({ id, name, network, descriptor }: SealedAccount): string {
    return this.#mac(['account', id, name, network, descriptor]);
  }

  /** Seals which account the orders of a POS are paid to. */
  ofBinding(posId: PosId, accountId: AccountId): string {
    return this.#mac(['binding', posId, accountId]);
  }

  ofAddress({ accountId, index, address, script }: SealedAddress): string {
    return this.#mac(['address', accountId, index, address, script]);
  }

  /** Seals the address of an order, and the POS that the order belongs to. */
  ofOrder(orderId: OrderId, posId: PosId, { accountId, index, address, script }: SealedAddress): string {
    return this.#mac(['order', orderId, posId, accountId, index, address, script]);
  }

  ofRefund({ id, orderId, posId, address, stage, script, satoshi }: SealedRefund): string {
    return this.#mac(['refund', id, orderId, posId, address, stage, script, satoshi]);
  }

  /** Seals since when every row must have a seal. */
  ofStart(since: number): string {
    return this.#mac(['start', since]);
  }

  /** Seals what a form carries from one step to the next. */
  ofForm(...values: readonly (string | number)[]): string {
    return this.#mac(['form', ...values]);
  }

  #mac(values: readonly (string | number | null)[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(values)).digest('base64url').slice(0, SEAL_LENGTH);
  }
}

/** Compares two seals in constant time. */
export function isSeal(actual: string | null, expected: string): boolean {
  if (actual?.length !== expected.length) return false;
  return timingSafeEqual(Buffer.from(actual, 'latin1'), Buffer.from(expected, 'latin1'));
}

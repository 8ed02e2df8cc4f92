/**
 * Guards every address that is handed out. The rows that lead to it must be sealed with the key file: the account, the account of the
 * POS, the derived address, and the address of an order that exists. What an attacker with access to the database changes is noticed
 * before the address is shown. Then nothing is sold: for the account, if it or one of its addresses is broken, or for the POS, until the
 * row is right again.
 *
 * A seal that was verified counts until the row changes: it is remembered for the object, or for all values that it covers.
 */
import type { Clock, EpochMs } from '../../kernel/clock.ts';
import { plusMs } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { timeOfUuid } from '../../kernel/ordered-uuid.ts';
import type { ContractError } from '../../contract/contract-error.ts';
import type { FixedAccount } from '../../merchants/account.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { OrderAddress } from '../../orders/order.ts';
import type { Refund } from '../../refunds/refund.ts';
import { isSeal, type WalletSeals } from '../../security/wallet-seals.ts';
import type { PooledAddress } from '../../store/ports/address-store.ts';
import { isAddressIndex, type ReceiveAddress } from '../../wallet/account-wallet.ts';
import { accountWallet } from '../merchants/account-wallet.ts';
import { UnverifiedError } from './unverified-error.ts';
import { describeBroken, rowFields, type BrokenRow, type SealedRow, type SealFault } from './broken-row.ts';
import { sealOfRefund } from './seal-of-refund.ts';

export interface SealGuardOptions {
  readonly seals: WalletSeals;
  readonly clock: Clock;
  /** Since when every account and every binding must have a seal. */
  readonly since: EpochMs;
  readonly log: { error(fields: Record<string, unknown>, message: string): void };
  /** Called when a row is found broken for the first time. */
  readonly found?: (row: BrokenRow) => void;
}

/**
 * For how long after `since` an order without a seal is accepted, if its address can be derived: while an old version serves the database
 * beside this one, its orders have none.
 */
const UNSEALED_ORDERS_MS = 7 * DAY_MS;
/** More are only counted as this many. */
const MAX_BROKEN = 1_000;

/** Which of a page of derived addresses may be handed out. */
export interface CheckedAddresses {
  readonly sound: readonly PooledAddress[];
  /** They have no seal yet: derive them again before they are used. */
  readonly unsealed: readonly PooledAddress[];
}

export class SealGuard {
  readonly seals: WalletSeals;
  readonly #options: SealGuardOptions;
  /** Objects whose seal was verified. */
  readonly #sound = new WeakSet<object>();
  readonly #broken = new Map<string, BrokenRow>();

  constructor(options: SealGuardOptions) {
    this.seals = options.seals;
    this.#options = options;
  }

  /** The broken rows that are known. */
  get broken(): readonly BrokenRow[] {
    return [...this.#broken.values()];
  }

  /** The number of broken rows that are known. */
  get count(): number {
    return this.#broken.size;
  }

  /** Returns the error for a client whose order cannot be created because a row of the account is broken. */
  refusal(id: AccountId): ContractError | undefined {
    if (this.#broken.size === 0) return undefined;
    const stops = (row: BrokenRow): boolean =>
      (row.kind === 'account' && row.id === id) || (row.kind === 'address' && row.accountId === id);
    return this.broken.some(stops) ? new UnverifiedError() : undefined;
  }

  isSoundAccount(account: FixedAccount): boolean {
    return this.#verify(account, { kind: 'account', id: account.id }, account.seal, () => this.seals.ofAccount(account));
  }

  /** Whether the account of a POS is the one that it was bound to. */
  isSoundPos(pos: Pick<Pos, 'id' | 'accountId' | 'accountSeal'>): boolean {
    return this.#verify(pos, { kind: 'pos', id: pos.id, accountId: pos.accountId }, pos.accountSeal, () =>
      this.seals.ofBinding(pos.id, pos.accountId),
    );
  }

  checkAddresses(accountId: AccountId, stored: readonly PooledAddress[]): CheckedAddresses {
    const unsealed = stored.filter(({ seal }) => seal === null);
    const sound = stored.filter(
      (row) =>
        row.seal !== null &&
        this.#verify(row, { kind: 'address', index: row.index, accountId }, row.seal, () =>
          this.seals.ofAddress({ accountId, ...row }),
        ),
    );
    return { sound, unsealed };
  }

  /** Seals addresses that were derived from an account, if the account itself is sound: otherwise they are anybody's. */
  sealed(account: FixedAccount, derived: readonly ReceiveAddress[]): PooledAddress[] {
    const isSound = this.isSoundAccount(account);
    return derived.map((address) => ({
      ...address,
      seal: isSound ? this.seals.ofAddress({ accountId: account.id, ...address }) : null,
    }));
  }

  /** Compares addresses without a seal with those that were derived from their account. */
  compare(accountId: AccountId, unsealed: readonly PooledAddress[], derived: readonly ReceiveAddress[]): void {
    const byIndex = new Map(derived.map((address) => [address.index, address]));
    for (const { index, address, script } of unsealed) {
      const right = byIndex.get(index);
      if (right !== undefined && (right.address !== address || right.script !== script))
        this.#note({ kind: 'address', index, accountId }, 'wrong');
    }
  }

  /** Whether the seal of an order fits. One that does not may still be sound: ask {@link isSoundOrder}. */
  isSealedOrder(terms: OrderAddress): boolean {
    return isSeal(terms.addressSeal, this.sealOfOrder(terms));
  }

  /** Whether the address of an order is the one that the order was created with. */
  isSoundOrder(terms: OrderAddress, pos: Pos, account: FixedAccount): boolean {
    if (this.#sound.has(terms)) return true;
    const { id, accountId, addressSeal } = terms;
    const row = { kind: 'order', id, accountId } as const;
    if (this.isSealedOrder(terms) || this.#isDerivable(terms, pos, account)) {
      this.clear(row);
      this.#sound.add(terms);
      return true;
    }
    this.#note(row, addressSeal === null ? 'missing' : 'wrong');
    return false;
  }

  /** Whether a refund is to be paid to the destination that was requested, and with the amount that was approved. */
  isSoundRefund(refund: Refund): boolean {
    // One without an address was erased: there is nothing to show.
    if (refund.address === '') return true;
    return this.#verify(refund, { kind: 'refund', id: refund.id }, refund.seal, () => sealOfRefund(this.seals, refund));
  }

  /** @throws ContractError 4006 if the address of an order must not be shown. */
  assertOrder(terms: OrderAddress, pos: Pos, account: FixedAccount): void {
    if (!this.isSoundOrder(terms, pos, account)) throw new UnverifiedError();
  }

  /** @throws ContractError 4006 if no order may be created for a POS, because its account or its binding is broken. */
  assertPos(pos: Pos): void {
    if (!this.isSoundPos(pos)) throw new UnverifiedError();
  }

  /** @throws ContractError 4006 if no address may be derived from an account. */
  assertAccount(account: FixedAccount): void {
    if (!this.isSoundAccount(account)) throw new UnverifiedError();
  }

  sealOfOrder({ id, posId, accountId, addressIndex: index, address, script }: Omit<OrderAddress, 'addressSeal'>): string {
    return this.seals.ofOrder(id, posId, { accountId, index, address, script });
  }

  /** Records that a row is right again, or gone. */
  clear(row: SealedRow): void {
    this.#broken.delete(keyOf(row));
  }

  /**
   * Whether an order without a seal of this key is one from before there were seals, or before the key was renewed. Its id says when it
   * was created, and cannot be changed: the buyer has it.
   */
  #isDerivable(terms: OrderAddress, pos: Pos, account: FixedAccount): boolean {
    const { clock, since } = this.#options;
    if (timeOfUuid(terms.id, clock.now()) >= plusMs(since, UNSEALED_ORDERS_MS)) return false;
    if (terms.posId !== pos.id || terms.accountId !== account.id || pos.accountId !== account.id) return false;
    if (!this.isSoundAccount(account) || !this.isSoundPos(pos) || !isAddressIndex(terms.addressIndex)) return false;
    const { address, script } = accountWallet(account).receive(terms.addressIndex);
    return address === terms.address && script === terms.script;
  }

  #verify(object: object, row: SealedRow, actual: string | null, expected: () => string): boolean {
    if (this.#sound.has(object)) return true;
    if (!isSeal(actual, expected())) {
      this.#note(row, actual === null ? 'missing' : 'wrong');
      return false;
    }
    this.clear(row);
    this.#sound.add(object);
    return true;
  }

  #note(found: SealedRow, fault: SealFault): void {
    const key = keyOf(found);
    if (this.#broken.has(key) || this.#broken.size >= MAX_BROKEN) return;
    const row: BrokenRow = { ...found, fault, seenAt: this.#options.clock.now() };
    this.#broken.set(key, row);
    this.#options.log.error(
      { ...rowFields(row), fault },
      `seals: ${describeBroken(row)}: ${CONSEQUENCES[row.kind]}; see docs/security.md`,
    );
    this.#options.found?.(row);
  }
}

const CONSEQUENCES: Readonly<Record<BrokenRow['kind'], string>> = {
  account: 'no order of this account is created',
  address: 'no order of this account is created',
  pos: 'no order of this POS is created',
  order: 'its address is not shown',
  refund: 'it is not offered to be paid',
};

function keyOf(row: SealedRow): string {
  const { kind, account, id } = rowFields(row);
  return `${kind} ${account} ${id}`;
}

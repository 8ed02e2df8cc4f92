/**
 * Seals everything anew when the key file is renewed. A row whose seal does not fit any earlier key gets none: the operator confirms it
 * with `webpos account seal` or `webpos pos bind`. The seals of orders stay: `SealGuard` derives their addresses instead.
 */
import type { Clock } from '../../kernel/clock.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import { isSeal, WalletSeals } from '../../security/wallet-seals.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { everyRefund } from './every-refund.ts';
import { sealOfRefund } from './seal-of-refund.ts';

export interface ResealOptions {
  readonly tx: StoreTransaction;
  /** The keys that are known from before; empty if the key file is lost. */
  readonly before: readonly Pick<GatewayKeys, 'wallet'>[];
  readonly after: Pick<GatewayKeys, 'wallet'>;
  readonly clock: Clock;
}

/** What the operator has to confirm, by its ids. */
export interface Unconfirmed {
  readonly accounts: readonly string[];
  readonly pos: readonly string[];
  /** Refunds that wait: they have to be cancelled, and requested anew. */
  readonly refunds: readonly string[];
}

export async function reseal({ tx, before, after, clock }: ResealOptions): Promise<Unconfirmed> {
  const seals = new WalletSeals(after.wallet);
  const earlier = before.map(({ wallet }) => new WalletSeals(wallet));
  const unconfirmed: Record<keyof Unconfirmed, string[]> = { accounts: [], pos: [], refunds: [] };
  for (const account of await tx.accounts.list()) {
    const isSound = earlier.some((old) => isSeal(account.seal, old.ofAccount(account)));
    await tx.accounts.setSeal(account.id, isSound ? seals.ofAccount(account) : null);
    // They are derived again, and then sealed.
    await tx.addresses.unseal(account.id);
    if (!isSound) unconfirmed.accounts.push(account.id);
  }
  for (const { id } of await tx.pos.list()) {
    const pos = await tx.pos.lock(id);
    if (pos === undefined) continue;
    const { accountId, accountSeal } = pos;
    const isSound = earlier.some((old) => isSeal(accountSeal, old.ofBinding(id, accountId)));
    await tx.pos.update({ ...pos, accountSeal: isSound ? seals.ofBinding(id, accountId) : null });
    if (!isSound) unconfirmed.pos.push(id);
  }
  for await (const refund of everyRefund(tx.refunds)) {
    const isSound = earlier.some((old) => isSeal(refund.seal, sealOfRefund(old, refund)));
    await tx.refunds.update({ ...refund, seal: isSound ? sealOfRefund(seals, refund) : null });
    if (!isSound && (refund.state.status === 'requested' || refund.state.status === 'approved'))
      unconfirmed.refunds.push(refund.id);
  }
  const since = clock.now();
  await tx.sealStart.put({ since, seal: seals.ofStart(since) });
  return unconfirmed;
}

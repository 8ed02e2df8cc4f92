/**
 * Seals everything anew when the key file is renewed. A row whose seal does not fit any earlier key gets none: the operator confirms it
 * with `webpos account seal` or `webpos pos bind`. The seals of orders stay: `SealGuard` derives their addresses instead.
 */
import type { Clock } from '../../kernel/clock.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import { isSeal, WalletSeals } from '../../security/wallet-seals.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

export interface ResealOptions {
  readonly tx: StoreTransaction;
  /** The keys that are known from before; empty if the key file is lost. */
  readonly before: readonly Pick<GatewayKeys, 'wallet'>[];
  readonly after: Pick<GatewayKeys, 'wallet'>;
  readonly clock: Clock;
}

/** Returns the accounts and POS that the operator has to confirm. */
export async function reseal({ tx, before, after, clock }: ResealOptions): Promise<{ accounts: string[]; pos: string[] }> {
  const seals = new WalletSeals(after.wallet);
  const earlier = before.map(({ wallet }) => new WalletSeals(wallet));
  const unconfirmed: { accounts: string[]; pos: string[] } = { accounts: [], pos: [] };
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
  const since = clock.now();
  await tx.sealStart.put({ since, seal: seals.ofStart(since) });
  return unconfirmed;
}

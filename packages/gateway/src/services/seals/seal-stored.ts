/**
 * Seals the rows from before there were seals: the accounts, and the accounts of POS. That happens once, at the first start after the
 * upgrade; from then on a row without a seal is refused, and only the operator can seal it (`webpos account seal`, `webpos pos bind`).
 *
 * Three things say that it has happened: the row of the start, the marker outside the database, and any row with a seal, also with one of
 * another key: a database must not become authentic by being opened with the wrong key file. Each is enough. So an attacker who can only
 * write to the database cannot bring back the time before.
 */
import { basename } from 'node:path';
import type { Clock, EpochMs } from '../../kernel/clock.ts';
import { errorCode, errorMessage } from '../../kernel/error-message.ts';
import type { Account } from '../../merchants/account.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import { isSeal, WalletSeals } from '../../security/wallet-seals.ts';
import type { MarksFile } from '../../store/marks.ts';
import type { Store, StoreTransaction } from '../../store/ports/store.ts';
import type { SealMarker } from '../../store/seal-marker.ts';
import { walletId } from '../../wallet/wallet-id.ts';
import { recordAction } from '../audit/audit-log.ts';
import { accountWallet } from '../merchants/account-wallet.ts';
import { everyRefund } from './every-refund.ts';
import { sealedRefund } from './seal-of-refund.ts';

export interface SealStoredOptions {
  readonly store: Pick<Store, 'accounts' | 'pos' | 'sealStart' | 'transaction'>;
  readonly keys: Pick<GatewayKeys, 'wallet' | 'audit'>;
  readonly marker: SealMarker;
  readonly marks: Pick<MarksFile, 'read'>;
  readonly clock: Clock;
  readonly log: { error(fields: Record<string, unknown>, message: string): void };
}

/**
 * Returns since when every row must have a seal. A marker that cannot be written is no reason to fail, because the database has its row.
 * Each start tries again, and `webpos doctor` reports it.
 */
export async function sealStored(options: SealStoredOptions): Promise<EpochMs> {
  const { store, keys, marker, clock } = options;
  const seals = new WalletSeals(keys.wallet);
  const marked = await marker.read();
  const stored = await store.sealStart.get();
  const known = stored !== undefined && isSeal(stored.seal, seals.ofStart(stored.since)) ? stored.since : undefined;
  if (known !== undefined) {
    if (marked === undefined) await createMarker(options, known);
    return known;
  }
  const since = await store.transaction(async (tx) => {
    const from = marked ?? clock.now();
    if (marked === undefined && stored === undefined && !(await hasSeal(tx))) await sealAll(options, tx, seals);
    await tx.sealStart.put({ since: from, seal: seals.ofStart(from) });
    return from;
  });
  if (marked === undefined) await createMarker(options, since);
  return since;
}

async function createMarker({ marker, log }: SealStoredOptions, since: EpochMs): Promise<void> {
  try {
    await marker.create(since);
  } catch (error) {
    log.error(
      { file: basename(marker.path), reason: errorCode(error) ?? errorMessage(error) },
      'seals: the file that remembers that rows are sealed cannot be written, so that only the database remembers it; see docs/security.md',
    );
  }
}

/** Whether any row has a seal, of whatever key. */
async function hasSeal({ accounts, pos }: Pick<StoreTransaction, 'accounts' | 'pos'>): Promise<boolean> {
  if ((await accounts.list()).some(({ seal }) => seal !== null)) return true;
  return (await pos.list()).some(({ accountSeal }) => accountSeal !== null);
}

/** Seals the refunds that buyers requested from an earlier version. */
async function sealRequests({ refunds }: Pick<StoreTransaction, 'refunds'>, seals: WalletSeals): Promise<void> {
  for await (const refund of everyRefund(refunds, 'requested'))
    if (refund.seal === null) await refunds.update(sealedRefund(seals, refund));
}

/**
 * Seals what is there. An account that has handed out addresses must be known to the marks file, if there is one: it is outside the
 * database, so that a wallet that was exchanged before the upgrade is noticed too.
 */
async function sealAll({ marks, clock, keys }: SealStoredOptions, tx: StoreTransaction, seals: WalletSeals): Promise<void> {
  const known = await marks.read();
  const isKnown = (account: Account): boolean =>
    known === undefined || account.nextIndex === 0 || known.has(walletId(accountWallet(account)));
  const sealed: string[] = [];
  for (const account of (await tx.accounts.list()).filter(isKnown)) {
    await tx.accounts.setSeal(account.id, seals.ofAccount(account));
    sealed.push(account.id);
  }
  const bound = (await tx.pos.list()).filter(({ accountId }) => sealed.includes(accountId));
  for (const { id } of bound) {
    const pos = await tx.pos.lock(id);
    if (pos !== undefined) await tx.pos.update({ ...pos, accountSeal: seals.ofBinding(id, pos.accountId) });
  }
  await sealRequests(tx, seals);
  if (sealed.length === 0) return;
  const after = { accounts: sealed, pos: bound.map(({ id }) => id) };
  const subject = { kind: 'gateway', id: null } as const;
  await recordAction({ clock, keys }, tx, { kind: 'gateway' }, { action: 'seal.begin', subject, after });
}

/**
 * Reconciles the database with the marks file at the start, before any order is created. Indexes that were handed out according to the
 * marks but not to the database are skipped. Marks that are below the database are raised. Neither is ever lowered.
 */
import type { Clock } from '../../kernel/clock.ts';
import type { Account, SkippedRange, SkipReason } from '../../merchants/account.ts';
import { mergeMarks, type Marks, type MarksFile, type WalletMark } from '../../store/marks.ts';
import type { MarksPlace } from '../../store/ports/marks-place-store.ts';
import type { Store } from '../../store/ports/store.ts';
import { walletId, type WalletId } from '../../wallet/wallet-id.ts';
import type { SealGuard } from '../seals/seal-guard.ts';
import { accountWallet } from '../merchants/account-wallet.ts';

export interface ReconcileOptions {
  readonly store: Pick<Store, 'accounts' | 'marksPlace' | 'transaction'>;
  readonly marks: MarksFile;
  /** Reads the marks file of the place where the database was served before. Returns undefined if it does not exist. */
  readonly readMarks: (path: string) => Promise<Marks | undefined>;
  readonly session: string;
  /** Accounts that are not authentic have no part in it: their wallets are not the merchant's. */
  readonly guard: Pick<SealGuard, 'isSoundAccount'>;
  readonly clock: Clock;
  readonly log: ReconcileLog;
}

export interface ReconcileLog {
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/**
 * @throws MarksUnreadableError if the marks file is invalid: what was handed out is unknown then. A file that cannot be written is only
 * logged here: no order is created until it can.
 */
export async function reconcileMarks(options: ReconcileOptions): Promise<void> {
  const { store, marks, guard, log } = options;
  const own = await marks.read();
  const place = await store.marksPlace.get();
  const elsewhere = await readElsewhere(options, place);
  const known = mergeMarks(own ?? new Map<WalletId, WalletMark>(), elsewhere ?? new Map<WalletId, WalletMark>());
  const listed = async (): Promise<Account[]> => (await store.accounts.list()).filter((account) => guard.isSoundAccount(account));
  const accounts = await listed();

  for (const account of accounts) await raiseToMark(options, account, known.get(walletId(accountWallet(account))));
  if (own === undefined) warnOfMissingFile(options, place, elsewhere !== undefined, accounts);
  else for (const account of accounts) await warnOfOlderMark(options, account, known.get(walletId(accountWallet(account))));

  try {
    const now = await listed();
    await marks.update((draft) => raiseMarks(draft, known, now, options.session));
  } catch (error) {
    log.error(
      { file: marks.path, err: error },
      'address marks: the marks file cannot be written: no order is created until it can',
    );
  }
  const missingNow = own === undefined && elsewhere === undefined && place !== undefined;
  await store.marksPlace.put({
    path: marks.path,
    missingAt: missingNow ? options.clock.now() : (place?.missingAt ?? null),
  });
}

/**
 * Returns the marks of the place where this database was served before, if it was another place. This database may be a copy that does
 * not know what was handed out there since.
 */
async function readElsewhere(options: ReconcileOptions, place: MarksPlace | undefined): Promise<Marks | undefined> {
  if (place === undefined || place.path === options.marks.path) return undefined;
  try {
    return await options.readMarks(place.path);
  } catch (error) {
    options.log.warn(
      { file: place.path, err: error },
      'address marks: the marks file where this database was served before cannot be read',
    );
    return undefined;
  }
}

async function raiseToMark(
  { store, clock, log }: ReconcileOptions,
  account: Account,
  known: WalletMark | undefined,
): Promise<void> {
  if (known === undefined || known.mark <= account.nextIndex) return;
  const reason: SkipReason = account.nextIndex < known.from ? 'older_database' : 'unclean_stop';
  const range = await store.transaction((tx) => tx.accounts.raiseIndex(account.id, known.mark, reason, clock.now()));
  if (range === undefined) return;
  log.warn(
    { account: account.id, name: account.name, from: range.from, to: range.to, reason },
    reason === 'unclean_stop'
      ? `address marks: skipped ${range.to - range.from} addresses that were reserved when the gateway was killed`
      : `address marks: the database is older than the marks file (a restored backup?): skipped ${range.to - range.from} addresses that were handed out since`,
  );
}

/** Warns if the database has handed out more than the marks say. */
async function warnOfOlderMark(
  { store, marks, log }: ReconcileOptions,
  account: Account,
  known: WalletMark | undefined,
): Promise<void> {
  if (account.nextIndex <= (known?.mark ?? 0)) return;
  const ranges = await store.accounts.skippedRanges(account.id);
  if (startOfSkipped(ranges, account.nextIndex) <= (known?.mark ?? 0)) return;
  log.warn(
    { account: account.id, name: account.name, next: account.nextIndex, mark: known?.mark ?? null, file: marks.path },
    'address marks: the marks file is older than the database; raised its marks',
  );
}

/** Returns the index from which all indexes below `next` were skipped: skipping raises an account's index without its mark. */
function startOfSkipped(ranges: readonly SkippedRange[], next: number): number {
  return ranges.toReversed().reduce((from, range) => (range.to === from ? range.from : from), next);
}

function warnOfMissingFile(
  { marks, log }: ReconcileOptions,
  place: MarksPlace | undefined,
  isElsewhere: boolean,
  accounts: readonly Account[],
): void {
  if (!accounts.some(({ nextIndex }) => nextIndex > 0)) return;
  const fields = { file: marks.path, before: place?.path };
  if (isElsewhere)
    return log.warn(
      fields,
      'address marks: this database was served with another marks file; read that one and created this one',
    );
  if (place === undefined) return log.warn(fields, 'address marks: no marks file existed; created it from the database');
  log.warn(
    fields,
    'address marks: the marks file of this database is missing; created a new one from the database. If the database is an older copy, ' +
      'addresses that were handed out since may be handed out again: use webpos account skip to skip them',
  );
}

/** Raises the marks in the file to those of another file and to the next indexes of the accounts. */
function raiseMarks(draft: Map<WalletId, WalletMark>, known: Marks, accounts: readonly Account[], session: string): void {
  for (const [wallet, mark] of mergeMarks(draft, known)) draft.set(wallet, mark);
  for (const account of accounts) {
    const wallet = walletId(accountWallet(account));
    const next = account.nextIndex;
    if (next > (draft.get(wallet)?.mark ?? 0)) draft.set(wallet, { from: next, mark: next, by: session });
  }
}

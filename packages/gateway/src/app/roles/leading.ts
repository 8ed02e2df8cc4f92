/** The parts that run while a process leads: they follow the chain, and everything they store holds the term. */
import { randomBytes } from 'node:crypto';
import type { ScriptIndex } from '../../chain/script-index.ts';
import type { ChainSource } from '../../chain/source.ts';
import type { Watcher, WatcherStatus } from '../../chain/watcher.ts';
import { AccountGaps } from '../../services/addresses/account-gaps.ts';
import { AddressPool } from '../../services/addresses/address-pool.ts';
import { DerivationThread } from '../../services/addresses/derive-in-thread.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { IndexPublisher, type PublishedBefore } from '../../services/addresses/publish-indexes.ts';
import { reconcileMarks } from '../../services/addresses/reconcile-marks.ts';
import type { WatchedAddresses } from '../../services/addresses/watched-addresses.ts';
import type { Leading, Term } from '../../services/leader/leadership.ts';
import { leaderStatusText } from '../../services/leader/leader-view.ts';
import { fencedStore } from '../../store/fenced-store.ts';
import { readMarks } from '../../store/marks/marks-file.ts';
import type { SqlStore } from '../../store/sql/sql-store.ts';
import type { GatewayContext } from '../gateway.ts';
import { Lifecycle, type Part } from '../lifecycle.ts';
import { openWatched } from '../open-addresses.ts';
import { openIndexes } from '../open-chain.ts';
import { openFollowing } from '../open-following.ts';
import type { Stored } from '../open-stored.ts';
import type { Opening } from '../opening.ts';

export interface LeadingParts {
  readonly stored: Stored;
  readonly source: ChainSource;
  readonly context: GatewayContext;
  /** Fetches exchange rates for all processes; undefined if they are fixed. */
  readonly fetching: Part | undefined;
  /** What this process knows of the chain: also what the previous leader has read, until this one has read it itself. */
  readonly status: () => WatcherStatus;
  /** Called when indexes have become ready. */
  readonly published: () => void;
  /** What this process had published before a failover, if it led until then and no other has led since. */
  readonly before: ReadonlyMap<AccountId, PublishedBefore> | undefined;
  /** Called when the database has lost what this process has stored. */
  readonly wentBack: () => void;
}

export interface OpenedLeading extends Leading {
  readonly watcher: Watcher;
  readonly scripts: ScriptIndex;
  readonly publisher: IndexPublisher;
  readonly gaps: AccountGaps;
}

/** A part that takes longer than this to stop is left behind: it cannot store anything after its term. */
const STOP_TIMEOUT_MS = 5_000;

/** @throws OperatorError when the marks file cannot be read; LeaseLostError when the term is over. */
export async function openLeading(opening: Opening, parts: LeadingParts, term: Term): Promise<OpenedLeading> {
  const lifecycle = new Lifecycle({ stopTimeoutMs: STOP_TIMEOUT_MS });
  lifecycle.logTo(opening.log);
  try {
    return await startLeading(opening, parts, term, lifecycle);
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

async function startLeading(opening: Opening, parts: LeadingParts, term: Term, lifecycle: Lifecycle): Promise<OpenedLeading> {
  const { config, clock, nowMs, log } = opening;
  const { stored, source, fetching, published, before, wentBack } = parts;
  const store = fencedStore(stored.store, term);
  const session = randomBytes(8).toString('hex');
  await takeOverIndexes(opening, parts, term, { store, session });

  const begun = await store.accounts.list();
  const { scripts, outPoints } = await openIndexes(store);
  const derivation = new DerivationThread();
  await lifecycle.use('address derivation', { stop: () => derivation.stop() });
  const watched = openWatched(opening, { store, guard: stored.guard }, derivation, (added) => following.watcher.watch(added));
  const following = openFollowing(opening, {
    context: { ...parts.context, publicUrl: parts.context.publicUrl, store },
    chain: { source, scripts, outPoints, sandbox: undefined },
    watched,
    rates: parts.context.rates,
    skipped: (id, to) => publisher.follow(id, to),
  });
  const { watcher } = following;
  const caughtUp = (signal: AbortSignal): Promise<void> => watcher.caughtUp(signal);
  const publisher = new IndexPublisher({
    store,
    term: term.term,
    marks: stored.marks,
    session,
    watched,
    guard: stored.guard,
    caughtUp,
    clock,
    nowMs,
    log,
    published,
    before,
    wentBack,
  });
  await watchWhatIsReady(store, watched, term.signal);
  // Orders that were created while the scripts were loaded. Those from now on get addresses that are watched.
  for (const { id, nextIndex } of begun) watcher.watch(await store.orders.scriptsFrom(id, nextIndex));

  const gaps = new AccountGaps({ store, log });
  const pool = new AddressPool({ store, watched, size: config.addressPoolSize, guard: stored.guard, log, memory: 0 });
  await lifecycle.use('chain', watcher);
  await lifecycle.use('payment transactions', following.transactionPruning);
  await lifecycle.use('rebroadcast', following.rebroadcast);
  await lifecycle.use('exchange rates', fetching ?? {});
  await lifecycle.use('address gaps', gaps);
  await lifecycle.use('addresses ahead', pool);
  await lifecycle.use('ready indexes', publisher);
  return {
    watcher,
    scripts,
    publisher,
    gaps,
    status: () =>
      leaderStatusText({ status: parts.status(), mempoolSize: watcher.mempoolSize, watchedScripts: scripts.size }, clock.now()),
    stop: async () => void (await lifecycle.stop()),
  };
}

interface TakingOver {
  readonly store: SqlStore;
  readonly session: string;
}

/** Keeps what the previous leader has made ready, or compares the database with the marks file of this machine. */
async function takeOverIndexes(
  { clock, log }: Opening,
  { stored }: LeadingParts,
  { term, isSuccession }: Term,
  { store, session }: TakingOver,
): Promise<void> {
  if (isSuccession) await store.transaction((tx) => tx.readyIndexes.succeed(term));
  else await reconcileMarks({ store, marks: stored.marks, readMarks, session, guard: stored.guard, clock, log });
}

/** Watches the addresses ahead of every account, and all that the previous leader has made ready. */
async function watchWhatIsReady(
  { readyIndexes }: Pick<SqlStore, 'readyIndexes'>,
  watched: WatchedAddresses,
  signal: AbortSignal,
): Promise<void> {
  await watched.prepare(signal);
  for (const { accountId, readyTo } of await readyIndexes.list()) await watched.watchTo(accountId, readyTo, signal);
}

/**
 * Looks regularly whether the rows that decide where money goes are still authentic, also those that no order has used since. Broken rows
 * that were found are looked at again, so that sales resume once they are right. Each is recorded once in the audit log.
 */
import type { Clock } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import { nextTurn } from '../../kernel/thread/turns.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import type { Store } from '../../store/ports/store.ts';
import { recordAction } from '../audit/audit-log.ts';
import { dropCachedAccounts } from '../merchants/account-cache.ts';
import type { PosDirectory } from '../merchants/pos-directory.ts';
import { rowFields, type BrokenRow } from './broken-row.ts';
import type { SealGuard } from './seal-guard.ts';

export interface SealWatchOptions {
  readonly store: Pick<Store, 'accounts' | 'addresses' | 'pos' | 'orders' | 'refunds' | 'transaction'>;
  readonly guard: SealGuard;
  readonly keys: Pick<GatewayKeys, 'audit'>;
  /** What is cached of POS: a row that was put right by SQL is not announced. */
  readonly posDirectory: Pick<PosDirectory, 'clear'>;
  readonly clock: Clock;
  readonly log: LoopLog;
}

/** How many of the next addresses of every account are looked at. */
const ADDRESSES = 100;
/** How many of the newest refunds that wait are looked at. */
const REFUNDS = 200;
const EVERY_MS = 30_000;

export class SealWatch {
  readonly #options: SealWatchOptions;
  readonly #loop: TaskLoop;
  /** Broken rows that are in the audit log. */
  readonly #recorded = new WeakSet<BrokenRow>();

  constructor(options: SealWatchOptions) {
    this.#options = options;
    this.#loop = new TaskLoop({
      name: 'seals',
      idleMs: EVERY_MS,
      retryMs: 5_000,
      log: options.log,
      task: async (signal) => {
        await this.look(signal);
        return undefined;
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  wake(): void {
    this.#loop.wake();
  }

  /** Looks once. */
  async look(signal: AbortSignal = new AbortController().signal): Promise<void> {
    const { store, guard, posDirectory } = this.#options;
    if (guard.count > 0) posDirectory.clear();
    for (const row of guard.broken) await this.#lookAgain(row);
    for (const account of await store.accounts.list()) {
      signal.throwIfAborted();
      if (guard.isSoundAccount(account))
        guard.checkAddresses(account.id, await store.addresses.from(account.id, account.nextIndex, ADDRESSES));
      await nextTurn();
    }
    for (const pos of await store.pos.list()) guard.isSoundPos(pos);
    for (const status of ['requested', 'approved'] as const) {
      const open = await store.refunds.list({ posId: undefined, status, before: undefined, limit: REFUNDS });
      for (const refund of open) guard.isSoundRefund(refund);
    }
    for (const row of guard.broken) await this.#record(row);
  }

  /** Verifies a broken row again, if it still exists. One whose values have changed back is right. */
  async #lookAgain(row: BrokenRow): Promise<void> {
    const { store, guard } = this.#options;
    switch (row.kind) {
      case 'account':
        // Cached ones may be from before the account was sealed.
        dropCachedAccounts(store);
        if ((await store.accounts.get(row.id)) === undefined) guard.clear(row);
        return;
      case 'pos': {
        const pos = (await store.pos.list()).find(({ id }) => id === row.id);
        if (pos?.accountId !== row.accountId) guard.clear(row);
        return;
      }
      case 'address': {
        const [stored] = await store.addresses.from(row.accountId, row.index, 1);
        if (stored?.index !== row.index) return guard.clear(row);
        guard.checkAddresses(row.accountId, [stored]);
        return;
      }
      case 'refund': {
        const refund = await store.refunds.get(row.id);
        if (refund === undefined) guard.clear(row);
        else guard.isSoundRefund(refund);
        return;
      }
      case 'order': {
        const order = await store.orders.get(row.id);
        if (order === undefined) return guard.clear(row);
        const { terms } = order;
        const pos = await store.pos.get(terms.posId);
        const account = await store.accounts.get(terms.accountId);
        if (pos !== undefined && account !== undefined) guard.isSoundOrder(terms, pos, account);
      }
    }
  }

  async #record(row: BrokenRow): Promise<void> {
    if (this.#recorded.has(row)) return;
    const { store, clock, keys } = this.#options;
    const { kind, id, account } = rowFields(row);
    const subject = row.kind === 'address' ? ({ kind: 'account', id: row.accountId } as const) : { kind: row.kind, id };
    const after = { kind, id, account, fault: row.fault };
    await store.transaction(async (tx) => {
      await recordAction({ clock, keys }, tx, { kind: 'gateway' }, { action: 'seal.broken', subject, after });
      // Once a day for each row, whichever process finds it.
      const noticeId = `seal ${kind} ${id} ${account} ${Math.floor(row.seenAt / DAY_MS)}`;
      const notice = { id: noticeId, at: clock.now(), posId: null, personId: null };
      await tx.notices.add([{ ...notice, facts: { kind: 'seal.broken', row: `${kind} ${id}` } }]);
    });
    this.#recorded.add(row);
  }
}

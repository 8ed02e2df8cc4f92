/**
 * Counts the last addresses of every account that were handed out and never paid. Warns once when they reach the gap limit: a wallet that
 * is restored from its seed may not find payments beyond them.
 */
import type { AccountId } from '../../kernel/ids.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { Account } from '../../merchants/account.ts';
import type { Store } from '../../store/ports/store.ts';
import { GAP_LIMIT } from '../../wallet/gap.ts';
import { countUnused } from './count-unused.ts';

export interface AccountGapsOptions {
  readonly store: Pick<Store, 'accounts'>;
  readonly log: LoopLog;
}

export class AccountGaps {
  readonly #options: AccountGapsOptions;
  readonly #loop: TaskLoop;
  readonly #gaps = new Map<AccountId, number>();

  constructor(options: AccountGapsOptions) {
    this.#options = options;
    this.#loop = new TaskLoop({
      name: 'account gaps',
      idleMs: 60_000,
      retryMs: 60_000,
      log: options.log,
      task: async () => {
        await this.measure();
        return undefined;
      },
    });
  }

  /** The longest gap of any account, as last measured. */
  get longest(): number {
    return Math.max(0, ...this.#gaps.values());
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** Measures the gaps of all accounts once. */
  async measure(): Promise<void> {
    for (const account of await this.#options.store.accounts.list()) {
      const unused = await countUnused(this.#options.store, account);
      const before = this.#gaps.get(account.id) ?? 0;
      this.#gaps.set(account.id, unused);
      if (before < GAP_LIMIT && unused >= GAP_LIMIT) this.#log('warn', account, unused, 'were never paid: see docs/wallets.md');
      if (before >= GAP_LIMIT && unused < GAP_LIMIT)
        this.#log('info', account, unused, 'were never paid: below the gap limit again');
    }
  }

  #log(level: 'warn' | 'info', { id, name }: Account, unused: number, what: string): void {
    this.#options.log[level](
      { account: id, name, unused, limit: GAP_LIMIT },
      `account gaps: the last ${unused} addresses ${what}`,
    );
  }
}

/**
 * Looks now and then how many addresses of every account were given out in a row and never paid, and says so once when they become so
 * many that a wallet restored from its seed may not find what comes after them.
 */
import type { AccountId } from '../../kernel/ids.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { Account } from '../../merchants/account.ts';
import type { Store } from '../../store/ports/store.ts';
import { GAP_LIMIT, unusedInARow } from '../../wallet/gap.ts';

export interface AccountGapsOptions {
  readonly store: Pick<Store, 'accounts'>;
  readonly log: LoopLog;
}

/** No further back is looked, so that a look is short however many orders nobody pays: a longer gap is told as this. */
const LOOK_BACK = 10_000;

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
        await this.look();
        return undefined;
      },
    });
  }

  /** The longest gap of any account when they were last looked at. */
  get longest(): number {
    return Math.max(0, ...this.#gaps.values());
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** Looks once. */
  async look(): Promise<void> {
    for (const account of await this.#options.store.accounts.list()) {
      const unused = await this.#gapOf(account);
      const before = this.#gaps.get(account.id) ?? 0;
      this.#gaps.set(account.id, unused);
      if (before < GAP_LIMIT && unused >= GAP_LIMIT) this.#say('warn', account, unused, 'were never paid: see docs/wallets.md');
      if (before >= GAP_LIMIT && unused < GAP_LIMIT) this.#say('info', account, unused, 'were never paid: no longer too many');
    }
  }

  async #gapOf({ id, nextIndex }: Account): Promise<number> {
    const from = Math.max(0, nextIndex - LOOK_BACK);
    const lastPaid = await this.#options.store.accounts.lastPaidIndex(id, from);
    return unusedInARow(nextIndex, lastPaid ?? from - 1);
  }

  #say(level: 'warn' | 'info', { id, name }: Account, unused: number, what: string): void {
    this.#options.log[level](
      { account: id, name, unused, limit: GAP_LIMIT },
      `account gaps: the last ${unused} addresses ${what}`,
    );
  }
}

/**
 * The refunds whose payments are looked for, in memory: their scripts are among those that every block and transaction is scanned for
 * anyway, and only an output with the exact amount is stored. Without a refund, a round costs one query.
 */
import type { Match } from '../../chain/view/match.ts';
import type { ScriptHex } from '../../kernel/chain.ts';
import { plusMs } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import type { Sats } from '../../kernel/sats.ts';
import type { StoreContext } from '../context.ts';

const PAGE = 500;
/** How long the payment of a cancelled refund is looked for: it may come from a wallet that was offline. */
const CANCELLED_MS = 30 * DAY_MS;

export interface WatchedRefundsOptions extends Pick<StoreContext, 'store' | 'clock'> {
  /** Watches scripts from now on. What was read before and may pay them is read again in the next round. */
  readonly watch: (scripts: readonly ScriptHex[]) => unknown;
}

export class WatchedRefunds {
  readonly #options: WatchedRefundsOptions;
  readonly #amounts = new Map<ScriptHex, Set<Sats>>();
  #position = 0;

  constructor(options: WatchedRefundsOptions) {
    this.#options = options;
  }

  /** Watches what has been approved since the last call, in this process or another. */
  async prepare(signal: AbortSignal): Promise<void> {
    const { store, clock, watch } = this.#options;
    const oldest = plusMs(clock.now(), -CANCELLED_MS);
    for (;;) {
      signal.throwIfAborted();
      const page = await store.refunds.watchedAfter(this.#position, PAGE);
      const live = page.filter(({ closedAt }) => closedAt === null || closedAt > oldest);
      for (const { script, amount } of live) this.#add(script, amount);
      if (live.length > 0) watch(live.map(({ script }) => script));
      this.#position = page.at(-1)?.position ?? this.#position;
      if (page.length < PAGE) return;
    }
  }

  /** Whether no refund is watched, so that nothing has to be read or stored for one. */
  get isEmpty(): boolean {
    return this.#amounts.size === 0;
  }

  /** Whether an output pays the destination of a refund with its exact amount. */
  isPayout({ script, amount }: Pick<Match, 'script' | 'amount'>): boolean {
    return this.#amounts.get(script)?.has(amount) === true;
  }

  /** Whether an output pays the destination of a refund with another amount: it is no business of ours. */
  isForeign(match: Pick<Match, 'script' | 'amount'>): boolean {
    return this.#amounts.has(match.script) && !this.isPayout(match);
  }

  #add(script: ScriptHex, amount: Sats): void {
    const amounts = this.#amounts.get(script) ?? new Set<Sats>();
    amounts.add(amount);
    this.#amounts.set(script, amounts);
  }
}

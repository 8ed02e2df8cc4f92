/**
 * Notifies people when the chain has not been read for some time, or the node is refused, and when that has ended. What was notified is
 * stored, so that a restart repeats nothing and several processes report it once.
 */
import { epochMs, type Clock, type EpochMs } from '../../kernel/clock.ts';
import { SECOND_MS } from '../../kernel/durations.ts';
import type { NewUuid } from '../../kernel/ids.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { Notice, NoticeFacts } from '../../notifications/notice.ts';
import type { Store } from '../../store/ports/store.ts';

export interface ChainWatchOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly newUuid: NewUuid;
  /** Returns what is wrong with the chain; null if nothing is. */
  readonly trouble: () => string | null;
  /** How long it must be wrong. */
  readonly afterMs: number;
  readonly log: LoopLog;
}

const STATE = 'chain';
const EVERY_MS = 10 * SECOND_MS;

export class ChainWatch {
  readonly #options: ChainWatchOptions;
  readonly #loop: TaskLoop;
  #since: EpochMs | undefined;
  /** Whether it is known that no trouble is stored as notified. */
  #isClear = false;

  constructor(options: ChainWatchOptions) {
    this.#options = options;
    this.#loop = new TaskLoop({
      name: 'notifications: chain',
      idleMs: EVERY_MS,
      retryMs: EVERY_MS,
      log: options.log,
      task: async () => {
        await this.look();
        return undefined;
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async look(): Promise<void> {
    const { clock, trouble, afterMs } = this.#options;
    const [now, says] = [clock.now(), trouble()];
    if (says === null) {
      this.#since = undefined;
      if (!this.#isClear) await this.#recovered();
      this.#isClear = true;
      return;
    }
    this.#since ??= now;
    if (now - this.#since < afterMs) return;
    const since = this.#since;
    this.#isClear = false;
    await this.#change(null, String(since), { kind: 'chain.trouble', state: 'troubled', since, trouble: says });
  }

  async #recovered(): Promise<void> {
    const before = await this.#options.store.notices.state(STATE);
    if (before !== null)
      await this.#change(before, null, { kind: 'chain.trouble', state: 'recovered', since: epochMs(Number(before)) });
  }

  async #change(before: string | null, after: string | null, facts: NoticeFacts): Promise<void> {
    const { store, clock, newUuid } = this.#options;
    if ((await store.notices.state(STATE)) !== before) return;
    await store.transaction(async ({ notices }) => {
      const notice: Notice = { id: newUuid(), at: clock.now(), posId: null, personId: null, facts };
      if (await notices.putState(STATE, before, after)) await notices.add([notice]);
    });
  }
}

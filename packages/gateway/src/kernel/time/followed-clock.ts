/**
 * A clock that follows another one which can only be asked, such as that of a database, and goes on by the monotonic clock of this process
 * in between. So processes whose own clocks are minutes apart have the same time.
 *
 * An answer proves only that the other clock had that time at some moment between the question and the answer. A difference that agrees with
 * that is kept, so that a slow answer changes nothing.
 */
import { epochMs, type Clock, type EpochMs } from '../clock.ts';
import { SECOND_MS } from '../durations.ts';
import { TaskLoop } from '../task-loop.ts';

export interface FollowedClockOptions {
  /** Reads the other clock. */
  readonly read: () => Promise<EpochMs>;
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number;
  /** Default: 5 seconds. */
  readonly intervalMs?: number;
}

const INTERVAL_MS = 5 * SECOND_MS;

export class FollowedClock implements Clock {
  readonly #options: FollowedClockOptions;
  readonly #loop: TaskLoop;
  /** How far the other clock is before the monotonic one. */
  #aheadMs: number | undefined;

  private constructor(options: FollowedClockOptions) {
    this.#options = options;
    const { intervalMs = INTERVAL_MS } = options;
    this.#loop = new TaskLoop({
      name: 'clock',
      idleMs: intervalMs,
      retryMs: intervalMs,
      // Not logged: what needs the database reports that it is away, and the time goes on until then.
      log: { info: () => {}, warn: () => {} },
      task: () => this.#compare(),
    });
  }

  /** @throws What `read` throws. */
  static async open(options: FollowedClockOptions): Promise<FollowedClock> {
    const clock = new FollowedClock(options);
    await clock.#compare();
    clock.#loop.start();
    return clock;
  }

  now(): EpochMs {
    return epochMs(Math.floor(this.#options.nowMs() + (this.#aheadMs ?? 0)));
  }

  async close(): Promise<void> {
    await this.#loop.stop();
  }

  async #compare(): Promise<undefined> {
    const { read, nowMs } = this.#options;
    const askedAtMs = nowMs();
    const time = await read();
    const [least, most] = [time - nowMs(), time - askedAtMs];
    this.#aheadMs = Math.min(most, Math.max(least, this.#aheadMs ?? (least + most) / 2));
  }
}

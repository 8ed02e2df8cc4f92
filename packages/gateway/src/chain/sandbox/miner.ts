/**
 * Mines the sandbox chain: a block at a regular interval, and faster for a while after someone paid with a button, so that a
 * person can watch the payment being confirmed.
 */
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { SandboxChain } from './sandbox-chain.ts';

export interface SandboxMinerOptions {
  readonly chain: SandboxChain;
  readonly intervalMs: number;
  readonly log: LoopLog;
  /** The interval while hurrying. Default 1,500 ms. */
  readonly hurryMs?: number;
}

export class SandboxMiner {
  readonly #loop: TaskLoop;
  readonly #hurryMs: number;
  #hurried = 0;
  #startClock = true;

  constructor({ chain, intervalMs, log, hurryMs = 1_500 }: SandboxMinerOptions) {
    this.#hurryMs = hurryMs;
    this.#loop = new TaskLoop({
      name: 'sandbox miner',
      idleMs: intervalMs,
      retryMs: 1_000,
      log,
      task: async () => {
        // The first round only starts the clock, and so does a round woken by `hurry`.
        if (this.#startClock) {
          this.#startClock = false;
          return this.#hurried > 0 ? this.#hurryMs : undefined;
        }
        await chain.mine();
        this.#hurried = Math.max(0, this.#hurried - 1);
        return this.#hurried > 0 ? this.#hurryMs : undefined;
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Mines the next blocks at the faster interval. */
  hurry(blocks: number): void {
    this.#hurried = Math.max(this.#hurried, blocks);
    this.#startClock = true;
    this.#loop.wake();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }
}

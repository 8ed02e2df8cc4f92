/**
 * The processes that deliver the callbacks of one database, and the slots of each endpoint that belong to this one. The slots of a queue
 * are divided evenly. What does not divide goes to some of the processes, to others for each endpoint, so that one process more than
 * slots still has endpoints.
 *
 * The division is only fair, and may be some seconds old: the claims make sure that no endpoint gets too much (limit-claims.ts).
 */
import { createHash } from 'node:crypto';
import { SECOND_MS } from '../../kernel/durations.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { Store } from '../../store/ports/store.ts';

export interface DeliveryPeersOptions {
  readonly store: Pick<Store, 'deliveryPeers'>;
  /** Identifies this process among all that claim callbacks of this database. */
  readonly claimant: string;
  readonly log: LoopLog;
  /** How often the process announces itself. Default: 3 seconds. */
  readonly intervalMs?: number;
}

const INTERVAL_MS = 3 * SECOND_MS;
/** A process that has not announced itself for so many intervals is gone. */
const MISSED = 4;

export class DeliveryPeers {
  readonly #options: DeliveryPeersOptions;
  readonly #loop: TaskLoop;
  #all: readonly string[];

  constructor(options: DeliveryPeersOptions) {
    this.#options = options;
    this.#all = [options.claimant];
    const { log, intervalMs = INTERVAL_MS } = options;
    this.#loop = new TaskLoop({
      name: 'delivering processes',
      idleMs: intervalMs,
      retryMs: intervalMs,
      log,
      task: () => this.#announce(intervalMs * MISSED),
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Leaves the slots to the others. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    const { store, claimant } = this.#options;
    // They notice anyway, only later.
    await store.deliveryPeers.withdraw(claimant).catch(() => {});
  }

  /** How many processes deliver, this one included. */
  get count(): number {
    return this.#all.length;
  }

  /** How many of some slots of an endpoint belong to this process. */
  shareOf(endpoint: string, slots: number): number {
    const { length } = this.#all;
    if (length === 1) return slots;
    const own = (this.#all.indexOf(this.#options.claimant) + offsetOf(endpoint)) % length;
    return Math.floor(slots / length) + (own < slots % length ? 1 : 0);
  }

  async #announce(withinMs: number): Promise<undefined> {
    const { store, claimant } = this.#options;
    this.#all = await store.deliveryPeers.announce(claimant, withinMs);
  }
}

/** The same in every process. */
function offsetOf(endpoint: string): number {
  return createHash('sha256').update(endpoint).digest().readUInt32BE();
}

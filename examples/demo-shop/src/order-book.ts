import type { BlockchainStatus } from '@webpos/sdk';
import type { ReceivedCallback } from '@webpos/sdk/callbacks';

/** A callback whose signature was right. */
export interface VerifiedCallback {
  event: string;
  createdAt: string;
  status: BlockchainStatus;
  receivedAt: Date;
  /** As it came. */
  body: string;
}

/**
 * The callbacks of every order. One may come more than once, and an old one after a newer one: each is acted upon once, and the newest
 * has the last word. A real shop stores this in its database; this one forgets when it stops.
 */
export class OrderBook {
  readonly #taken = new Set<string>();
  readonly #orders = new Map<string, VerifiedCallback[]>();

  /** Calls `act` unless this callback was taken before; when `act` throws, it counts as not taken. */
  async take(callback: ReceivedCallback, body: string, act: () => Promise<void>): Promise<void> {
    const { event, created_at: createdAt, object } = callback;
    const key = `${object.uuid} ${event} ${createdAt}`;
    if (this.#taken.has(key)) return;
    this.#taken.add(key);
    try {
      await act();
    } catch (error) {
      this.#taken.delete(key);
      throw error;
    }
    const verified = { event, createdAt, status: object.state.blockchain_status, receivedAt: new Date(), body };
    this.#orders.set(object.uuid, [...this.callbacks(object.uuid), verified]);
  }

  /** In the order in which they came. */
  callbacks(uuid: string): readonly VerifiedCallback[] {
    return this.#orders.get(uuid) ?? [];
  }

  /** What the newest callback says; undefined when none has come. ISO dates in UTC sort as text. */
  status(uuid: string): BlockchainStatus | undefined {
    const [newest] = [...this.callbacks(uuid)].reverse().sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    return newest?.status;
  }
}

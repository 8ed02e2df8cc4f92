import type { BlockchainStatus } from '@webpos/sdk';
import type { ReceivedCallback } from '@webpos/sdk/callbacks';

/**
 * What callbacks have told. A callback may come more than once, and an old one may come after a newer one: each is
 * acted upon once, and the newest has the last word. A real shop keeps this in its database; this one forgets.
 */
export class OrderBook {
  readonly #taken = new Set<string>();
  readonly #orders = new Map<string, { status: BlockchainStatus; asOf: string }>();

  /** Calls `act` unless this callback was taken before; when `act` throws, it counts as not taken. */
  async take(callback: ReceivedCallback, act: () => Promise<void>): Promise<void> {
    const { event, created_at: asOf, object } = callback;
    const key = `${object.uuid} ${event} ${asOf}`;
    if (this.#taken.has(key)) return;
    this.#taken.add(key);
    try {
      await act();
    } catch (error) {
      this.#taken.delete(key);
      throw error;
    }
    const known = this.#orders.get(object.uuid);
    // ISO dates in UTC sort as text.
    if (known === undefined || known.asOf <= asOf)
      this.#orders.set(object.uuid, { status: object.state.blockchain_status, asOf });
  }

  /** What the newest callback said; undefined when none has come. */
  status(uuid: string): BlockchainStatus | undefined {
    return this.#orders.get(uuid)?.status;
  }
}

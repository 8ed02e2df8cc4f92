/**
 * Lets walks along lists take turns: one step runs per turn of the event loop, for all requests together, and each POS has one walk at a
 * time. So a POS that asks for many pages at once waits for itself, and its later walks find the marks of the first.
 */
import { KeyedSerialQueues, SerialQueue } from '../../../kernel/serial.ts';
import type { PosId } from '../../../kernel/ids.ts';

export class WalkQueues {
  readonly #steps = new SerialQueue();
  readonly #ofPos = new KeyedSerialQueues<PosId>();

  runStep<T>(step: () => Promise<T>): Promise<T> {
    return this.#steps.run(step);
  }

  /** Waits for the earlier walks of a POS, and returns what ends this one. */
  begin(posId: PosId): Promise<() => void> {
    return new Promise((begun) => {
      void this.#ofPos.run(posId, () => new Promise<void>((end) => begun(end)));
    });
  }
}

/** Counts the changes of POS over this store's own connections, which the watch of other connections does not see. */
import type { PosWatch } from '../../ports/pos-watch.ts';

export class OwnChanges {
  #count = 0;

  /** Records that a POS has changed, or may have. */
  note(): void {
    this.#count += 1;
  }

  /** Combines both watches: each version only grows, and so does their sum. */
  with(others: PosWatch): PosWatch {
    return {
      version: () => {
        const version = others.version();
        return version === undefined ? undefined : version + this.#count;
      },
      close: () => others.close(),
    };
  }
}

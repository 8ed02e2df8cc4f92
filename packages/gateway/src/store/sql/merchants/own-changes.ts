/** The changes of POS over this store's own connections, which no watch for those of others sees. */
import type { PosWatch } from '../../ports/pos-watch.ts';

export class OwnChanges {
  #count = 0;

  /** A POS may have been changed, or may yet turn out to have been. */
  note(): void {
    this.#count += 1;
  }

  /** Both kinds together: each count only grows, and so does their sum. */
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

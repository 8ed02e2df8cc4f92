/**
 * Checks passwords one after the other, because each takes 32 MiB and a thread. Browsers that have logged in before have a lane of their
 * own, so that a flood of guesses from elsewhere does not keep people waiting.
 */
import { ContractError } from '../../contract/contract-error.ts';
import { SerialQueue } from '../../kernel/serial.ts';

const MAX_WAITING = 20;
const RETRY_AFTER_S = 10;

class Lane {
  readonly #queue = new SerialQueue();
  #waiting = 0;

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#waiting >= MAX_WAITING)
      throw new ContractError('2000', `too many logins at once: try again in ${RETRY_AFTER_S} s`, { retryAfterS: RETRY_AFTER_S });
    this.#waiting += 1;
    try {
      return await this.#queue.run(work);
    } finally {
      this.#waiting -= 1;
    }
  }
}

export class PasswordLanes {
  readonly #known = new Lane();
  readonly #unknown = new Lane();

  /** @throws ContractError 2000 while too many wait. */
  run<Result>(isKnown: boolean, work: () => Promise<Result>): Promise<Result> {
    return (isKnown ? this.#known : this.#unknown).run(work);
  }
}

/**
 * Limits the test events that are requested over HTTP. Each makes the gateway send a request to a URL that the shop chooses, so a POS
 * may have one under way and a few a minute, and the total is bounded to leave room for real callbacks.
 */
import type { CallbackSender } from '../../callbacks/attempt.ts';
import { ContractError } from '../../contract/contract-error.ts';
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import type { PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import { sendTestCallback, type TestCallback, type TestCallbackContext } from './send-test-callback.ts';

export interface TestEventsOptions {
  readonly context: TestCallbackContext;
  readonly sender: Pick<CallbackSender, 'send'>;
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number;
  /** Called for every test event that is refused. */
  readonly refused?: () => void;
}

const MAX_PER_WINDOW = 10;
const WINDOW_MS = 60_000;
const MAX_UNDER_WAY = 16;
/** A test event takes ten seconds at most, and usually less than one. */
const BUSY_RETRY_S = 2;
/** Bounds the memory of recent requests; the oldest are dropped. */
const MAX_POS = 10_000;

export class TestEvents {
  readonly #options: TestEventsOptions;
  readonly #underWay = new Set<PosId>();
  /** When each POS requested test events within the window. */
  readonly #requestedAtMs = new BoundedCache<PosId, readonly number[]>({ maxEntries: MAX_POS, evict: 'oldest' });

  constructor(options: TestEventsOptions) {
    this.#options = options;
  }

  /** @throws ContractError 2000 if the POS requests too many; NoCallbackUrlError if it has no callback URL. */
  async send(pos: Pos): Promise<TestCallback> {
    const { context, sender } = this.#options;
    this.#admit(pos.id);
    this.#underWay.add(pos.id);
    try {
      return await sendTestCallback(context, sender, pos);
    } finally {
      this.#underWay.delete(pos.id);
    }
  }

  #admit(id: PosId): void {
    if (this.#underWay.has(id)) this.#refuse('a test event of this POS is still under way', BUSY_RETRY_S);
    if (this.#underWay.size >= MAX_UNDER_WAY) this.#refuse('too many test events are under way', BUSY_RETRY_S);
    const nowMs = this.#options.nowMs();
    const recent = (this.#requestedAtMs.get(id) ?? []).filter((atMs) => nowMs - atMs < WINDOW_MS);
    const [first = nowMs] = recent;
    if (recent.length >= MAX_PER_WINDOW)
      this.#refuse(
        `a POS may have ${MAX_PER_WINDOW} test events a minute`,
        Math.max(1, Math.ceil((first + WINDOW_MS - nowMs) / 1000)),
      );
    this.#requestedAtMs.set(id, [...recent, nowMs]);
  }

  #refuse(reason: string, retryAfterS: number): never {
    this.#options.refused?.();
    throw new ContractError('2000', `${reason}: try again in ${retryAfterS} s`, { retryAfterS });
  }
}

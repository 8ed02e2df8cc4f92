/** Deletes expired idempotency keys. An expired key is not valid even before it is deleted. */
import { plusMs } from '../../kernel/clock.ts';
import type { StoreContext } from '../context.ts';
import { KEY_LIFE_MS } from './create-order.ts';

export async function pruneIdempotencyKeys({ store, clock }: StoreContext, signal: AbortSignal): Promise<void> {
  const before = plusMs(clock.now(), -KEY_LIFE_MS);
  while (!signal.aborted && (await store.idempotency.prune(before)));
}

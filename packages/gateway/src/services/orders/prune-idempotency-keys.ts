/** Deletes expired idempotency keys. An expired key is not valid even before it is deleted. */
import { plusMs } from '../../kernel/clock.ts';
import { inPages } from '../../kernel/thread/in-pages.ts';
import type { StoreContext } from '../context.ts';
import { KEY_LIFE_MS } from './create-order.ts';

/** How many are deleted in one transaction. */
const PAGE = 200;

export async function pruneIdempotencyKeys({ store, clock }: StoreContext, signal: AbortSignal): Promise<void> {
  const before = plusMs(clock.now(), -KEY_LIFE_MS);
  await inPages(signal, () => store.idempotency.prune({ before, limit: PAGE }));
}

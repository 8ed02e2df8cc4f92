/** Finds the orders of a person and forgets them, each in a transaction of its own. */
import { isoDate } from '../../kernel/clock.ts';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import type { ForgottenEntry, ForgottenFile } from '../../store/forgotten-file.ts';
import { EVERY_ORDER } from '../../store/ports/order-search.ts';
import type { StoreContext } from '../context.ts';
import { containsText, forgetOrder, type ForgetOptions, type ForgottenOrder } from './forget-order.ts';

export type ForgetSearch =
  | { readonly by: 'order'; readonly id: OrderId }
  | { readonly by: 'reference'; readonly reference: string; readonly posId: PosId | undefined }
  /** Any text that was written into an order, such as an e-mail address. */
  | { readonly by: 'text'; readonly text: string };

const PAGE = 200;

export async function findPersonalOrders({ store }: Pick<StoreContext, 'store'>, search: ForgetSearch): Promise<OrderId[]> {
  switch (search.by) {
    case 'order':
      return [search.id];
    case 'reference':
      return withReference(store, search);
    case 'text':
      return withText(store, search.text);
  }
}

async function withReference(
  store: StoreContext['store'],
  { reference, posId }: Extract<ForgetSearch, { by: 'reference' }>,
): Promise<OrderId[]> {
  const found: OrderId[] = [];
  for (;;) {
    const { orders: page } = await store.orders.find({
      ...EVERY_ORDER,
      posIds: posId && [posId],
      matches: [{ by: 'reference', reference }],
      before: found.at(-1),
      limit: PAGE,
    });
    found.push(...page.map(({ terms }) => terms.id));
    if (page.length < PAGE) return found;
  }
}

/** Reads the texts of all orders: an index of them would be one more copy to erase. */
async function withText(store: StoreContext['store'], text: string): Promise<OrderId[]> {
  const found: OrderId[] = [];
  let after: OrderId | undefined;
  for (;;) {
    const page = await store.erasure.texts(after, PAGE);
    for (const { id, texts } of page) if (texts.some((written) => containsText(written, text))) found.push(id);
    if (page.length < PAGE) return found;
    after = page.at(-1)?.id;
  }
}

/** @returns what was erased of each order that exists. */
export async function forgetOrders(
  { store, clock }: StoreContext,
  ids: readonly OrderId[],
  { forgotten, ...options }: ForgetOptions & { readonly forgotten: ForgottenFile },
): Promise<ForgottenOrder[]> {
  const results: ForgottenOrder[] = [];
  for (const id of ids) {
    const preview = await forgetOrder(store, id, { ...options, dryRun: true });
    if (preview === undefined) continue;
    if (options.dryRun === true || preview.postponed !== undefined) {
      results.push(preview);
      continue;
    }
    // First, so that an order that is erased here is erased after every restore.
    if (preview.erases.length > 0) await forgotten.add({ id, parameters: preview.parameters }, isoDate(clock.now()));
    results.push((await forgetOrder(store, id, options)) ?? preview);
  }
  return results;
}

/** Erases again what a restored database has of forgotten orders. @returns how many orders had something. */
export async function forgetAgain({ store }: Pick<StoreContext, 'store'>, orders: readonly ForgottenEntry[]): Promise<number> {
  let erased = 0;
  for (const { id, parameters } of orders) {
    const result = await forgetOrder(store, id, { now: true, parameters });
    if (result !== undefined && result.erases.length > 0) erased += 1;
  }
  return erased;
}

/** Writes an order as the contract's JSON text, and caches the text for as long as it stays the same. */
import type { Order } from '../orders/order.ts';
import { expiresInS, orderRetrieval, type OrderInContext } from './order-wire.ts';

/** What the text depends on besides the order. An order is immutable: a changed one is another object. */
interface CachedText extends Pick<OrderInContext, 'pos' | 'account' | 'tipHeight' | 'publicUrl'> {
  readonly expiresInS: number;
  readonly text: string;
}

const cache = new WeakMap<Order, CachedText>();

export function orderText(context: OrderInContext): string {
  const { order, pos, account, tipHeight, publicUrl } = context;
  const secondsLeft = expiresInS(context);
  const cached = cache.get(order);
  if (
    cached !== undefined &&
    cached.pos === pos &&
    cached.account === account &&
    cached.tipHeight === tipHeight &&
    cached.publicUrl === publicUrl &&
    cached.expiresInS === secondsLeft
  )
    return cached.text;
  const text = JSON.stringify(orderRetrieval(context));
  cache.set(order, { pos, account, tipHeight, publicUrl, expiresInS: secondsLeft, text });
  return text;
}

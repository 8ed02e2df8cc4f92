/** An order as the JSON text of the contract, which is made once for as long as it says the same. */
import type { Order } from '../orders/order.ts';
import { expiresInS, orderRetrieval, type OrderInContext } from './order-wire.ts';

/** All that the text depends on beside the order itself, which never changes: a changed order is another value. */
interface CachedText extends Pick<OrderInContext, 'pos' | 'account' | 'tipHeight' | 'publicUrl'> {
  readonly expiresInS: number;
  readonly text: string;
}

const reported = new WeakMap<Order, CachedText>();

export function orderText(context: OrderInContext): string {
  const { order, pos, account, tipHeight, publicUrl } = context;
  const inS = expiresInS(context);
  const before = reported.get(order);
  if (
    before !== undefined &&
    before.pos === pos &&
    before.account === account &&
    before.tipHeight === tipHeight &&
    before.publicUrl === publicUrl &&
    before.expiresInS === inS
  )
    return before.text;
  const text = JSON.stringify(orderRetrieval(context));
  reported.set(order, { pos, account, tipHeight, publicUrl, expiresInS: inS, text });
  return text;
}

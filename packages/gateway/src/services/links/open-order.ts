/** Opens an order from a payment link. It is an ordinary order of the link's POS, created as any other. */
import { createHash } from 'node:crypto';
import { ContractError } from '../../contract/contract-error.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { linkReference, type PaymentLink } from '../../links/payment-link.ts';
import type { Pos } from '../../merchants/pos.ts';
import { formatFiatAmount, type FiatAmount } from '../../orders/fiat.ts';
import type { OrderChangeContext } from '../context.ts';
import { cancelOrder } from '../orders/cancel-order.ts';
import { createOrder, type OrderCreationContext } from '../orders/create-order.ts';
import { creationKey, fillPlace, takePlace, type Taken } from './take-place.ts';

export type LinkOrderContext = OrderChangeContext & OrderCreationContext;

/** What a buyer sends. */
export interface LinkPurchase {
  /** From the form: a form that is sent twice opens one order. */
  readonly token: string;
  readonly amount: FiatAmount;
  readonly note: string | null;
}

export type Opened = Exclude<Taken, { kind: 'taken' }>;

/**
 * @throws ContractError as `createOrder` does, such as 4003 while there is no rate; the place is given back then.
 */
export async function openOrderFromLink(
  context: LinkOrderContext,
  link: PaymentLink,
  pos: Pos,
  purchase: LinkPurchase,
): Promise<Opened> {
  const { store, clock } = context;
  const key = keyOf(purchase);
  const taken = await store.transaction((tx) => takePlace(tx, link, key, clock.now()));
  if (taken.kind !== 'taken') return taken;
  const orderId = await createOrGiveBack(context, link, pos, purchase, key);
  const isFilled = await store.transaction((tx) => fillPlace(tx, link, key, orderId, clock.now()));
  if (isFilled) return { kind: 'ordered', orderId };
  await cancelOrder(context, orderId);
  return { kind: 'unavailable', why: 'sold_out' };
}

async function createOrGiveBack(
  context: LinkOrderContext,
  link: PaymentLink,
  pos: Pos,
  { amount, note }: LinkPurchase,
  key: string,
): Promise<OrderId> {
  const request = {
    fiat: amount,
    callbackUrl: null,
    continueUrl: null,
    cancelUrl: null,
    details: note ?? link.title,
    reference: linkReference(link),
    requiredConfirmations: null,
  };
  try {
    const order = await createOrder(context, pos, request, { key: creationKey(link, key), requestHash: key });
    return order.terms.id;
  } catch (error) {
    // After any other error the order may exist: the place is given up later, if it does not.
    if (error instanceof ContractError) await context.store.transaction((tx) => giveBack(tx, link, key));
    throw error;
  }
}

async function giveBack(tx: Parameters<typeof takePlace>[0], { id }: Pick<PaymentLink, 'id'>, key: string): Promise<void> {
  await tx.links.lock(id);
  await tx.links.deletePlaces(id, [key]);
}

/** The same form with another amount or note is another request. */
function keyOf({ token, amount, note }: LinkPurchase): string {
  const values = [token, amount.currency, formatFiatAmount(amount), note];
  return createHash('sha256').update(JSON.stringify(values)).digest('base64url');
}

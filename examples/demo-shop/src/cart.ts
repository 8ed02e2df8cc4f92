/** What a buyer wants: a quantity of each good, from the fields of the form. */
import { type Good, GOODS } from './goods.ts';

/** The field that holds a good's quantity is named after the good. */
export interface CartLine {
  good: Good;
  quantity: number;
}

export const MAX_QUANTITY = 9;

/** Every good with its quantity; 0 where the form says nothing that can be read. */
export function readCart(fields: URLSearchParams): CartLine[] {
  return GOODS.map((good) => {
    const text = fields.get(good.id) ?? '';
    return { good, quantity: /^\d$/.test(text) ? Number(text) : 0 };
  });
}

/** In euro, such as `8.30`. */
export function total(cart: readonly CartLine[]): string {
  const cents = cart.reduce((sum, { good, quantity }) => sum + centsOf(good) * BigInt(quantity), 0n);
  return `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
}

/** @example describe(cart) // '2 × Flat white, Almond cake' */
export function describe(cart: readonly CartLine[]): string {
  return cart
    .filter(({ quantity }) => quantity > 0)
    .map(({ good, quantity }) => (quantity === 1 ? good.name : `${quantity} × ${good.name}`))
    .join(', ');
}

/** A price of two decimals as a whole number. */
export function centsOf({ price }: Good): bigint {
  return BigInt(price.replace('.', ''));
}

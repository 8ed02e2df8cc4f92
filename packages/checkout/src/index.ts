/** Opens the checkout of a WebPOS gateway as a dialog in a shop's page. */
export { CheckoutLoadError } from './checkout-load-error.ts';
export type { Checkout, CheckoutEnd, CheckoutState, OpenedCheckout, OpenOptions } from './checkout.ts';
export { loadCheckout, type LoadOptions } from './load-checkout.ts';

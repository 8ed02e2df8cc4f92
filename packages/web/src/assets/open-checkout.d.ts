/**
 * Opens a checkout page as a dialog in the shop's own page, message format 1: `WebPOS.open` of `checkout.js`, and `open` of
 * `checkout.mjs`, at any gateway. Next to your code, it needs no import.
 */
declare namespace WebPOS {
  /** The state of a payment order, in the terms of the API. */
  interface CheckoutState {
    /** The order's `uuid`. */
    readonly paymentId: string;
    /** Such as `pending`, `paid`, `expired`, `cancelled`. */
    readonly status: string;
    /** The more detailed status, such as `partial`, `mempool_unconfirmed`, `unconfirmed`. */
    readonly blockchainStatus: string;
  }

  interface OpenOptions {
    /** The `redirect_url` of a payment order. */
    readonly url: string;
    /** Called with the first state and with every change. For display only: deliver goods after the callback. */
    readonly onState?: ((state: CheckoutState) => void) | undefined;
    /**
     * Called when the buyer is done and the dialog has closed. `url` is where the buyer would go: `continue_url` or `cancel_url` with
     * its `payment_id`, or null. Without this function, the browser goes there.
     */
    readonly onDone?: ((end: CheckoutState & { readonly url: string | null }) => void) | undefined;
    /** Called when the buyer has closed the dialog before the end; the order stays open. */
    readonly onClose?: ((state: CheckoutState) => void) | undefined;
  }

  interface OpenedCheckout {
    /** Closes the dialog without a question and without calling your functions. */
    close(): void;
  }

  /**
   * Opens the page of a payment order as a dialog, or goes to that page where it cannot be framed.
   *
   * @throws TypeError that names the wrong option.
   * @example WebPOS.open({ url: order.redirect_url, onDone: ({ status, url }) => location.assign(url ?? '/orders') });
   */
  function open(options: OpenOptions): OpenedCheckout;
}

declare module '*/checkout.mjs' {
  export const open: typeof WebPOS.open;
  export type CheckoutState = WebPOS.CheckoutState;
  export type OpenOptions = WebPOS.OpenOptions;
  export type OpenedCheckout = WebPOS.OpenedCheckout;
}

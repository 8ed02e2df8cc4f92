/** The interface of a gateway's checkout script, version 1: see `docs/checkout.md`. */

/** The state of a payment order, in the words of the API. */
export interface CheckoutState {
  /** The order's `uuid`. */
  readonly paymentId: string;
  /** `pending`, `paid`, `expired`, `cancelled`, `network_dispute` or `chargeback`. */
  readonly status: string;
  /** The more detailed state, such as `partial`, `mempool_unconfirmed` or `unconfirmed`. */
  readonly blockchainStatus: string;
}

/** The state in which the buyer finished. */
export interface CheckoutEnd extends CheckoutState {
  /** The order's `continue_url` or `cancel_url` with its `payment_id`; null if it has none. */
  readonly url: string | null;
}

/** What the checkout calls. Use it for display only: deliver goods when the callback arrives. */
export interface CheckoutHandlers {
  /** Called with the first state and with every change. */
  readonly onState?: ((state: CheckoutState) => void) | undefined;
  /** Called when the buyer has finished and the dialog is closed. Without it, the browser goes to `url`. */
  readonly onDone?: ((end: CheckoutEnd) => void) | undefined;
  /** Called when the buyer has closed the dialog early; the order stays open. */
  readonly onClose?: ((state: CheckoutState) => void) | undefined;
}

/** The order to pay, and what the checkout calls. */
export interface OpenOptions extends CheckoutHandlers {
  /** The `redirect_url` of a payment order. */
  readonly url: string;
}

/** An open dialog. */
export interface OpenedCheckout {
  /** Closes the dialog without a question to the buyer and without calling a handler. */
  close(): void;
}

/** The checkout script of a gateway. */
export interface Checkout {
  /**
   * Opens the page of a payment order as a dialog, or goes to that page if it cannot be framed.
   *
   * @throws TypeError naming the wrong option.
   * @example
   * checkout.open({ url: order.redirect_url, onDone: ({ url }) => location.assign(url ?? '/orders') });
   */
  open(options: OpenOptions): OpenedCheckout;
}

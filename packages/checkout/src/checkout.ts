/** What a gateway's checkout script offers, format 1: see `docs/checkout.md`. */

/** Where a payment order stands, in the words of the API. */
export interface CheckoutState {
  /** The order's `uuid`. */
  readonly paymentId: string;
  /** Such as `pending`, `paid`, `expired`, `cancelled`. */
  readonly status: string;
  /** The finer one, such as `partial`, `mempool_unconfirmed`, `unconfirmed`. */
  readonly blockchainStatus: string;
}

/** The state in which the buyer was done. */
export interface CheckoutEnd extends CheckoutState {
  /** The order's `continue_url` or `cancel_url` with its `payment_id`, or null where it has none. */
  readonly url: string | null;
}

/** Whom the checkout tells. It is for the eye: deliver goods by the callback alone. */
export interface CheckoutHandlers {
  /** Called with the first state, and with every other. */
  readonly onState?: ((state: CheckoutState) => void) | undefined;
  /** Called when the buyer is done, the dialog being closed. Without it the browser goes to `url`. */
  readonly onDone?: ((end: CheckoutEnd) => void) | undefined;
  /** Called when the buyer has closed the dialog before the end; the order stays open. */
  readonly onClose?: ((state: CheckoutState) => void) | undefined;
}

/** Which order is paid, and whom the checkout tells. */
export interface OpenOptions extends CheckoutHandlers {
  /** The `redirect_url` of a payment order. */
  readonly url: string;
}

/** A dialog that is open. */
export interface OpenedCheckout {
  /** Closes the dialog without a question and without a call. */
  close(): void;
}

/** The checkout script of a gateway. */
export interface Checkout {
  /**
   * Opens the page of a payment order as a dialog, or goes to that page where it cannot be framed.
   *
   * @throws TypeError naming the option that is wrong.
   */
  open(options: OpenOptions): OpenedCheckout;
}

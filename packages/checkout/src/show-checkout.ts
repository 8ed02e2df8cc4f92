/** What the components share: a checkout that is shown as long as a component is, with handlers that may change meanwhile. */
import type { CheckoutHandlers, OpenedCheckout } from './checkout.ts';
import { CheckoutLoadError } from './checkout-load-error.ts';
import { loadCheckout, type LoadOptions } from './load-checkout.ts';

/** What a component is given. */
export interface CheckoutProps extends CheckoutHandlers, LoadOptions {
  /** The gateway's base URL, as in `https://pay.example`. Anyone who chooses it runs code in the page. */
  readonly gateway: string;
  /** The `redirect_url` of a payment order. While none exists, nothing is shown, and the script is loaded in advance. */
  readonly url?: string | null | undefined;
  /**
   * Called when the checkout cannot be shown: with a `CheckoutLoadError`, or a `TypeError` that names the property that is wrong.
   * Without it the browser goes to `url` when the script cannot be loaded, as it does where a dialog cannot be had.
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Shows the checkout of an order.
 *
 * @param latest The properties as they are when something has happened.
 * @returns what closes the checkout, without a question and without a call.
 */
export function showCheckout({ gateway, url, nonce }: CheckoutProps, latest: () => CheckoutProps): () => void {
  let isClosed = false;
  let opened: OpenedCheckout | undefined;
  loadCheckout(gateway, { nonce })
    .then((checkout) => {
      if (isClosed || url == null) return;
      opened = checkout.open({
        url,
        onState: (state) => latest().onState?.(state),
        onDone: (end) => {
          const { onDone } = latest();
          if (onDone) onDone(end);
          else if (end.url !== null) location.assign(end.url);
        },
        onClose: (state) => latest().onClose?.(state),
      });
    })
    .catch((error: unknown) => {
      if (isClosed) return;
      const { onError } = latest();
      if (onError) onError(error);
      else if (!(error instanceof CheckoutLoadError)) throw error;
      else if (url != null && isWebUrl(url)) location.assign(url);
    });
  return () => {
    isClosed = true;
    opened?.close();
  };
}

/** Others, such as `javascript:`, would run in the page. */
function isWebUrl(url: string): boolean {
  return /^https?:/i.test(url);
}

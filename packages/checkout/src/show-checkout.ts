/** What the components share: a checkout that is open while a component is mounted, with handlers that may change meanwhile. */
import type { CheckoutHandlers, OpenedCheckout } from './checkout.ts';
import { CheckoutLoadError } from './checkout-load-error.ts';
import { loadCheckout, type LoadOptions } from './load-checkout.ts';

/** The properties of a component. */
export interface CheckoutProps extends CheckoutHandlers, LoadOptions {
  /** The gateway's base URL, such as `https://pay.example`. It decides whose code runs in the page. */
  readonly gateway: string;
  /** The `redirect_url` of a payment order. Without it, nothing is shown, and the script is loaded in advance. */
  readonly url?: string | null | undefined;
  /**
   * Called if the checkout cannot be shown, with a `CheckoutLoadError`, or a `TypeError` naming the wrong property. Without it,
   * the browser goes to `url` if the script cannot be loaded, as it does if the page cannot be framed.
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Shows the checkout of an order.
 *
 * @param latest returns the current properties.
 * @returns a function that closes the checkout without a question to the buyer and without calling a handler.
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

/** Other schemes, such as `javascript:`, would run in the page. */
function isWebUrl(url: string): boolean {
  return /^https?:/i.test(url);
}

/** Loads a gateway's checkout script once per page. A failed load is not remembered, so that the next call tries again. */
import type { Checkout } from './checkout.ts';
import { CheckoutLoadError } from './checkout-load-error.ts';

/** How the script is loaded. */
export interface LoadOptions {
  /** The nonce of the page's Content-Security-Policy, if it allows scripts by nonce. */
  readonly nonce?: string | undefined;
}

const loads = new Map<string, Promise<Checkout>>();

/**
 * Loads the checkout script of a gateway. Call it early in a browser, so that the dialog opens at once.
 *
 * @param gateway the gateway's base URL, such as `https://pay.example` or `https://shop.example/pay`. It decides whose code
 *   runs in the page: take it from your settings, never from a request.
 * @returns a promise of the script's interface. It rejects with a `CheckoutLoadError` if the script cannot be loaded or there
 *   is no page, as on a server, and with a `TypeError` if `gateway` is not an http or https URL.
 * @example
 * const checkout = await loadCheckout('https://pay.example');
 * checkout.open({ url: order.redirect_url, onDone: ({ url }) => location.assign(url ?? '/orders') });
 */
export async function loadCheckout(gateway: string, options: LoadOptions = {}): Promise<Checkout> {
  const url = scriptUrl(gateway);
  if (typeof document === 'undefined') throw new CheckoutLoadError(url, 'expected a browser, found no document');
  const load = loads.get(url) ?? loaded(url) ?? loadScript(url, options);
  loads.set(url, load);
  try {
    return await load;
  } catch (error) {
    if (loads.get(url) === load) loads.delete(url);
    throw error;
  }
}

function scriptUrl(gateway: string): string {
  let base: URL | undefined;
  try {
    base = new URL(gateway);
  } catch {
    // An invalid URL is refused below.
  }
  if (base?.protocol !== 'https:' && base?.protocol !== 'http:')
    throw new TypeError(
      `gateway: expected the base URL of a gateway, such as https://pay.example, got ${JSON.stringify(gateway)}`,
    );
  return `${base.origin}${base.pathname.replace(/\/+$/, '')}/checkout.js`;
}

/** Uses the script if a tag of the page has loaded it. */
function loaded(url: string): Promise<Checkout> | undefined {
  const checkout = left();
  const isOfPage = [...document.scripts].some(({ src }) => src === url);
  return checkout !== undefined && isOfPage ? Promise.resolve(checkout) : undefined;
}

/** Returns the global that the script defines. */
function left(): Checkout | undefined {
  const checkout = (globalThis as { WebPOS?: Partial<Checkout> }).WebPOS;
  return typeof checkout?.open === 'function' ? (checkout as Checkout) : undefined;
}

function loadScript(url: string, { nonce }: LoadOptions): Promise<Checkout> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    const fail = (why: string): void => {
      script.remove();
      reject(new CheckoutLoadError(url, why));
    };
    script.addEventListener('error', () => fail('the checkout script could not be loaded'));
    script.addEventListener('load', () => {
      const checkout = left();
      if (checkout !== undefined) resolve(checkout);
      else fail('expected the checkout script of a gateway, got something else');
    });
    if (nonce !== undefined) script.nonce = nonce;
    script.src = url;
    document.head.append(script);
  });
}

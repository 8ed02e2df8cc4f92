/**
 * Loads a gateway's checkout script, once for a page however often it is asked for. A load that failed is not kept, so that the next
 * one tries again.
 */
import type { Checkout } from './checkout.ts';
import { CheckoutLoadError } from './checkout-load-error.ts';

/** How the script is loaded. */
export interface LoadOptions {
  /** The nonce of the page's Content-Security-Policy, where it allows scripts by one. */
  readonly nonce?: string | undefined;
}

const loads = new Map<string, Promise<Checkout>>();

/**
 * Loads the checkout script of a gateway. It may be called at any time in a browser, and early is good: then the dialog opens at once.
 *
 * @param gateway The gateway's base URL, as in `https://pay.example` or `https://shop.example/pay`. Anyone who chooses it runs code in the
 * page: take it from your settings, not from a request.
 * @returns a promise that rejects with a `CheckoutLoadError` where the script cannot be loaded or there is no page, as on a server, and
 * with a `TypeError` when `gateway` is no http or https URL.
 * @example
 * const checkout = await loadCheckout('https://pay.example');
 * checkout.open({ url: order.redirect_url, onDone: ({ url }) => location.assign(url ?? '/orders') });
 */
export async function loadCheckout(gateway: string, options: LoadOptions = {}): Promise<Checkout> {
  const url = scriptUrl(gateway);
  if (typeof document === 'undefined') throw new CheckoutLoadError(url, 'expected a browser, there is no document');
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
    // What is no URL is refused below.
  }
  if (base?.protocol !== 'https:' && base?.protocol !== 'http:')
    throw new TypeError(
      `gateway: expected the base URL of a gateway, such as https://pay.example, got ${JSON.stringify(gateway)}`,
    );
  return `${base.origin}${base.pathname.replace(/\/+$/, '')}/checkout.js`;
}

/** Where a script tag of the page has loaded it. */
function loaded(url: string): Promise<Checkout> | undefined {
  const checkout = left();
  const isOfPage = [...document.scripts].some(({ src }) => src === url);
  return checkout !== undefined && isOfPage ? Promise.resolve(checkout) : undefined;
}

/** What the script leaves behind. */
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

/**
 * The checkout script could not be loaded: the network failed, a policy of the page forbids it, or the URL has no gateway.
 * Another attempt may succeed.
 *
 * @example
 * loadCheckout('https://pay.example').catch((error) => error instanceof CheckoutLoadError && console.warn(error.url));
 */
export class CheckoutLoadError extends Error {
  /** The URL of the script. */
  declare readonly url: string;

  constructor(url: string, why: string) {
    super(`${url}: ${why}`);
    this.name = 'CheckoutLoadError';
    this.url = url;
  }
}

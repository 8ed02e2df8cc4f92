/** The checkout script could not be loaded: the network, a policy of the page, or no gateway there. Loading it again may succeed. */
export class CheckoutLoadError extends Error {
  /** The script's URL. */
  declare readonly url: string;

  constructor(url: string, why: string) {
    super(`${url}: ${why}`);
    this.name = 'CheckoutLoadError';
    this.url = url;
  }
}

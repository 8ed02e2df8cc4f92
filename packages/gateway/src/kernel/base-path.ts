/** Returns the path of a public URL without a trailing slash, such as `/pay`; empty when the gateway has a host of its own. */
export function basePathOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/+$/, '');
}

/**
 * Removes the base path from a request's path. Some proxies pass the base on, others remove it. A base may have the same name as one
 * of our routes, so it is removed only if what follows it is a route.
 *
 * @param isRoute Whether any route begins with the segment, such as `checkout`.
 * @example withoutBase('/pay/checkout/1', '/pay', (segment) => segment === 'checkout') // '/checkout/1'
 */
export function withoutBase(url: string, basePath: string, isRoute: (segment: string) => boolean): string {
  if (basePath === '' || !url.startsWith(`${basePath}/`)) return url;
  const rest = url.slice(basePath.length);
  return isRoute(firstSegment(rest)) ? rest : url;
}

/**
 * Returns the first segment of a path.
 *
 * @example firstSegment('/checkout/1?a=b') // 'checkout'
 */
export function firstSegment(url: string): string {
  return /^\/([^/?#]*)/.exec(url)?.[1] ?? '';
}

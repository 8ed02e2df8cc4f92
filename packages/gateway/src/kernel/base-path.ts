/** @returns the path of a public URL without a slash at its end, such as `/pay`; empty when the gateway has its host for itself. */
export function basePathOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/+$/, '');
}

/**
 * The path as the routes know it: without the base, which some proxies pass on and others take off. A base may be called as one
 * of our own routes is, so that it counts as one only when a route can begin behind it.
 *
 * @param isRoute whether any route begins with a segment, such as `checkout`.
 * @example withoutBase('/pay/checkout/1', '/pay', (segment) => segment === 'checkout') // '/checkout/1'
 */
export function withoutBase(url: string, basePath: string, isRoute: (segment: string) => boolean): string {
  if (basePath === '' || !url.startsWith(`${basePath}/`)) return url;
  const rest = url.slice(basePath.length);
  return isRoute(firstSegment(rest)) ? rest : url;
}

/** @example firstSegment('/checkout/1?a=b') // 'checkout' */
export function firstSegment(url: string): string {
  return /^\/([^/?#]*)/.exec(url)?.[1] ?? '';
}

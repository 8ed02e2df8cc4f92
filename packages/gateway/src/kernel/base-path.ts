/** @returns the path of a public URL without a slash at its end, such as `/pay`; empty when the gateway has its host for itself. */
export function basePathOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/+$/, '');
}

/**
 * The path as the routes know it: without the base, which some proxies pass on and others take off.
 *
 * @example withoutBase('/pay/checkout/1', '/pay') // '/checkout/1'
 */
export function withoutBase(url: string, basePath: string): string {
  return basePath !== '' && url.startsWith(`${basePath}/`) ? url.slice(basePath.length) : url;
}

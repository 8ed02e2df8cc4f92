/**
 * Returns where the checkout page sends the buyer: the shop's URL with `payment_id` appended to its query.
 *
 * One shop plug-in passes a URL that ends in `&` and then reads a parameter named `?payment_id`. So a URL that ends in `&` gets both names.
 *
 * @example returnUrl('https://shop.example/thanks', id) // 'https://shop.example/thanks?payment_id=...'
 */
export function returnUrl(url: string, orderId: string): string {
  const hashAt = url.indexOf('#');
  const base = hashAt === -1 ? url : url.slice(0, hashAt);
  const fragment = hashAt === -1 ? '' : url.slice(hashAt);
  return `${base}${joined(base, `payment_id=${orderId}`)}${fragment}`;
}

function joined(base: string, parameter: string): string {
  if (base.endsWith('&')) return `${parameter}&?${parameter}`;
  const queryAt = base.indexOf('?');
  if (queryAt === -1) return `?${parameter}`;
  return queryAt === base.length - 1 ? parameter : `&${parameter}`;
}

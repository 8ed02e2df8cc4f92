/** Names what a page says, so that an open page, which asks again and again, is told in a few bytes that there is no news (RFC 9110, 8.8.3). */
import { createHash } from 'node:crypto';
import { assets, type CheckoutView, type Language } from '@webpos/web';

/**
 * The same as long as nothing but the clock moves, which runs by itself.
 *
 * @param route Which of an order's pages it is.
 */
export function pageTag(route: string, view: CheckoutView, language: Language): string {
  const output = JSON.stringify({ ...view, expiresInS: view.expiresInS > 0 });
  return `W/"${hash([RELEASE, route, language.tag, output].join(' '))}"`;
}

/** Another release may say the same in another way. */
const RELEASE = hash([...assets.values()].map(({ body }) => body).join(''));

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 27);
}

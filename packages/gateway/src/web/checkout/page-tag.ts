/** The entity tag of a page: it lets an open page, which keeps polling, learn in a few bytes that nothing has changed (RFC 9110, 8.8.3). */
import { createHash } from 'node:crypto';
import { pageRelease, type CheckoutView, type Reader } from '@webpos/web';
import { VERSION } from '../../kernel/version.ts';

/** Names this version of the pages. An open page of another version reloads, since its styles and scripts differ. */
export const RELEASE: string = `${VERSION}-${pageRelease}`;

/**
 * Stays the same while only the clock moves.
 *
 * @param route Which of an order's pages it is.
 */
export function pageTag(route: string, view: CheckoutView, { language, locale }: Reader): string {
  const output = JSON.stringify({ ...view, expiresInS: view.expiresInS > 0 });
  return `W/"${hash([RELEASE, route, language.tag, locale, output].join(' '))}"`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 27);
}

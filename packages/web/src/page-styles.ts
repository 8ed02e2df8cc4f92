/** The styles in a page's head. The policy names each by its hash, so that none of another's making is obeyed. */
import { accentCss } from './accent.ts';
import { checkoutCss } from './assets/embedded.ts';

/** @param accent The merchant's colour; null: the page's own. */
export function pageStyles(accent: string | null): string[] {
  const own = accent === null ? null : accentCss(accent);
  return own === null ? [checkoutCss] : [checkoutCss, own];
}

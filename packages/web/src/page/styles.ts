/** The inline styles of a page. Its policy allows each by its hash, and no other. */
import { createHash } from 'node:crypto';

import { accentCss } from './accent.ts';
import { checkoutCss } from '../asset-files.ts';
import { leanCss } from './lean.ts';
import { themes } from './themes.ts';

export interface PageStyle {
  css: string;
  /** As a Content-Security-Policy names it, such as `sha256-…`. */
  hash: string;
}

/** @param accent The merchant's colour; null: the default. */
export function pageStyles(accent: string | null): readonly PageStyle[] {
  if (accent === null) return OWN;
  const known = withAccent.get(accent);
  if (known !== undefined) return known;
  const css = accentCss(accent, themes);
  const styles = css === null ? OWN : [...OWN, hashed(css)];
  if (withAccent.size >= MAX_ENTRIES) withAccent.clear();
  withAccent.set(accent, styles);
  return styles;
}

const OWN: readonly PageStyle[] = [hashed(leanCss(checkoutCss))];
const withAccent = new Map<string, readonly PageStyle[]>();
/** Merchants have few colours; a program that makes up more must not fill the memory. */
const MAX_ENTRIES = 1_000;

/** Pairs a style with its hash for the policy. */
function hashed(css: string): PageStyle {
  return { css, hash: `sha256-${createHash('sha256').update(css).digest('base64')}` };
}

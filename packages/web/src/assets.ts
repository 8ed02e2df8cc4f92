/**
 * The files that the pages load, embedded as text, so that they survive any bundler: `embedded.ts` holds the text of
 * the files in `assets/`, written by `npm run embed`, and a test fails when the two differ.
 */
import { createHash } from 'node:crypto';

import { checkoutJs } from './assets/embedded.ts';

export interface Asset {
  contentType: string;
  body: string;
}

/** By path. */
export const assets: ReadonlyMap<string, Asset> = new Map([
  ['/assets/checkout.js', { contentType: 'text/javascript; charset=utf-8', body: checkoutJs }],
]);

/** The URL of an asset, with a fingerprint of its text: a new release never meets an old file in a cache. */
export function assetUrl(path: string): string {
  const url = urls.get(path);
  if (url === undefined) throw new Error(`no asset ${path}`);
  return url;
}

const urls: ReadonlyMap<string, string> = new Map(
  [...assets].map(([path, { body }]) => [path, `${path}?v=${createHash('sha256').update(body).digest('hex').slice(0, 12)}`]),
);

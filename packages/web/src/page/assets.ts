/** The files that the pages load, and those that shops load, by path. */
import { createHash } from 'node:crypto';

import {
  checkoutCss,
  checkoutJs,
  framedJs,
  iconSvg,
  openCheckoutJs,
  openCheckoutTypes,
  panelCss,
  panelLiveJs,
  panelSettingsJs,
  panelPasskeysJs,
} from '../asset-files.ts';
import { leanCss, leanJs } from './lean.ts';

const JAVASCRIPT = 'text/javascript; charset=utf-8';

export interface Asset {
  contentType: string;
  body: string;
}

/** By path. */
export const assets: ReadonlyMap<string, Asset> = new Map([
  ['/assets/checkout.js', { contentType: JAVASCRIPT, body: leanJs(checkoutJs) }],
  ['/assets/framed.js', { contentType: JAVASCRIPT, body: leanJs(framedJs) }],
  ['/assets/panel-settings.js', { contentType: JAVASCRIPT, body: leanJs(panelSettingsJs) }],
  ['/assets/panel-passkeys.js', { contentType: JAVASCRIPT, body: leanJs(panelPasskeysJs) }],
  ['/assets/panel.css', { contentType: 'text/css; charset=utf-8', body: leanCss([...colours(), ...panelCss].join('\n')) }],
  ['/assets/panel-live.js', { contentType: JAVASCRIPT, body: leanJs(panelLiveJs) }],
  ['/assets/icon.svg', { contentType: 'image/svg+xml', body: iconSvg }],
]);

/**
 * The files that shops load from the gateway to open a checkout page as a dialog, by path: a plain script, an ES module, and the
 * types. Their URLs never change, so that a shop need not know about new releases.
 */
export const shopAssets: ReadonlyMap<string, Asset> = new Map([
  ['/checkout.js', { contentType: JAVASCRIPT, body: asPlainScript(openCheckoutJs) }],
  ['/checkout.mjs', { contentType: JAVASCRIPT, body: openCheckoutJs }],
  ['/checkout.d.ts', { contentType: 'text/plain; charset=utf-8', body: openCheckoutTypes }],
]);

/** Returns the URL of an asset with a fingerprint of its text, so that a new release never uses an old file from a cache. */
export function assetUrl(path: string): string {
  const url = urls.get(path);
  if (url === undefined) throw new Error(`no asset ${path}`);
  return url;
}

const urls: ReadonlyMap<string, string> = new Map(
  [...assets].map(([path, { body }]) => [path, `${path}?v=${createHash('sha256').update(body).digest('hex').slice(0, 12)}`]),
);

/** Turns the module's one export into `WebPOS.open`, without any other global. */
function asPlainScript(module: string): string {
  return `(() => {\n'use strict';\n${module.replace(/^export (?=function open\()/m, '')}\nglobalThis.WebPOS = { open };\n})();\n`;
}

/** The checkout page's colours in both themes, read from its style sheet so that there is one definition. */
function colours(): string[] {
  return [/^:root \{[^}]*\}/m, /^@media \(prefers-color-scheme: dark\) \{\s*:root \{[^}]*\}\s*\}/m].map((block) => {
    const [css] = block.exec(checkoutCss) ?? [];
    if (css === undefined) throw new Error('checkout.css: expected a :root for each theme');
    return css;
  });
}

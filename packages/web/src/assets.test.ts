import { readFileSync } from 'node:fs';
import { createContext, Script } from 'node:vm';

import { expect, it } from 'vitest';

import { checkoutCss, checkoutJs, iconSvg } from './assets/embedded.ts';
import { panelCss } from './assets/embedded-panel.ts';
import { framedJs, openCheckoutJs, openCheckoutTypes } from './assets/embedded-frame.ts';
import { assets, assetUrl, shopAssets } from './assets.ts';

const embedded: Readonly<Record<string, string>> = {
  'checkout.css': checkoutCss,
  'checkout.js': checkoutJs,
  'panel.css': panelCss,
  'icon.svg': iconSvg,
  'framed.js': framedJs,
  'open-checkout.js': openCheckoutJs,
  'open-checkout.d.ts': openCheckoutTypes,
};

it.each(Object.keys(embedded))('%s is embedded as it stands (else: npm run embed --workspace packages/web)', (file) => {
  const onDisk = readFileSync(new URL(`assets/${file}`, import.meta.url), 'utf8');
  expect(embedded[file]).toBe(onDisk);
});

it('serves each file under its own type', () => {
  expect([...assets].map(([path, { contentType }]) => [path, contentType])).toEqual([
    ['/assets/checkout.js', 'text/javascript; charset=utf-8'],
    ['/assets/framed.js', 'text/javascript; charset=utf-8'],
    ['/assets/icon.svg', 'image/svg+xml'],
  ]);
});

it.each([...assets.keys()].filter((path) => path.endsWith('.js')))('serves %s, which parses', (path) => {
  expect(() => new Script(assets.get(path)?.body ?? '')).not.toThrow();
});

it('gives shops one script in two forms, of which the plain one leaves nothing behind but WebPOS', () => {
  const world = createContext({});
  new Script(shopAssets.get('/checkout.js')?.body ?? '').runInContext(world);
  expect(Object.keys(world)).toEqual(['WebPOS']);
  expect(typeof (world as { WebPOS: { open: unknown } }).WebPOS.open).toBe('function');
  expect(shopAssets.get('/checkout.mjs')?.body).toMatch(/^export function open\(/m);
});

it('refuses the URL of a file that it does not serve', () => {
  expect(() => assetUrl('/assets/other.js')).toThrow('no asset /assets/other.js');
});

import { createContext, Script } from 'node:vm';

import { expect, it } from 'vitest';

import { assets, assetUrl, shopAssets } from './assets.ts';

it('every asset has its own type', () => {
  expect([...assets].map(([path, { contentType }]) => [path, contentType])).toEqual([
    ['/assets/checkout.js', 'text/javascript; charset=utf-8'],
    ['/assets/framed.js', 'text/javascript; charset=utf-8'],
    ['/assets/panel-settings.js', 'text/javascript; charset=utf-8'],
    ['/assets/panel-passkeys.js', 'text/javascript; charset=utf-8'],
    ['/assets/panel.css', 'text/css; charset=utf-8'],
    ['/assets/panel-live.js', 'text/javascript; charset=utf-8'],
    ['/assets/icon.svg', 'image/svg+xml'],
  ]);
});

it.each([...assets.keys()].filter((path) => path.endsWith('.js')))('the asset %s is a script that parses', (path) => {
  expect(() => new Script(assets.get(path)?.body ?? '')).not.toThrow();
});

it('the script for shops comes in two forms, and the plain one defines only WebPOS', () => {
  const world = createContext({});
  new Script(shopAssets.get('/checkout.js')?.body ?? '').runInContext(world);
  expect(Object.keys(world)).toEqual(['WebPOS']);
  expect(typeof (world as { WebPOS: { open: unknown } }).WebPOS.open).toBe('function');
  expect(shopAssets.get('/checkout.mjs')?.body).toMatch(/^export function open\(/m);
});

it('an unknown asset has no URL', () => {
  expect(() => assetUrl('/assets/other.js')).toThrow('no asset /assets/other.js');
});

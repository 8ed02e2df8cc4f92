import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';

import { expect, it } from 'vitest';

import { checkoutCss, checkoutJs } from './assets/embedded.ts';
import { assets, assetUrl } from './assets.ts';

const embedded: Readonly<Record<string, string>> = { 'checkout.css': checkoutCss, 'checkout.js': checkoutJs };

it.each(Object.keys(embedded))('%s is embedded as it stands (else: npm run embed --workspace packages/web)', (file) => {
  const onDisk = readFileSync(new URL(`assets/${file}`, import.meta.url), 'utf8');
  expect(embedded[file]).toBe(onDisk);
});

it('serves each file under its own type', () => {
  expect([...assets].map(([path, { contentType }]) => [path, contentType])).toEqual([
    ['/assets/checkout.js', 'text/javascript; charset=utf-8'],
  ]);
});

it('serves a script that parses', () => {
  expect(() => new Script(assets.get('/assets/checkout.js')?.body ?? '')).not.toThrow();
});

it('refuses the URL of a file that it does not serve', () => {
  expect(() => assetUrl('/assets/other.js')).toThrow('no asset /assets/other.js');
});

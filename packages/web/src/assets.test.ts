import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';

import { expect, it } from 'vitest';

import { assets, assetUrl } from './assets.ts';

it.each(['checkout.css', 'checkout.js'])('%s is embedded as it stands (else: npm run embed --workspace packages/web)', (file) => {
  const onDisk = readFileSync(new URL(`assets/${file}`, import.meta.url), 'utf8');
  expect(assets.get(`/assets/${file}`)?.body).toBe(onDisk);
});

it('serves each file under its own type', () => {
  expect([...assets].map(([path, { contentType }]) => [path, contentType])).toEqual([
    ['/assets/checkout.css', 'text/css; charset=utf-8'],
    ['/assets/checkout.js', 'text/javascript; charset=utf-8'],
  ]);
});

it('serves a script that parses', () => {
  expect(() => new Script(assets.get('/assets/checkout.js')?.body ?? '')).not.toThrow();
});

it('refuses the URL of a file that it does not serve', () => {
  expect(() => assetUrl('/assets/other.js')).toThrow('no asset /assets/other.js');
});

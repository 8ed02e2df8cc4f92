/** @jsxRuntime automatic @jsxImportSource preact */
import jsqr from 'jsqr';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';

import { QrCode } from './qr-code.tsx';
import { qrSegments } from './qr-segments.ts';

const SEGWIT = 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq';
const ADDRESSES = [
  { kind: 'P2PKH', address: '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', capitals: false },
  { kind: 'P2SH', address: '3P14159f73E4gFr7JterCCQh9QjiTjiZrG', capitals: false },
  { kind: 'P2PKH of a test network', address: 'mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn', capitals: false },
  { kind: 'P2WPKH', address: SEGWIT, capitals: true },
  { kind: 'P2WSH', address: 'bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3', capitals: true },
  { kind: 'P2TR', address: 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0', capitals: true },
  { kind: 'P2WPKH of a test network', address: 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx', capitals: true },
  { kind: 'P2WPKH of regtest', address: 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080', capitals: true },
];
const AMOUNTS = [
  '',
  '?amount=0.00000546',
  '?amount=0.1',
  '?amount=1',
  '?amount=21000000',
  '?amount=0.00016667&label=Caf%C3%A9%20%26%20Co.',
];

describe.each(ADDRESSES)('a code for $kind', ({ address, capitals }) => {
  it.each(AMOUNTS)('is read back as the very URI, with %j', (query) => {
    const uri = `bitcoin:${address}${query}`;
    expect(read(uri)).toBe(capitals ? `BITCOIN:${address.toUpperCase()}${query}` : uri);
  });
});

it('a code has fewer squares for its capitals', () => {
  const uri = `bitcoin:${SEGWIT}?amount=0.00016667`;
  expect([side(uri), side(uri.replace('bitcoin:', 'BITCOIN:'))]).toEqual([33, 37]);
});

it('a code changes no letter of what may not be in capitals', () => {
  for (const text of [`bitcoin:${SEGWIT.replace('a', 'A')}`, 'https://shop.example/?a=b', 'bitcoin:'])
    expect(qrSegments(text)).toEqual([{ mode: 'Byte', text }]);
});

it('a code is dark on white, within four modules of white', () => {
  const svg = svgOf(`bitcoin:${SEGWIT}`);
  const all = side(`bitcoin:${SEGWIT}`) + 8;
  expect(svg).toContain(`viewBox="0 0 ${all} ${all}"`);
  expect(svg).toContain(`<rect width="${all}" height="${all}" fill="#fff"`);
  for (const { x, y, run } of runs(svg)) {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(4);
    expect(Math.max(x + run, y + 1)).toBeLessThanOrEqual(all - 4);
  }
});

function svgOf(uri: string): string {
  return renderToString(<QrCode uri={uri} label="pay" />);
}

function side(uri: string): number {
  return Number(/viewBox="0 0 (\d+)/.exec(svgOf(uri))?.[1]) - 8;
}

function runs(svg: string): { x: number; y: number; run: number }[] {
  let [x, y] = [0, 0];
  return [...svg.matchAll(/(?:M(\d+) (\d+)\.5|m(\d+) 0)h(\d+)/g)].map(([, left, top, step, length]) => {
    [x, y] = left === undefined ? [x + Number(step), y] : [Number(left), Number(top)];
    const run = { x, y, run: Number(length) };
    x += run.run;
    return run;
  });
}

/** What a scanner reads in the picture, drawn as the path says, three pixels to a module. */
function read(uri: string): string | undefined {
  const svg = svgOf(uri);
  const pixels = (side(uri) + 8) * 3;
  const picture = new Uint8ClampedArray(pixels * pixels * 4).fill(255);
  for (const { x, y, run } of runs(svg))
    for (let row = y * 3; row < y * 3 + 3; row += 1)
      for (let column = x * 3; column < (x + run) * 3; column += 1) picture.set([0, 0, 0, 255], (row * pixels + column) * 4);
  return jsqr.default(picture, pixels, pixels)?.data;
}

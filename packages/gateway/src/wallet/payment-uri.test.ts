import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadVectors } from '../../test/vectors/load.ts';
import { MAX_SATS, sats } from '../kernel/sats.ts';
import { paymentUri } from './payment-uri.ts';

interface UriVector {
  readonly type: string;
  readonly uri: string;
  readonly valid: boolean;
  readonly error_class?: string;
  readonly instructions?: unknown;
  readonly ignored_keys?: unknown;
  readonly amount?: string;
  readonly address: string | null;
  readonly amount_sat?: number;
  readonly label?: string;
  readonly message?: string;
}
const address = 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu';

describe('a payment URI (BIP 321)', () => {
  const published = loadVectors<UriVector>('bip321');
  const vectors = published.filter(({ type, valid, amount_sat }) => type === 'uri' && valid && amount_sat !== undefined);

  it('matches every published one of our kind, and the others are counted', () => {
    const kinds: Record<string, number> = {};
    for (const vector of published) kinds[kindOf(vector)] = (kinds[kindOf(vector)] ?? 0) + 1;
    expect(kinds).toEqual({
      'address and amount': 2,
      'no amount': 2, // ours always has one
      'other instructions': 10, // lightning, silent payments, several addresses: we have one address
      'other keys': 1,
      'proof of payment': 5, // we ask for none
      invalid: 6, // for readers to reject: unknown required keys, a duplicate key, an address under another network's key
      amount: 3,
    });
  });

  function kindOf({ type, valid, instructions, ignored_keys, amount_sat }: UriVector): string {
    if (type === 'amount') return 'amount';
    if (type === 'proof_of_payment') return 'proof of payment';
    if (!valid) return 'invalid';
    if (instructions !== undefined) return 'other instructions';
    if (ignored_keys !== undefined) return 'other keys';
    return amount_sat === undefined ? 'no amount' : 'address and amount';
  }

  it.each(vectors)('is written as published: $uri', ({ uri, address, amount_sat, label, message }) => {
    expect(paymentUri({ address: address!, amount: sats(BigInt(amount_sat!)), label, message })).toBe(uri);
  });

  it('formats the amounts of the published ones in the shortest form', () => {
    const amounts = published.filter(({ type, valid }) => type === 'amount' && valid);
    expect(amounts.map(({ amount }) => amount)).toEqual(['50.00', '50']);
    for (const { amount_sat } of amounts)
      expect(paymentUri({ address, amount: sats(BigInt(amount_sat!)) })).toBe(`bitcoin:${address}?amount=50`);
  });

  it.each([
    [1n, '0.00000001'],
    [600n, '0.000006'],
    [150_000_000n, '1.5'],
    [100_000_000n, '1'],
    [MAX_SATS, '21000000'],
  ])('formats %s satoshi as %s bitcoin', (amount, text) => {
    expect(paymentUri({ address, amount: sats(amount) })).toBe(`bitcoin:${address}?amount=${text}`);
  });

  it.each([
    ['A&B=C?#', 'A%26B%3DC%3F%23'],
    ['50% + 1', '50%25%20%2B%201'],
    ['Café №5', 'Caf%C3%A9%20%E2%84%965'],
    ["Joe's (bar)*!", 'Joe%27s%20%28bar%29%2A%21'],
    ['🍕', '%F0%9F%8D%95'],
    ['half \ud83c pair', 'half%20%EF%BF%BD%20pair'],
    ['line\r\nend', 'line%0D%0Aend'],
  ])('escapes the label %j', (label, escaped) => {
    expect(paymentUri({ address, amount: sats(1n), label })).toBe(`bitcoin:${address}?amount=0.00000001&label=${escaped}`);
  });

  it('shortens a label that does not fit a QR code between two graphemes', () => {
    const family = '👩‍👩‍👧‍👦';
    const label = new URL(paymentUri({ address, amount: sats(1n), label: family.repeat(30) })).searchParams.get('label') ?? '';
    expect(label).toBe(family.repeat(label.length / family.length));
    expect(label.length).toBeGreaterThan(0);
    expect(paymentUri({ address, amount: sats(1n), label: `z${'\u0301'.repeat(5_000)}` }).length).toBeLessThan(500);
    expect(paymentUri({ address, amount: sats(1n), label: 'x'.repeat(300) })).toContain(`label=${'x'.repeat(300)}`);
  });

  it('omits empty texts', () => {
    expect(paymentUri({ address, amount: sats(1n), label: '', message: '' })).toBe(`bitcoin:${address}?amount=0.00000001`);
  });

  it('is parsed back to its input, whatever the texts', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((value) => !/\p{Surrogate}/u.test(value));
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_SATS }), text, text, (amount, label, message) => {
        const uri = paymentUri({ address, amount: sats(amount), label, message });
        expect(uri).toMatch(/^bitcoin:[0-9a-z]+\?[A-Za-z0-9\-._~%=&]+$/);
        const query = new URL(uri).searchParams;
        // A text beyond 300 characters on the wire is shortened.
        for (const [read, given] of [
          [query.get('label') ?? '', label],
          [query.get('message') ?? '', message],
        ] as const)
          expect(given.startsWith(read) && (read === given || encodeURIComponent(given).length > 270)).toBe(true);
        const [whole = '', fraction = ''] = query.get('amount')!.split('.');
        expect(BigInt(whole + fraction.padEnd(8, '0'))).toBe(amount);
      }),
    );
  });
});

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CorruptRowError } from '../../corrupt-row-error.ts';
import { BODY_DICTIONARIES, NEWEST_DICTIONARY } from './body-dictionaries.ts';
import { packBody, unpackBody, type BodyContext } from './pack-body.ts';

const context = (): BodyContext => ({
  id: randomUUID(),
  orderId: randomUUID(),
  posId: randomUUID(),
  createdAt: Date.parse('2027-02-03T04:05:31.123Z'),
});

/** A body as the gateway writes it, with random ids, addresses and transactions. */
function bodyOf({ orderId: uuid, posId }: BodyContext): string {
  const [address, at] = [`bc1q${randomBytes(19).toString('hex')}`, '2027-02-03T04:05:'];
  // Equal for the transactions of most wallets: they have no input scripts.
  const txid = randomBytes(32).toString('hex');
  const object = {
    uuid,
    address,
    uri: `bitcoin:${address}?amount=0.00123456&label=Corner%20Shop`,
    amount: '74.20',
    btc_amount: 123_456,
    currency: { uuid: '08625bdc-f6e0-4442-9b43-73b276f7a2f1', name: 'EUR', type: 'fiat' },
    rate: { source: 'median:kraken,coinbase', value: '60123.45', created_at: `${at}01.120Z`, from: 'BTC', to: 'EUR' },
    state: {
      status: 'paid',
      blockchain_status: 'paid',
      paid: { crypto: 123_456, fiat: '74.20' },
      in_confirmation: { crypto: 0, fiat: '0.00' },
      unpaid: { crypto: 0, fiat: '0.00' },
    },
    transactions: [
      {
        txid,
        normalized_txid: txid,
        status: 'confirmed',
        blockchain_status: 'confirmed',
        created_at: `${at}02.345Z`,
        outs: [{ n: 0, amount: 123_456 }],
        outs_sum: 123_456,
      },
    ],
    required_confirmations: 1,
    created_at: `${at}01.543Z`,
    created_by: {
      uuid: posId,
      name: 'Corner Shop',
      type: 'web',
      active: true,
      deposit_account: { uuid: randomUUID(), name: 'Main wallet', type: 'bitcoin' },
    },
    expiration_time: '2027-02-03T04:20:01.543Z',
    expires_in: 0,
    resolved_at: `${at}31.123Z`,
    dispute_start_date: null,
    chargeback_date: null,
    reference: 'order-4711',
    details: '2 coffees',
    redirect_url: `https://pay.example/checkout/${uuid}`,
    callback_url: 'https://shop.example/callback',
    continue_url: 'https://shop.example/thanks',
    cancel_url: 'https://shop.example/basket',
  };
  return JSON.stringify({ event: 'payment.completed', created_at: `${at}31.123Z`, object_type: 'payment_order', object });
}

const mine = context();
const packed = packBody(bodyOf(mine), mine);

describe('packBody', () => {
  it('returns bytes that keep nothing else in memory', () => {
    expect(packed.buffer.byteLength).toBe(packed.length);
  });

  it('stores an ordinary body in a fifth of its size', () => {
    const sizes = Array.from({ length: 50 }, context).map(
      (one) => [bodyOf(one).length, packBody(bodyOf(one), one).length] as const,
    );
    const [whole, stored] = [0, 1].map((n) => sizes.reduce((sum, pair) => sum + pair[n]!, 0)) as [number, number];
    expect(whole / sizes.length).toBeGreaterThan(1_400);
    expect(stored / whole).toBeLessThan(0.2);
  });

  it.each(['', '{}', '{"name":"🥨 \u2028 日本 \\u0000"}', 'é'.repeat(100_000)])('returns %.20s unchanged', (text) => {
    expect(unpackBody(packBody(text, mine), mine)).toBe(text);
  });

  it('returns every text unchanged', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => unpackBody(packBody(text, mine), mine) === text));
  });
});

describe('unpackBody', () => {
  it('refuses a body with any changed bit, and names the callback', () => {
    let refused = 0;
    for (let bit = 0; bit < packed.length * 8; bit += 1) {
      const damaged = Buffer.from(packed);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      try {
        // The bits between the end of the deflated text and the end of its last byte mean nothing.
        expect(unpackBody(damaged, mine)).toBe(unpackBody(packed, mine));
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptRowError);
        expect((error as Error).message).toContain(`callback ${mine.id}: its stored body is damaged`);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(packed.length * 8 - 8);
  });

  it('refuses a body that was cut off anywhere', () => {
    for (let length = 0; length < packed.length; length += 1)
      expect(() => unpackBody(packed.subarray(0, length), mine)).toThrow(CorruptRowError);
  });

  it('refuses the body of a callback of another order', () => {
    expect(() => unpackBody(packed, { ...mine, orderId: randomUUID() })).toThrow('its checksum differs');
  });

  it('refuses the version of a dictionary that it does not have', () => {
    const other = Buffer.from([200, ...packed.subarray(1)]);
    expect(() => unpackBody(other, mine)).toThrow(`callback ${mine.id}: its stored body is damaged: unknown dictionary 200`);
  });
});

describe('the dictionaries', () => {
  // A change would make every stored body unreadable.
  it.each([[1, '4fe83037304dc0384f52c0b9d7d82066240ac6cf04af23356ae42a042ba2bfeb']])('never change: %i', (version, hash) => {
    expect(createHash('sha256').update(BODY_DICTIONARIES.get(version)!).digest('hex')).toBe(hash);
  });

  it('are all held by the test above', () => {
    expect([...BODY_DICTIONARIES.keys()]).toEqual([1]);
    expect(NEWEST_DICTIONARY).toBe(1);
  });

  it('leave a body readable that was packed with version 1', () => {
    const owner = { id: 'x', orderId: 'an order', posId: 'a POS', createdAt: 1_800_000_000_000 };
    const stored = Buffer.from('AZbYlKfDX/ZilJpwY5HDyEghOT8tLTW1WKm2FgA=', 'base64');
    expect(unpackBody(stored, owner)).toBe('{"event":"payment.completed","object":{"uuid":"an order","details":"2 coffees"}}');
  });
});

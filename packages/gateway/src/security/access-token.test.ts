import { createHmac, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs, plusMs } from '../kernel/clock.ts';
import { parseId, type PosId } from '../kernel/ids.ts';
import { checkAccessToken, issueAccessToken, TOKEN_LIFE_S } from './access-token.ts';

const key = randomBytes(32);
const posId = parseId<PosId>('0b0e6a3c-2a58-4a57-9f0a-1c1a4f1f9d02');
const now = epochMs(Date.UTC(2026, 10, 23, 18));
const token = issueAccessToken({ posId, generation: 1 }, now, key);
const end = plusMs(now, TOKEN_LIFE_S * 1000);

/** A token with the given claims and a valid MAC. */
function signed(claims: unknown): string {
  const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

describe('an access token', () => {
  it('identifies its owner for an hour, and is expired from then on', () => {
    expect(checkAccessToken(token, now, key)).toEqual({ kind: 'valid', posId, generation: 1 });
    expect(checkAccessToken(token, plusMs(end, -1), key)).toEqual({ kind: 'valid', posId, generation: 1 });
    expect(checkAccessToken(token, end, key)).toEqual({ kind: 'expired' });
    expect(checkAccessToken(token, plusMs(end, 1), key)).toEqual({ kind: 'expired' });
    expect(TOKEN_LIFE_S).toBe(3600);
  });

  it('can be used in a header as it is', () => {
    expect(token).toMatch(/^[A-Za-z0-9._-]+$/);
  });

  const [claims, mac] = token.split('.') as [string, string];
  it.each([
    ['nothing', ''],
    ['a dot', '.'],
    ['a word', 'token'],
    ['only the claims', claims],
    ['the claims without a MAC', `${claims}.`],
    ['a MAC without claims', `.${mac}`],
    ['three parts', `${token}.x`],
    ['a truncated MAC', token.slice(0, -1)],
    ['a MAC followed by something', `${token}A`],
    ['the MAC of padded base64', `${token}=`],
    ['the MAC in other letters', `${claims}.${mac.toUpperCase()}`],
    ['one with a space before it', ` ${token}`],
    [
      'claims of another POS under this MAC',
      `${issueAccessToken({ posId: parseId('0b0e6a3c-2a58-4a57-9f0a-1c1a4f1f9d03'), generation: 1 }, now, key).split('.')[0]}.${mac}`,
    ],
    ['letters beyond ASCII', `${claims}.${'é'.repeat(mac.length)}`],
    ['claims of no POS, rightly signed', signed({ pos: 'nobody', exp: end })],
  ])('is not %s', (_, text) => {
    expect(checkAccessToken(text, now, key)).toEqual({ kind: 'invalid' });
  });

  it('of another gateway is invalid, even when expired', () => {
    const other = randomBytes(32);
    expect(checkAccessToken(token, now, other)).toEqual({ kind: 'invalid' });
    expect(checkAccessToken(token, end, other)).toEqual({ kind: 'invalid' });
  });

  it('is invalid when a single character was changed', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    fc.assert(
      fc.property(fc.nat({ max: token.length - 1 }), fc.constantFrom(...letters.split('')), (at, letter) => {
        fc.pre(token[at] !== letter);
        expect(checkAccessToken(token.slice(0, at) + letter + token.slice(at + 1), now, key)).toEqual({ kind: 'invalid' });
      }),
    );
  });
});

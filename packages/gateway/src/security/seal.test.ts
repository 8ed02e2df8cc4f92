import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seal, unseal } from './seal.ts';

const key = randomBytes(32);

describe('a sealed secret', () => {
  it('opens with its key for its owner, whatever its content', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (secret, owner) => {
        expect(unseal(seal(secret, owner, key), owner, key)).toBe(secret);
      }),
    );
  });

  it('is never sealed to the same text twice, and does not contain the secret', () => {
    const texts = Array.from({ length: 100 }, () => seal('the secret', 'pos', key));
    expect(new Set(texts).size).toBe(100);
    const shown = texts.flatMap((text) => [text, Buffer.from(text, 'base64url').toString('latin1')]);
    expect(shown.filter((text) => text.includes('secret'))).toEqual([]);
  });

  const sealed = seal('the secret', 'pos', key);
  const bytes = Buffer.from(sealed, 'base64url');
  it.each([
    ['for another owner', sealed, 'other', key],
    ['with another key', sealed, 'pos', randomBytes(32)],
    ['when it is empty', '', 'pos', key],
    ['when it is shorter than a nonce', sealed.slice(0, 8), 'pos', key],
    ['when it is shorter than a tag', sealed.slice(0, 24), 'pos', key],
    ['when its end is missing', bytes.subarray(0, -1).toString('base64url'), 'pos', key],
    ['when data follows it', Buffer.concat([bytes, Uint8Array.of(0)]).toString('base64url'), 'pos', key],
    ['when it is not base64url', '!!!', 'pos', key],
  ])('does not open %s, and the message gives the reason but not the secret', (_, text, owner, withKey) => {
    const error = errorOf(() => unseal(text, owner, withKey));
    expect(error.message).toBe(`The secret of ${owner} cannot be opened: KEY_FILE is not the one that it was sealed with.`);
    expect(String(error.cause)).not.toContain('the secret');
  });

  it('does not open when any bit was flipped', () => {
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => unseal(changed.toString('base64url'), 'pos', key), `bit ${bit}`).toThrow(/cannot be opened/);
    }
  });
});

function errorOf(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('expected an error, got none');
}

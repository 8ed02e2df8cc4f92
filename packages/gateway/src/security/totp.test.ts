import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchingStep, newTotpSecret, totpCode, totpStep } from './totp.ts';

/** "12345678901234567890" in base 32: the secret of RFC 6238, appendix B. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a TOTP code', () => {
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at %d seconds is that of RFC 6238', (seconds, code) => {
    expect(totpCode(RFC_SECRET, totpStep(seconds * 1000), 8)).toBe(code);
  });

  it('is accepted for its own step and the one before and after, and for no other', () => {
    const secrets = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => newTotpSecret(() => bytes));
    fc.assert(
      fc.property(secrets, fc.integer({ min: 10, max: 2 ** 40 }), fc.integer({ min: -5, max: 5 }), (secret, step, shift) => {
        const nowMs = step * 30_000 + 7;
        const found = matchingStep(secret, totpCode(secret, step + shift), nowMs);
        if (Math.abs(shift) <= 1) expect(totpCode(secret, found!)).toBe(totpCode(secret, step + shift));
        // Two steps may share a code by chance.
        else if (found !== undefined) expect(totpCode(secret, found)).toBe(totpCode(secret, step + shift));
      }),
    );
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('is never "%s"', (typed) => {
    expect(matchingStep(RFC_SECRET, typed, 59_000)).toBeUndefined();
  });
});

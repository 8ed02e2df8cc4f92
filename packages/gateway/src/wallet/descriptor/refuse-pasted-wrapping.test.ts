import { describe, expect, it } from 'vitest';
import { parseAccount } from './parse-account.ts';
import { WalletError } from '../wallet-error.ts';

// Published keys: BIP 84's account 0, and BIP 32's first vector.
const ZPUB = 'zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs';
const XPRV = 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi';

function refusal(text: string): WalletError {
  try {
    parseAccount({ descriptor: text }, 'bitcoin');
  } catch (error) {
    if (error instanceof WalletError) return error;
    throw error;
  }
  throw new Error('expected a refusal, got a wallet');
}

describe('a key that was pasted with wrapping', () => {
  it.each([
    [`"${ZPUB}"`, /in quotes: leave them out/],
    [`'${ZPUB}'`, /in quotes: leave them out/],
    [`\u201c${ZPUB}\u201d`, /in quotes: leave them out/],
    [`\u200b${ZPUB}`, /invisible U\+200B at position 1/],
    [`${ZPUB.slice(0, 20)}\u00ad${ZPUB.slice(20)}`, /invisible U\+00AD at position 21/],
    [`${ZPUB}\u202e`, /invisible U\+202E at position 112/],
  ])('is refused with what to leave out: %j', (text, message) => {
    for (const error of [refusal(text)]) expect([error.code, error.message]).toEqual(['syntax', expect.stringMatching(message)]);
    expect(() => parseAccount({ xpub: text }, 'bitcoin')).toThrow(message);
  });

  it('is accepted with white space around it', () => {
    expect(parseAccount({ xpub: ` ${ZPUB}\n` }, 'bitcoin').receive(0).address).toBe('bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu');
  });
});

describe('the complete JSON of an export', () => {
  it('is refused with the field to copy', () => {
    const file = {
      xfp: 'D34DB33F',
      bip44: { desc: 'pkh(xpub.../0/*)' },
      bip84: { xpub: 'x', desc: 'wpkh([d34db33f/84h]xpub.../0/*)' },
    };
    expect(refusal(JSON.stringify(file, null, 2)).message).toBe(
      "descriptor: expected the descriptor alone, got the JSON of a wallet's export: copy the text of its field bip44.desc or bip84.desc",
    );
    expect(refusal('{"descriptors": [{"desc": "wpkh(xpub/<0;1>/*)#abc"}]}').message).toMatch(/its field descriptors\.0\.desc$/);
  });
  it.each(['{"a": "b"}', '{"broken', '[{"a": 1}]'])('is refused even if no field can be named: %s', (text) => {
    expect(refusal(text).message).toMatch(/usually called desc$/);
  });
  it('is refused as a private key first, without quoting it', () => {
    const error = refusal(JSON.stringify({ bip84: { xprv: XPRV } }));
    expect(error.code).toBe('private_key');
    expect(error.message).not.toContain(XPRV.slice(4, 20));
  });
});

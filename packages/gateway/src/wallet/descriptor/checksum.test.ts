import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadVectors } from '../../../test/vectors/load.ts';
import { descriptorChecksum, withChecksum, withoutChecksum } from './checksum.ts';
import { WalletError } from '../wallet-error.ts';

interface ChecksumVector {
  readonly type: string;
  readonly descriptor: string;
  readonly valid: boolean;
  readonly error_class?: string;
}
const vectors = loadVectors<ChecksumVector>('bip380-386-389').filter(({ type }) => type === 'checksum');

describe('the checksum of BIP 380', () => {
  it('has all published vectors', () => expect(vectors).toHaveLength(8));

  it.each(vectors.filter(({ valid }) => valid))('accepts $descriptor', ({ descriptor }) => {
    expect(withoutChecksum(descriptor)).toBe('raw(deadbeef)');
  });

  it.each(vectors.filter(({ valid }) => !valid))('refuses $descriptor ($error_class)', ({ descriptor, error_class }) => {
    const code = error_class === 'payload_character' ? 'syntax' : 'checksum';
    expect(() => withoutChecksum(descriptor)).toThrow(
      expect.objectContaining({ name: 'WalletError', code, field: 'descriptor' }),
    );
  });

  it('reports the expected and the received checksum', () => {
    expect(() => withoutChecksum('raw(deadbeef)#89f8spxq')).toThrow(
      'descriptor: expected checksum "89f8spxm" after #, got "89f8spxq"',
    );
  });

  it('does not quote text that cannot be a checksum', () => {
    expect(() => withoutChecksum('raw(deadbeef)#Kx1bcdE2')).toThrow('got characters that a checksum cannot have');
    expect(() => withoutChecksum('raw(deadbeef)#Kx1b')).toThrow('got 4 characters');
  });

  it('reports the position of a character that is not allowed in descriptors', () => {
    expect(() => descriptorChecksum('raw(Ü)')).toThrow('at position 5');
  });

  const payload = fc.string({
    unit: fc.constantFrom(..."0123456789()[],'/*abcdefghijklmnopqrstuvwxyz<;>ABCXYZ".split('')),
    minLength: 1,
    maxLength: 200,
  });

  it('is removed as it was added', () => {
    fc.assert(
      fc.property(payload, (text) => {
        expect(withoutChecksum(withChecksum(text))).toBe(text);
      }),
    );
  });

  it('detects any single changed character', () => {
    fc.assert(
      fc.property(payload, fc.nat(), fc.constantFrom(...'0a(Z/*'.split('')), (text, at, char) => {
        const place = at % text.length;
        fc.pre(text[place] !== char);
        const changed = text.slice(0, place) + char + text.slice(place + 1);
        expect(() => withoutChecksum(`${changed}#${descriptorChecksum(text)}`)).toThrow(WalletError);
      }),
    );
  });
});

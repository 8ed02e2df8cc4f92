import { describe, expect, it } from 'vitest';
import { outPointKey, parseBlockHash, parseScriptHex, parseTxid } from './chain.ts';

const hash = '4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b';

describe('a hash', () => {
  it.each([parseTxid, parseBlockHash])('must be 64 lower-case hex digits for %o', (parse) => {
    expect(parse(hash)).toBe(hash);
    for (const wrong of ['', hash.slice(1), `${hash}0`, hash.toUpperCase(), `0x${hash.slice(2)}`, `${hash}\n`, ` ${hash}`])
      expect(() => parse(wrong), wrong).toThrow(/expected 64 lower-case hex digits/);
  });
});

describe('a script', () => {
  it.each(['', '51', '0014c0cebcd6c3d3ca8c75dc5ec62ebe55330ef910e2'])('may be %j', (text) => {
    expect(parseScriptHex(text)).toBe(text);
  });

  it.each(['5', '5g', 'AB', '51\n', ' 51', '0x51'])('may not be %j', (text) => {
    expect(() => parseScriptHex(text)).toThrow(RangeError);
  });
});

it('the key of an output is its transaction id and its index', () => {
  expect(outPointKey({ txid: parseTxid(hash), vout: 7 })).toBe(`${hash}:7`);
});

import { describe, expect, it } from 'vitest';
import { boundedBody, TOO_LARGE } from './bounded-body.ts';

async function* pieces(texts: Iterable<string>): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

describe('a body', () => {
  it.each([
    ['nothing', []],
    ['one piece', ['abc']],
    ['many pieces', Array.from('caffè '.repeat(5000))],
    ['pieces of very different sizes', ['a', 'b'.repeat(100_000), '', 'c', 'd'.repeat(20_000)]],
  ])('of %s is put together', async (_what, texts) => {
    expect(new TextDecoder().decode((await boundedBody(pieces(texts), 1_000_000)) as Uint8Array)).toBe(texts.join(''));
  });

  it('may have as many bytes as it is allowed, and not one more', async () => {
    expect(await boundedBody(pieces(['abc', 'de']), 5)).toHaveLength(5);
    expect(await boundedBody(pieces(['abc', 'def']), 5)).toBe(TOO_LARGE);
  });

  it('is copied piece by piece, so that it holds none of the memory that a piece came in', async () => {
    const shared = new Uint8Array(65_536);
    async function* bytesInOneBuffer(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < 2000; at += 1) {
        shared[0] = at % 256;
        yield shared.subarray(0, 1);
      }
    }
    expect(await boundedBody(bytesInOneBuffer(), 262_144)).toEqual(Uint8Array.from({ length: 2000 }, (_, at) => at % 256));
  });
});

import { describe, expect, it } from 'vitest';
import { boundedBody, TOO_LARGE } from './bounded-body.ts';

async function* pieces(texts: Iterable<string>): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

describe('a body', () => {
  it.each([
    ['no chunks', []],
    ['one chunk', ['abc']],
    ['many chunks', Array.from('caffè '.repeat(5000))],
    ['chunks of very different sizes', ['a', 'b'.repeat(100_000), '', 'c', 'd'.repeat(20_000)]],
  ])('of %s is read completely', async (_what, texts) => {
    expect(new TextDecoder().decode((await boundedBody(pieces(texts), 1_000_000)) as Uint8Array)).toBe(texts.join(''));
  });

  it('may have exactly the maximum size, but not one byte more', async () => {
    expect(await boundedBody(pieces(['abc', 'de']), 5)).toHaveLength(5);
    expect(await boundedBody(pieces(['abc', 'def']), 5)).toBe(TOO_LARGE);
  });

  it("is copied chunk by chunk, so that it keeps no chunk's buffer alive", async () => {
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

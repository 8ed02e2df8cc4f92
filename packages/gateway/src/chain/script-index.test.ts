import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScriptHex } from '../kernel/chain.ts';
import { ScriptIndex } from './script-index.ts';

const SEED = [0x12345678, 0x9abcdef0] as const;
const knows = (index: ScriptIndex, script: Uint8Array): boolean => index.has(script, 0, script.length);

/** The script of the nth P2WPKH address, which belongs to nobody. */
function scriptOf(n: number): Buffer {
  return Buffer.concat([Uint8Array.of(0, 20), createHash('sha256').update(String(n)).digest().subarray(0, 20)]);
}

describe('the index of scripts', () => {
  it('contains what was added, each once, and nothing else', () => {
    const index = new ScriptIndex(SEED);
    const [ours, other] = [Buffer.from('0014aa', 'hex'), Buffer.from('0014ab', 'hex')];
    expect(knows(index, ours)).toBe(false);
    index.add('0014aa' as ScriptHex);
    index.add('0014aa' as ScriptHex);
    expect([knows(index, ours), knows(index, other), index.size]).toEqual([true, false, 1]);
  });

  it('behaves like a set for scripts of any length', () => {
    const script = fc.uint8Array({ maxLength: 12, size: 'max' }).map((bytes) => bytes.map((byte) => byte & 3));
    fc.assert(
      fc.property(fc.array(script, { maxLength: 300 }), fc.array(script, { maxLength: 50 }), (added, asked) => {
        const index = new ScriptIndex(SEED);
        const set = new Set<string>();
        for (const each of added) {
          index.addBytes(each, 0, each.length);
          set.add(Buffer.from(each).toString('hex'));
        }
        expect(index.size).toBe(set.size);
        for (const each of [...added, ...asked]) expect(knows(index, each)).toBe(set.has(Buffer.from(each).toString('hex')));
      }),
    );
  });

  it.each([0, 3, 400_000])('contains everything that was loaded, with room reserved for %i', async (reserved) => {
    const index = new ScriptIndex(SEED);
    const scripts = Array.from({ length: 300_000 }, (_, n) => scriptOf(n));
    const others = Array.from({ length: 1_000 }, (_, n) => Buffer.concat([scriptOf(n), Uint8Array.of(n)]));
    index.addBytes(scripts[7]!, 0, 22);
    index.reserve(reserved);
    const { byteLength } = index;
    await index.load(
      (async function* () {
        yield { bytes: Buffer.concat(scripts.slice(0, 10)), scriptBytes: 22 };
        yield { bytes: Buffer.concat(others), scriptBytes: 23 };
        yield { bytes: Buffer.concat(scripts), scriptBytes: 22 };
      })(),
    );
    expect([...scripts, ...others].filter((script) => !knows(index, script))).toEqual([]);
    expect(knows(index, scriptOf(300_000))).toBe(false);
    expect(index.size).toBe(301_000);
    if (reserved > index.size) expect(index.byteLength).toBe(byteLength);
  });

  it('reads only the given part of the bytes', () => {
    const index = new ScriptIndex(SEED);
    index.addBytes(Buffer.from('ff0014aaff', 'hex'), 1, 4);
    expect(index.has(Buffer.from('0000140014aa', 'hex'), 3, 6)).toBe(true);
    expect(index.has(Buffer.from('0000140014aa', 'hex'), 2, 6)).toBe(false);
  });

  it('finds every script at any time while it grows, takes at most 25 bytes for each, and never pauses', () => {
    const index = new ScriptIndex(SEED);
    const count = 200_000;
    const scripts = Array.from({ length: count }, (_, n) => scriptOf(n));
    for (const [n, script] of scripts.entries()) {
      index.addBytes(script, 0, script.length);
      // The newest, and an older one that may be moving between tables.
      if (n > 20_000 && n % 64 === 0) expect(index.byteLength / (n + 1)).toBeLessThanOrEqual(25);
      if (!knows(index, script) || !knows(index, scripts[(n * 7919) % (n + 1)]!)) throw new Error(`lost at ${n}`);
    }
    expect(scripts.filter((script) => !knows(index, script))).toEqual([]);
    expect(index.size).toBe(count);
    expect(Array.from({ length: 50_000 }, (_, n) => scriptOf(-1 - n)).filter((script) => knows(index, script))).toEqual([]);
  });
});

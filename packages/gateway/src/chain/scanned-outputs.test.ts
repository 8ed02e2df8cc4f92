import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScriptHex } from '../kernel/chain.ts';
import { ScannedOutputs } from './scanned-outputs.ts';
import type { ScriptSet } from './view/script-set.ts';

const NONE: ScriptSet = { has: () => false };

/** The script of the nth P2WPKH address, which belongs to nobody. */
function scriptOf(n: number): ScriptHex {
  return `0014${createHash('sha256').update(String(n)).digest('hex').slice(0, 40)}` as ScriptHex;
}

/** Simulates a scan of transactions, which asks about each output at any byte position. */
function scan(outputs: ScannedOutputs<string>, id: string, scripts: readonly ScriptHex[], watched: ScriptSet = NONE): boolean[] {
  return outputs.record(id, watched, (noting) =>
    scripts.map((script) => {
      const bytes = Buffer.from(`ffff${script}ff`, 'hex');
      return noting.has(bytes, 2, bytes.length - 1);
    }),
  );
}

const plain = (found: ReadonlyMap<ScriptHex, readonly string[]>): Record<string, string[]> =>
  Object.fromEntries([...found].map(([script, ids]) => [script, [...ids].sort()]));

type Step =
  | { readonly kind: 'record'; readonly id: string; readonly scripts: readonly number[] }
  | { readonly kind: 'forget'; readonly id: string }
  | { readonly kind: 'retain'; readonly ids: readonly string[] };
const id = fc.nat({ max: 30 }).map(String);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    // A few hundred of the same make the array grow.
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      id,
      scripts: fc.oneof(
        fc.array(fc.nat({ max: 40 }), { maxLength: 6 }),
        fc.nat({ max: 40 }).map((n) => Array<number>(700).fill(n)),
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('forget' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('retain' as const), ids: fc.array(id) }) },
);

describe('scanned outputs', () => {
  it('are found by their scripts while their transaction is remembered, whatever is recorded and forgotten', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const outputs = new ScannedOutputs<string>(0x12345678);
        let model = new Map<string, ReadonlySet<number>>();
        for (const each of steps) {
          if (each.kind === 'record') {
            scan(outputs, each.id, each.scripts.map(scriptOf));
            model.set(each.id, new Set(each.scripts));
          } else if (each.kind === 'forget') {
            outputs.forget(each.id);
            model.delete(each.id);
          } else {
            outputs.retain(each.ids);
            model = new Map([...model].filter(([known]) => each.ids.includes(known)));
          }
          expect(outputs.size).toBe(model.size);
        }
        const expected: Record<string, string[]> = {};
        for (let n = 0; n <= 50; n += 1) {
          const ids = [...model].filter(([, scripts]) => scripts.has(n)).map(([known]) => known);
          if (ids.length > 0) expected[scriptOf(n)] = ids.sort();
        }
        expect(plain(outputs.find(Array.from({ length: 51 }, (_, n) => scriptOf(n))))).toEqual(expected);
      }),
    );
  });

  it('are found by every kind of address script, and other scripts are rejected', () => {
    const outputs = new ScannedOutputs<string>(1);
    const scripts = [22, 23, 25, 34].map((length) => '5a'.repeat(length) as ScriptHex);
    scan(outputs, 'a', scripts);
    expect([...outputs.find(scripts).keys()]).toEqual(scripts);
    expect(() => outputs.find(['51' as ScriptHex])).toThrow('expected that of an address, got one of 1 bytes');
  });

  it('are those of completed scans, and a scan still sees what is watched', () => {
    const outputs = new ScannedOutputs<string>(1);
    const watched: ScriptSet = { has: (bytes, start) => bytes[start + 2] === Buffer.from(scriptOf(1), 'hex')[2] };
    expect(scan(outputs, 'a', [scriptOf(0), scriptOf(1)], watched)).toEqual([false, true]);
    const failing = (): unknown =>
      outputs.record('a', watched, (noting) => {
        noting.has(Buffer.from(scriptOf(2), 'hex'), 0, 22);
        throw new Error('cut off');
      });
    expect(failing).toThrow('cut off');
    expect(plain(outputs.find([scriptOf(0), scriptOf(1), scriptOf(2)]))).toEqual({ [scriptOf(0)]: ['a'], [scriptOf(1)]: ['a'] });
  });

  it('take at most 6 bytes each, even after most of them were forgotten and replaced', () => {
    const outputs = new ScannedOutputs<string>(1);
    const EACH = 100;
    const scripts = Array.from({ length: 500 * EACH }, (_, n) => scriptOf(n));
    for (let round = 0; round < 10; round += 1) {
      for (let nth = 0; nth < 500; nth += 1) {
        outputs.forget(`${round - 1} ${nth}`);
        scan(outputs, `${round} ${nth}`, scripts.slice(nth * EACH, (nth + 1) * EACH));
      }
    }
    expect(outputs.size).toBe(500);
    expect(outputs.byteLength / (500 * EACH)).toBeLessThan(6.2);
  });
});

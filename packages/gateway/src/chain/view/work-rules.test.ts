import { describe, expect, test } from 'vitest';
import { judgeTarget, retargetedBits, WORK_RULES, type WorkHeader, type WorkRules } from './work-rules.ts';

describe('the target after an interval', () => {
  // The first four are from src/test/pow_tests.cpp of Bitcoin Core.
  test.each<[string, number, number, number, number]>([
    ['block 32,256', 1_261_130_161, 1_262_152_739, 0x1d00ffff, 0x1d00d86a],
    ['block 2,016, which the easiest target stops', 1_231_006_505, 1_233_061_996, 0x1d00ffff, 0x1d00ffff],
    ['block 68,544, at most four times as hard', 1_279_008_237, 1_279_297_671, 0x1c05a3f4, 0x1c0168fd],
    ['an interval that took long, at most four times as easy', 1_263_163_443, 1_269_211_443, 0x1c387f6f, 0x1d00e1fd],
    ['block 967,680', 1_788_640_367, 1_789_801_627, 0x1702355e, 0x17021ec5],
  ])('of %s', (_, firstTimeS, lastTimeS, bits, expected) => {
    const first = { timeS: firstTimeS, bits };
    expect(retargetedBits(first, { timeS: lastTimeS, bits }, WORK_RULES.bitcoin)).toBe(expected);
  });

  test('is derived on testnet4 from the first block, which is never an exception (BIP 94)', () => {
    const [first, last] = [
      { timeS: 0, bits: 0x1c05a3f4 },
      { timeS: 14 * 24 * 3600, bits: 0x1d00ffff },
    ];
    expect(retargetedBits(first, last, WORK_RULES.testnet4)).toBe(0x1c05a3f4);
    expect(retargetedBits(first, last, WORK_RULES.bitcoin)).toBe(0x1d00ffff);
  });
});

const SHORT: WorkRules = { ...WORK_RULES.bitcoin, interval: 4, timespanS: 40 };
const SHORT_BIP94: WorkRules = { ...SHORT, easyAfterS: 20, bip94: true };
const [HARD, EASY] = [0x1c05a3f4, SHORT.easiestBits];

/** The verdict on the last of these headers. */
function verdict(rules: WorkRules, chain: readonly (readonly [timeS: number, bits: number])[], from = 0): unknown {
  const headers: WorkHeader[] = chain.map(([timeS, bits]) => ({ timeS, bits }));
  const height = from + headers.length - 1;
  return judgeTarget(height, headers.at(-1)!, (at) => (at < from || at >= height ? undefined : headers[at - from]), rules);
}
const good = { kind: 'good' };
const expected = (bits: string): object => ({ kind: 'fault', fault: expect.stringContaining(`expected the target ${bits}`) });

describe('a header', () => {
  test.each<[string, WorkRules, readonly (readonly [number, number])[], number, object]>([
    ['first of all', SHORT, [[0, HARD]], 0, good],
    ['with the target of the previous one', SHORT, [[0, HARD], [10, HARD]], 4, good], // prettier-ignore
    ['with an easier target within an interval', SHORT, [[0, HARD], [10, EASY]], 4, expected('0x1c05a3f4')], // prettier-ignore
    ['with a harder target within an interval', SHORT, [[0, EASY], [10, HARD]], 4, expected('0x1d00ffff')], // prettier-ignore
    ['whose parent is not loaded', SHORT, [[10, HARD]], 5, { kind: 'needs', height: 4 }],
    ['first of an interval whose first is not loaded', SHORT, [[0, HARD], [10, HARD]], 7, { kind: 'needs', height: 4 }], // prettier-ignore
    ['first of an interval without a new target', SHORT, [[0, HARD], [10, HARD], [20, HARD], [30, HARD], [40, HARD]], 4, expected('0x1c043af7')], // prettier-ignore
    ['first of an interval with its new target', SHORT, [[0, HARD], [10, HARD], [20, HARD], [30, HARD], [40, 0x1c043af7]], 4, good], // prettier-ignore
    ['that is late, where that makes no difference', SHORT, [[0, HARD], [1000, EASY]], 4, expected('0x1c05a3f4')], // prettier-ignore
    ['that is late and easy, where it may be', SHORT_BIP94, [[0, HARD], [21, EASY]], 4, good], // prettier-ignore
    ['that is late and not easy', SHORT_BIP94, [[0, HARD], [21, HARD]], 4, expected('0x1d00ffff')], // prettier-ignore
    ['in time after exceptions', SHORT_BIP94, [[0, HARD], [21, EASY], [30, HARD]], 4, good], // prettier-ignore
    ['in time and easy after exceptions', SHORT_BIP94, [[0, HARD], [21, EASY], [30, EASY]], 4, expected('0x1c05a3f4')], // prettier-ignore
    ['in time after exceptions, without a regular one loaded', SHORT_BIP94, [[21, EASY], [30, HARD]], 5, { kind: 'needs', height: 4 }], // prettier-ignore
    ['first of an interval, far before the last of the previous one', SHORT_BIP94, [[0, HARD], [9, HARD], [9, HARD], [700, HARD], [99, HARD]], 4, { kind: 'fault', fault: 'expected a time from 100 on, got 99' }], // prettier-ignore
    ['on regtest with the only target', WORK_RULES.regtest, [[0, 0x207fffff]], 7, good],
    ['on regtest with another target', WORK_RULES.regtest, [[0, 0x1d00ffff]], 7, expected('0x207fffff')],
  ])('%s', (_, rules, chain, from, outcome) => {
    expect(verdict(rules, chain, from)).toEqual(outcome);
  });
});

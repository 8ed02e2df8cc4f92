import { describe, expect, test } from 'vitest';
import type { BlockRef } from '../kernel/chain.ts';
import { epochMs } from '../kernel/clock.ts';
import { SourceJudge } from './source-judge.ts';
import type { SourceConcern } from './source-concern.ts';
import { HOUR_MS } from '../kernel/durations.ts';

const NOON = Date.UTC(2026, 10, 29, 12);
const signal = new AbortController().signal;
const BLIND: SourceConcern = { kind: 'blocks_only', blind: true, says: 'it takes no transactions' };
const STALE: SourceConcern = { kind: 'stale_tip', blind: true, since: epochMs(NOON - 4 * HOUR_MS), says: 'old' };
const CHEAP: SourceConcern = { kind: 'mempool_min_fee', blind: false, says: 'only dear ones' };

function setting(): {
  judge: SourceJudge;
  asked: string[];
  lines: string[];
  state: { now: number; tip: string; concerns: readonly SourceConcern[] };
} {
  const state = { now: NOON, tip: 'a', concerns: [] as readonly SourceConcern[] };
  const [asked, lines]: [string[], string[]] = [[], []];
  const source = {
    check: async () => {
      asked.push('check');
      return state.concerns;
    },
    tip: async () => {
      asked.push('tip');
      return { height: 1, hash: state.tip } as BlockRef;
    },
  };
  const note = (level: string) => (_: unknown, message: string) => void lines.push(`${level} ${message}`);
  const log = { info: note('info'), warn: note('warn') };
  return { judge: new SourceJudge({ source, clock: { now: () => epochMs(state.now) }, log }), asked, lines, state };
}

describe('a source is judged', () => {
  test('before its tip is trusted, and not again while the tip is unchanged for less than some seconds', async () => {
    const { judge, asked, state } = setting();
    await judge.tip(signal);
    state.now += 4_000;
    await judge.tip(signal);
    expect(asked).toEqual(['check', 'tip', 'tip']);
  });

  test.each<[string, (all: ReturnType<typeof setting>) => void]>([
    ['when its tip has moved', ({ state }) => void (state.tip = 'b')],
    ['after some seconds', ({ state }) => void (state.now += 5_000)],
    ['when the clock was set back', ({ state }) => void (state.now -= 5_000)],
    ['after a failure', ({ judge }) => judge.distrust()],
  ])('%s', async (_, happens) => {
    const all = setting();
    await all.judge.tip(signal);
    happens(all);
    all.asked.length = 0;
    await all.judge.tip(signal);
    expect(all.asked.filter((call) => call === 'check')).toHaveLength(1);
  });
});

test('a concern is logged once when it begins and once when it is over', async () => {
  const { judge, lines, state } = setting();
  for (const concerns of [[], [CHEAP], [CHEAP], [CHEAP, BLIND], [BLIND], []]) {
    state.concerns = concerns;
    judge.distrust();
    await judge.tip(signal);
    expect(judge.concerns).toEqual(concerns);
  }
  expect(lines).toEqual([
    'warn chain: only dear ones',
    'warn chain: it takes no transactions',
    'info chain: mempool_min_fee is over',
    'info chain: blocks_only is over',
  ]);
});

test.each<[string, readonly SourceConcern[], number | undefined, number | undefined]>([
  ['is now without a concern', [], NOON - HOUR_MS, NOON],
  ['is now with a concern that does not blind the source', [CHEAP], NOON - HOUR_MS, NOON],
  ['stays the same while payments are hidden', [BLIND], NOON - HOUR_MS, NOON - HOUR_MS],
  ['is undefined where they always were', [BLIND], undefined, undefined],
  ['is the time of an old tip', [STALE], NOON - HOUR_MS, NOON - 4 * HOUR_MS],
  ['is the time of an old tip in the first reading as well', [STALE], undefined, NOON - 4 * HOUR_MS],
  ['is no later than it was, with an old tip', [STALE], NOON - 5 * HOUR_MS, NOON - 5 * HOUR_MS],
])('the time up to which the chain is known %s', async (_, concerns, before, expected) => {
  const { judge, state } = setting();
  state.concerns = concerns;
  await judge.tip(signal);
  expect(judge.knownUntil(epochMs(NOON), before === undefined ? undefined : epochMs(before))).toBe(expected);
});

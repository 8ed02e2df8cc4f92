import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Txid } from '../kernel/chain.ts';
import { epochMs } from '../kernel/clock.ts';
import { conflictOf, judgeMissing, type MissingEvidence } from './judge-missing.ts';

const txid = (letter: string): Txid => letter.repeat(64) as Txid;
const [PAYMENT, PARENT, STRANGER] = [txid('a'), txid('b'), txid('c')];
const AT = epochMs(1_000_000);
const evidence = (changes: Partial<MissingEvidence> = {}): MissingEvidence => ({
  answer: 'unknown',
  family: new Set([PAYMENT, PARENT]),
  spenders: [],
  missingSince: undefined,
  readAt: AT,
  knownUntil: AT,
  timeoutMs: 1_000,
  ...changes,
});

describe('a payment that is in no block', () => {
  const replaced = { kind: 'gone', reason: { kind: 'replaced', by: STRANGER, block: null } };
  test.each<[what: string, changes: Partial<MissingEvidence>, place: unknown]>([
    ['is in the mempool when the source has it', { answer: 'waiting' }, { kind: 'mempool' }],
    [
      'is in the mempool when the source has it, whatever else spends its inputs',
      { answer: 'waiting', spenders: [STRANGER] },
      { kind: 'mempool' },
    ],
    [
      'is in the mempool again when the source has it again',
      { answer: 'waiting', missingSince: epochMs(1) },
      { kind: 'mempool' },
    ],
    ['is missing when its absence has no known reason', {}, { kind: 'missing', since: AT }],
    ['keeps the time since when it is missing', { missingSince: epochMs(999_500) }, { kind: 'missing', since: 999_500 }],
    ['is replaced when another transaction spends an output that it spends', { spenders: [STRANGER] }, replaced],
    [
      'is replaced when its parent is, however long it has been missing',
      { spenders: [PARENT, STRANGER], missingSince: epochMs(1) },
      replaced,
    ],
    ['is missing when only its own parent spends those outputs', { spenders: [PARENT, PAYMENT] }, { kind: 'missing', since: AT }],
    [
      'is dropped when a source that knows its whole chain says so',
      { answer: 'gone' },
      { kind: 'gone', reason: { kind: 'dropped' } },
    ],
    ['is replaced rather than dropped if both are known', { answer: 'gone', spenders: [STRANGER] }, replaced],
    [
      'is missing until the last millisecond of the timeout',
      { missingSince: epochMs(999_001) },
      { kind: 'missing', since: 999_001 },
    ],
    [
      'is timed out when the timeout is over',
      { missingSince: epochMs(999_000) },
      { kind: 'gone', reason: { kind: 'timed_out' } },
    ],
    [
      'is missing at first even with the shortest timeout',
      { timeoutMs: 1, missingSince: undefined },
      { kind: 'missing', since: AT },
    ],
    [
      'does not time out while the source cannot see payments',
      { missingSince: epochMs(1), knownUntil: epochMs(500) },
      { kind: 'missing', since: 1 },
    ],
    [
      'does not time out while nothing of the chain is known',
      { missingSince: epochMs(1), knownUntil: undefined },
      { kind: 'missing', since: 1 },
    ],
    ['does not time out when the clock goes back', { missingSince: epochMs(2_000_000) }, { kind: 'missing', since: 2_000_000 }],
  ])('%s', (_, changes, place) => {
    expect(judgeMissing(evidence(changes))).toEqual(place);
  });

  const someTxids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e').map(txid), { maxLength: 4 });
  /** The chain is never known beyond the time at which the round began. */
  const times = fc.tuple(fc.nat({ max: 3_000_000 }), fc.option(fc.nat({ max: 3_000_000 }))).map(([readAt, unknownMs]) => ({
    readAt: epochMs(readAt),
    knownUntil: unknownMs === null ? undefined : epochMs(Math.max(0, readAt - unknownMs)),
  }));
  const any = fc
    .record({
      answer: fc.constantFrom('waiting' as const, 'gone' as const, 'unknown' as const),
      family: someTxids.map((others) => new Set([PAYMENT, ...others])),
      spenders: someTxids,
      missingSince: fc.option(fc.nat({ max: 3_000_000 }).map(epochMs), { nil: undefined }),
      times,
      timeoutMs: fc.integer({ min: 1, max: 1_000_000 }),
    })
    .map(({ times: { readAt, knownUntil }, ...others }) => ({ ...others, readAt, knownUntil }));

  test('is never reverted without a conflict, a source that knows its whole chain, or a timeout', () => {
    fc.assert(
      fc.property(any, (all) => {
        const place = judgeMissing(all);
        if (place.kind !== 'gone') return;
        const waited =
          all.missingSince !== undefined && all.knownUntil !== undefined && all.knownUntil - all.missingSince >= all.timeoutMs;
        expect(all.answer).not.toBe('waiting');
        expect(conflictOf(all) !== undefined || all.answer === 'gone' || waited).toBe(true);
        if (place.reason.kind === 'replaced') {
          expect(all.spenders).toContain(place.reason.by);
          expect(all.family.has(place.reason.by)).toBe(false);
        }
      }),
    );
  });

  test('gets the same place from the same evidence again', () => {
    fc.assert(
      fc.property(any, (all) => {
        const place = judgeMissing(all);
        if (place.kind !== 'missing') return;
        expect(judgeMissing({ ...all, missingSince: place.since })).toEqual(place);
      }),
    );
  });
});

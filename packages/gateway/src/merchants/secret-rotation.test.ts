import { describe, expect, it } from 'vitest';
import { sampleAccount, samplePos } from '../../test/support/samples.ts';
import { epochMs, plusMs } from '../kernel/clock.ts';
import { DAY_MS } from '../kernel/durations.ts';
import type { Pos } from './pos.ts';
import { rotationEnd, secretsAt, switched, upToDate, withRotationEnded } from './secret-rotation.ts';

const BEGAN = epochMs(Date.UTC(2026, 10, 23, 18));
const settled: Pos = samplePos(sampleAccount(), { sealedSecret: 'first', generation: 5 });
const rotating: Pos = { ...settled, rotation: { sealedSecret: 'second', startedAt: BEGAN } };
const FIRST = { generation: 5, sealedSecret: 'first' };
const SECOND = { generation: 6, sealedSecret: 'second' };

describe('the change of a secret', () => {
  it.each([
    ['before it', settled, 0, [FIRST]],
    ['when it begins', rotating, 0, [FIRST, SECOND]],
    ['by a clock that runs behind the one that began it', rotating, -60_000, [FIRST, SECOND]],
    ['in the last millisecond of its day', rotating, DAY_MS - 1, [FIRST, SECOND]],
    ['a day after it began', rotating, DAY_MS, [SECOND]],
    ['years later', rotating, 1000 * DAY_MS, [SECOND]],
    ['when it was completed', withRotationEnded(rotating), 1, [SECOND]],
  ])('%s leaves these secrets, the first of which signs', (_when, pos, afterMs, secrets) => {
    expect(secretsAt(pos, plusMs(BEGAN, afterMs))).toEqual(secrets);
  });

  it('is under way until its day is over', () => {
    const end = plusMs(BEGAN, DAY_MS);
    expect(rotationEnd(settled, BEGAN)).toBeUndefined();
    expect(rotationEnd(rotating, plusMs(end, -1))).toBe(end);
    expect(rotationEnd(rotating, end)).toBeUndefined();
  });

  it('is written down as over from then on, and as it is before', () => {
    expect(upToDate(rotating, BEGAN)).toBe(rotating);
    expect(upToDate(settled, BEGAN)).toBe(settled);
    expect(upToDate(rotating, plusMs(BEGAN, DAY_MS))).toEqual({ ...settled, sealedSecret: 'second', generation: 6 });
  });

  it('is over for nobody who has none', () => {
    expect(withRotationEnded(settled)).toBe(settled);
  });
});

describe('a POS', () => {
  const generations = (pos: Pos, afterMs = 0): number[] =>
    secretsAt(pos, plusMs(BEGAN, afterMs)).map(({ generation }) => generation);

  it.each([
    ['with one secret', settled, 0],
    ['while its secret is changed', rotating, 0],
    ['whose change has ended by itself', rotating, DAY_MS],
  ])('%s that is switched off and on keeps its secrets, and none of the generations that it had', (_which, pos, afterMs) => {
    const now = plusMs(BEGAN, afterMs);
    const back = switched(switched(pos, false, now), true, now);
    expect(back.active).toBe(true);
    expect(secretsAt(back, now).map(({ sealedSecret }) => sealedSecret)).toEqual(
      secretsAt(pos, now).map(({ sealedSecret }) => sealedSecret),
    );
    expect(Math.min(...generations(back, afterMs))).toBeGreaterThan(Math.max(...generations(pos, afterMs)));
  });

  it('that is switched off already stays as it is', () => {
    const off = switched(settled, false, BEGAN);
    expect(switched(off, false, BEGAN)).toBe(off);
  });
});

import { describe, expect, it } from 'vitest';
import { sampleAccount, samplePos } from '../../test/support/samples.ts';
import { epochMs, plusMs } from '../kernel/clock.ts';
import { DAY_MS } from '../kernel/durations.ts';
import type { Pos } from './pos.ts';
import { rotationEnd, secretsAt, withActive, upToDate, withRotationEnded } from './secret-rotation.ts';

const BEGAN = epochMs(Date.UTC(2026, 10, 23, 18));
const settled: Pos = samplePos(sampleAccount(), { sealedSecret: 'first', generation: 5 });
const rotating: Pos = { ...settled, rotation: { sealedSecret: 'second', startedAt: BEGAN } };
const FIRST = { generation: 5, sealedSecret: 'first' };
const SECOND = { generation: 6, sealedSecret: 'second' };

describe('the rotation of a secret', () => {
  it.each([
    ['before it begins', settled, 0, [FIRST]],
    ['when it begins', rotating, 0, [FIRST, SECOND]],
    ['by a clock that is behind the one that began it', rotating, -60_000, [FIRST, SECOND]],
    ['in the last millisecond of its day', rotating, DAY_MS - 1, [FIRST, SECOND]],
    ['a day after it began', rotating, DAY_MS, [SECOND]],
    ['years later', rotating, 1000 * DAY_MS, [SECOND]],
    ['after it was completed', withRotationEnded(rotating), 1, [SECOND]],
  ])('has the right valid secrets %s, the signing one first', (_when, pos, afterMs, secrets) => {
    expect(secretsAt(pos, plusMs(BEGAN, afterMs))).toEqual(secrets);
  });

  it('is in progress for one day', () => {
    const end = plusMs(BEGAN, DAY_MS);
    expect(rotationEnd(settled, BEGAN)).toBeUndefined();
    expect(rotationEnd(rotating, plusMs(end, -1))).toBe(end);
    expect(rotationEnd(rotating, end)).toBeUndefined();
  });

  it('is stored as ended from then on, and unchanged before', () => {
    expect(upToDate(rotating, BEGAN)).toBe(rotating);
    expect(upToDate(settled, BEGAN)).toBe(settled);
    expect(upToDate(rotating, plusMs(BEGAN, DAY_MS))).toEqual({ ...settled, sealedSecret: 'second', generation: 6 });
  });

  it('does not end for a POS that has none', () => {
    expect(withRotationEnded(settled)).toBe(settled);
  });
});

describe('a POS', () => {
  const generations = (pos: Pos, afterMs = 0): number[] =>
    secretsAt(pos, plusMs(BEGAN, afterMs)).map(({ generation }) => generation);

  it.each([
    ['with one secret', settled, 0],
    ['during a rotation', rotating, 0],
    ['after a rotation has ended by itself', rotating, DAY_MS],
  ])('%s that is disabled and enabled keeps its secrets and reuses none of their generations', (_which, pos, afterMs) => {
    const now = plusMs(BEGAN, afterMs);
    const back = withActive(withActive(pos, false, now), true, now);
    expect(back.active).toBe(true);
    expect(secretsAt(back, now).map(({ sealedSecret }) => sealedSecret)).toEqual(
      secretsAt(pos, now).map(({ sealedSecret }) => sealedSecret),
    );
    expect(Math.min(...generations(back, afterMs))).toBeGreaterThan(Math.max(...generations(pos, afterMs)));
  });

  it('that is already disabled does not change', () => {
    const off = withActive(settled, false, BEGAN);
    expect(withActive(off, false, BEGAN)).toBe(off);
  });
});

import { describe, expect, it } from 'vitest';
import { RateLimiter } from './rate-limiter.ts';

describe('a limiter of many keys', () => {
  it('counts each for itself, and says in whole seconds when to come again', () => {
    let nowMs = 0;
    const limiter = new RateLimiter({ rate: { perS: 0.4, burst: 2 }, nowMs: () => nowMs });
    expect([limiter.take('a'), limiter.take('a'), limiter.take('a'), limiter.take('b')]).toEqual([
      undefined,
      undefined,
      3,
      undefined,
    ]);
    nowMs = 2_400;
    expect(limiter.take('a')).toBe(1);
    nowMs = 2_500;
    expect(limiter.take('a')).toBeUndefined();
  });

  it('remembers no more keys than it may, and forgets the one that was asked about longest ago', () => {
    const limiter = new RateLimiter({ rate: { perS: 1, burst: 1 }, nowMs: () => 0, keys: 3 });
    for (const key of ['a', 'b', 'c']) limiter.take(key);
    expect(limiter.take('a')).toBe(1);
    limiter.take('d');
    expect(limiter.size).toBe(3);
    expect([limiter.take('a'), limiter.take('c'), limiter.take('d')]).toEqual([1, 1, 1]);
    expect(limiter.take('b')).toBeUndefined();
  });

  it('keeps a flood of keys, long ones too, within its bounds', () => {
    const limiter = new RateLimiter({ rate: { perS: 1, burst: 1 }, nowMs: () => 0, keys: 100 });
    for (let i = 0; i < 5_000; i += 1) limiter.take(`${i} ${'x'.repeat(10_000)}`);
    expect(limiter.size).toBe(100);
  });

  it('without a rate refuses nothing and remembers nothing', () => {
    const limiter = new RateLimiter({ rate: undefined, nowMs: () => 0 });
    for (let i = 0; i < 1_000; i += 1) expect(limiter.take('a')).toBeUndefined();
    expect(limiter.size).toBe(0);
  });
});

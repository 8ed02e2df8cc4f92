import { describe, expect, it } from 'vitest';
import { RateLimiter } from './rate-limiter.ts';

describe('a limiter of many keys', () => {
  it('counts each key separately, and returns in whole seconds when to retry', () => {
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

  it('lets a key owe what it has used beyond its rate, until that is earned', () => {
    let nowMs = 0;
    const limiter = new RateLimiter({ rate: { perS: 10, burst: 5 }, nowMs: () => nowMs });
    limiter.owe('a', 100);
    expect([limiter.take('a'), limiter.look('a'), limiter.take('b')]).toEqual([10, 10, undefined]);
    nowMs = 9_600;
    expect([limiter.take('a'), limiter.take('a')]).toEqual([undefined, 1]);
  });

  it('remembers a limited number of keys, and forgets the least recently used', () => {
    const limiter = new RateLimiter({ rate: { perS: 1, burst: 1 }, nowMs: () => 0, keys: 3 });
    for (const key of ['a', 'b', 'c']) limiter.take(key);
    expect(limiter.take('a')).toBe(1);
    limiter.take('d');
    expect(limiter.size).toBe(3);
    expect([limiter.take('a'), limiter.take('c'), limiter.take('d')]).toEqual([1, 1, 1]);
    expect(limiter.take('b')).toBeUndefined();
  });

  it('bounds the memory of a flood of keys, including long ones', () => {
    const limiter = new RateLimiter({ rate: { perS: 1, burst: 1 }, nowMs: () => 0, keys: 100 });
    for (let i = 0; i < 5_000; i += 1) limiter.take(`${i} ${'x'.repeat(10_000)}`);
    expect(limiter.size).toBe(100);
  });

  it('refuses nothing and remembers nothing without a rate', () => {
    const limiter = new RateLimiter({ rate: undefined, nowMs: () => 0 });
    for (let i = 0; i < 1_000; i += 1) expect(limiter.take('a')).toBeUndefined();
    expect(limiter.size).toBe(0);
  });
});

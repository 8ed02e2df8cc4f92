import { describe, expect, it } from 'vitest';
import { MAX_TIMEOUT_MS } from './max-timeout.ts';
import { attemptLimitMs, retryDelayMs, type Failure, MAX_RETRY_AFTER_MS } from './retry.ts';

const READ = { tries: 1, maxRetries: 2, repeatable: true, remainingMs: 10_000 };
const CREATE = { ...READ, repeatable: false };

function answered(status: number, errorCode?: string, retryAfterMs?: number): Failure {
  return { status, errorCode, retryAfterMs };
}

describe('the decision to retry', () => {
  const cases: [what: string, failure: Failure, read: boolean, create: boolean][] = [
    ['a failure to connect', { kind: 'unreached' }, true, true],
    ['a broken connection', { kind: 'broken' }, true, false],
    ['an abandoned attempt', { name: 'TimeoutError' }, true, false],
    ['a TLS error', { kind: 'tls' }, false, false],
    ['429 from the API', answered(429, '2000'), true, true],
    ['429 from a proxy', answered(429), true, true],
    ['503 from the API: no rate', answered(503, '4003'), true, true],
    ['503 from the API: down', answered(503, '4006'), true, true],
    ['503 from a proxy', answered(503), true, false],
    ['500', answered(500, '4000'), true, false],
    ['502', answered(502), true, false],
    ['504', answered(504), true, false],
    ['408', answered(408), true, false],
    ['425', answered(425), true, false],
    ['501', answered(501), false, false],
    ['505', answered(505), false, false],
    ['400', answered(400, '0001'), false, false],
    ['401', answered(401, '1001'), false, false],
    ['404', answered(404, '3001'), false, false],
    ['a redirect', answered(302), false, false],
    ['a 200 that is not the contract’s', answered(200), false, false],
  ];
  it.each(cases)('after %s repeats a read only if it helps, and a creation only if it surely had no effect', (...row) => {
    const [, failure, read, create] = row;
    expect({
      read: retryDelayMs(failure, READ, 0.5) !== undefined,
      create: retryDelayMs(failure, CREATE, 0.5) !== undefined,
    }).toEqual({
      read,
      create,
    });
  });

  it('stops at the maximum number of retries', () => {
    expect(retryDelayMs(answered(500), { ...READ, tries: 2 }, 0)).toBeTypeOf('number');
    expect(retryDelayMs(answered(500), { ...READ, tries: 3 }, 0)).toBeUndefined();
    expect(retryDelayMs(answered(500), { ...READ, maxRetries: 0 }, 0)).toBeUndefined();
  });
});

describe('the delay before a retry', () => {
  it.each([
    { tries: 1, random: 0, delayMs: 0 },
    { tries: 1, random: 0.999, delayMs: 499 },
    { tries: 2, random: 0.999, delayMs: 999 },
    { tries: 3, random: 0.5, delayMs: 1000 },
    { tries: 9, random: 0.999, delayMs: 7992 },
  ])('is random up to a maximum that doubles: attempt $tries, $random of it', ({ tries, random, delayMs }) => {
    expect(retryDelayMs(answered(500), { ...READ, tries, maxRetries: 10 }, random)).toBe(delayMs);
  });

  it('is at least as long as Retry-After says, and varies between clients', () => {
    expect(retryDelayMs(answered(429, '2000', 3000), READ, 0)).toBe(3000);
    expect(retryDelayMs(answered(429, '2000', 3000), READ, 0.5)).toBe(3250);
  });

  it('may not exceed the remaining time of the call', () => {
    expect(retryDelayMs(answered(429, '2000', 10_000), READ, 0)).toBeUndefined();
    expect(retryDelayMs(answered(500), { ...READ, remainingMs: 100 }, 0.5)).toBeUndefined();
  });

  it('may not exceed a minute of Retry-After, however much time the call has', () => {
    const patient = { ...READ, remainingMs: 1_000_000 };
    expect(retryDelayMs(answered(429, '2000', MAX_RETRY_AFTER_MS), patient, 0)).toBeTypeOf('number');
    expect(retryDelayMs(answered(429, '2000', MAX_RETRY_AFTER_MS + 1), patient, 0)).toBeUndefined();
  });
});

describe('the time limit of one attempt', () => {
  it.each([
    ['half of what is left', READ, 5000],
    ['half of what is left for the second attempt', { ...READ, tries: 2, remainingMs: 4000 }, 2000],
    ['at least a second, for slow networks', { ...READ, remainingMs: 1100 }, 1000],
    ['all that is left if that is less than a second', { ...READ, remainingMs: 900 }, 1000],
    ['unlimited for the last attempt', { ...READ, tries: 3 }, MAX_TIMEOUT_MS],
    ['unlimited for a request that may not be repeated', CREATE, MAX_TIMEOUT_MS],
  ])('is %s', (_what, state, limitMs) => {
    expect(attemptLimitMs(state)).toBe(limitMs);
  });
});

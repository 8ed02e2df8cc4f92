import { describe, expect, it } from 'vitest';
import type { WithAnswer } from '../http/with-answer.ts';
import { UnexpectedAnswerError } from '../errors/index.ts';
import { createTokenSource } from './token-source.ts';
import type { CachedToken } from './token-store.ts';
import type { ClientCredentialsLoginResponse } from '../wire/index.ts';

/** A login that the test completes, and a clock that the test sets. */
function bench(expiresInS = 3600) {
  const clock = { nowMs: 0 };
  const stored: { token?: CachedToken | undefined } = {};
  const logins: { succeed(): void; fail(error: Error): void }[] = [];
  const tokens = createTokenSource(
    () =>
      new Promise<WithAnswer<ClientCredentialsLoginResponse>>((resolve, reject) => {
        const access_token = `token-${logins.length + 1}`;
        const data = { access_token, token_type: 'Bearer', expires_in: expiresInS, id_token: 'a.b.c' } as const;
        logins.push({
          succeed: () => resolve({ data, answer: { status: 200, headers: new Headers(), requestId: undefined } }),
          fail: reject,
        });
      }),
    {
      read: async () => stored.token,
      write: async (token) => void (stored.token = token),
      remove: async () => void (stored.token = undefined),
    },
    () => clock.nowMs,
  );
  const first = async () => {
    const token = tokens.get();
    await settled();
    logins[0]!.succeed();
    return await token;
  };
  return { clock, logins, stored, tokens, first };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a token source', () => {
  it('shares one login among all callers', async () => {
    const { logins, tokens } = bench();
    const waiting = Array.from({ length: 20 }, async () => await tokens.get());
    await settled();
    expect(logins).toHaveLength(1);
    await settled();
    logins[0]!.succeed();
    expect(new Set((await Promise.all(waiting)).map((token) => token.accessToken))).toEqual(new Set(['token-1']));
  });

  it('keeps the token until its last minute', async () => {
    const { clock, logins, tokens, first } = bench(3600);
    await first();
    clock.nowMs = 3_539_999;
    await tokens.get();
    await settled();
    expect(logins).toHaveLength(1);
  });

  it.each([
    ['without a stored token', undefined],
    ['after a stored token that has expired', { accessToken: 'old', refreshAtMs: 0, expiresAtMs: 0 }],
  ])('counts the life of a token from before the login that a call waited for, %s', async (_which, token) => {
    const { clock, logins, stored, tokens } = bench(3600);
    stored.token = token;
    const got = tokens.get();
    await settled();
    clock.nowMs = 8_000;
    logins[0]!.succeed();
    expect(await got).toMatchObject({ accessToken: 'token-1', refreshAtMs: 3_540_000, expiresAtMs: 3_600_000 });
    expect(await tokens.get()).toEqual(await got);
    expect(stored.token).toEqual(await got);
  });

  it('returns the old token during the early refresh, and the new one afterwards', async () => {
    const { clock, logins, tokens, first } = bench(3600);
    await first();
    clock.nowMs = 3_541_000;
    expect((await tokens.get()).accessToken).toBe('token-1');
    await settled();
    expect(logins).toHaveLength(2);
    await settled();
    logins[1]!.succeed();
    await settled();
    expect((await tokens.get()).accessToken).toBe('token-2');
    await settled();
    expect(logins).toHaveLength(2);
  });

  it('keeps using the old token if the early refresh fails, and retries only after a pause', async () => {
    const { clock, logins, tokens, first } = bench(3600);
    await first();
    clock.nowMs = 3_541_000;
    await tokens.get();
    await settled();
    logins[1]!.fail(new Error('down'));
    await settled();
    expect((await tokens.get()).accessToken).toBe('token-1');
    await settled();
    expect(logins).toHaveLength(2);
    clock.nowMs += 5_000;
    await tokens.get();
    await settled();
    expect(logins).toHaveLength(3);
  });

  it('retries no sooner than the server that refused the early refresh asked', async () => {
    const { clock, logins, tokens, first } = bench(3600);
    await first();
    clock.nowMs = 3_541_000;
    await tokens.get();
    await settled();
    logins[1]!.fail(new UnexpectedAnswerError('busy', { status: 429, retryAfterMs: 30_000 }));
    await settled();
    clock.nowMs += 29_000;
    expect((await tokens.get()).accessToken).toBe('token-1');
    await settled();
    expect(logins).toHaveLength(2);
    clock.nowMs += 1000;
    await tokens.get();
    await settled();
    expect(logins).toHaveLength(3);
  });

  it('waits for the login once the token has expired', async () => {
    const { clock, logins, tokens, first } = bench(10);
    await first();
    clock.nowMs = 10_000;
    const token = tokens.get();
    await settled();
    expect(logins).toHaveLength(2);
    await settled();
    logins[1]!.succeed();
    expect((await token).accessToken).toBe('token-2');
  });

  it('reports a failure to all callers, and logs in again for the next one', async () => {
    const { logins, tokens } = bench();
    const waiting = [0, 1].map(async () => await tokens.get());
    await settled();
    logins[0]!.fail(new Error('down'));
    expect((await Promise.allSettled(waiting)).map((result) => result.status)).toEqual(['rejected', 'rejected']);
    const next = tokens.get();
    await settled();
    expect(logins).toHaveLength(2);
    await settled();
    logins[1]!.succeed();
    expect((await next).accessToken).toBe('token-2');
  });

  it('logs in once if many calls are refused together', async () => {
    const { logins, tokens, first } = bench();
    const token = await first();
    const waiting = Array.from({ length: 20 }, async () => {
      tokens.refused(token);
      return await tokens.get();
    });
    await settled();
    expect(logins).toHaveLength(2);
    await settled();
    logins[1]!.succeed();
    await Promise.all(waiting);
    tokens.refused(token);
    expect((await tokens.get()).accessToken).toBe('token-2');
    await settled();
    expect(logins).toHaveLength(2);
  });

  it('does not store the late result of a login that began before a refusal', async () => {
    const { clock, logins, tokens, first } = bench(3600);
    const token = await first();
    clock.nowMs = 3_541_000;
    await tokens.get();
    tokens.refused(token);
    const next = tokens.get();
    await settled();
    expect(logins).toHaveLength(3);
    await settled();
    logins[2]!.succeed();
    expect((await next).accessToken).toBe('token-3');
    await settled();
    logins[1]!.succeed();
    await settled();
    expect((await tokens.get()).accessToken).toBe('token-3');
  });

  it('logs in when asked to, or joins the login under way', async () => {
    const { logins, tokens, first } = bench();
    await first();
    const answers = [tokens.login(), tokens.login()];
    await settled();
    expect(logins).toHaveLength(2);
    await settled();
    logins[1]!.succeed();
    expect((await Promise.all(answers)).map((answer) => answer.data.access_token)).toEqual(['token-2', 'token-2']);
    expect((await tokens.get()).accessToken).toBe('token-2');
  });

  it('removes a refused token from the store, even if no login follows', async () => {
    const { logins, stored, tokens, first } = bench();
    tokens.refused(await first());
    const failed = tokens.get();
    await settled();
    expect(stored.token).toBeUndefined();
    logins[1]!.fail(new Error('down'));
    await expect(failed).rejects.toThrow('down');
  });

  it('keeps a token that another client has stored since', async () => {
    const { clock, logins, stored, tokens, first } = bench();
    const token = await first();
    stored.token = { ...token, accessToken: 'token-of-another', expiresAtMs: clock.nowMs + 3_600_000 };
    tokens.refused(token);
    expect((await tokens.get()).accessToken).toBe('token-of-another');
    expect([logins.length, stored.token.accessToken]).toEqual([1, 'token-of-another']);
  });

  it('uses a stored token in its last minute if the login fails, and retries only after a pause', async () => {
    const { clock, logins, stored, tokens } = bench();
    stored.token = { accessToken: 'old', refreshAtMs: 0, expiresAtMs: 60_000 };
    const found = tokens.get();
    await settled();
    logins[0]!.fail(new Error('down'));
    expect((await found).accessToken).toBe('old');
    expect((await tokens.get()).accessToken).toBe('old');
    await settled();
    expect(logins).toHaveLength(1);
    clock.nowMs = 60_000;
    const late = tokens.get();
    await settled();
    logins[1]!.fail(new Error('still down'));
    await expect(late).rejects.toThrow('still down');
  });

  it.each([
    ['forward by a day', 86_400_000],
    ['back by a day', -86_400_000],
  ])('tolerates a clock that is set %s', async (_how, byMs) => {
    const { clock, logins, tokens, first } = bench();
    clock.nowMs = 1_700_000_000_000;
    const token = await first();
    clock.nowMs += byMs;
    const next = tokens.get();
    await settled();
    logins[1]?.succeed();
    expect((await next).accessToken).toBe(byMs > 0 ? 'token-2' : 'token-1');
    // With the clock set back the token looks young: only the server's refusal counts.
    if (byMs > 0) return;
    tokens.refused(token);
    const fresh = tokens.get();
    await settled();
    logins[1]!.succeed();
    expect((await fresh).accessToken).toBe('token-2');
  });
});

import { describe, expect, it, vi } from 'vitest';
import { openTestGateway } from '../../../test/support/test-gateway.ts';
import type { Attempt } from '../../callbacks/attempt.ts';
import * as parsing from '../../wallet/descriptor/parse-account.ts';
import { TestEvents } from './test-events.ts';

vi.mock('../../wallet/descriptor/parse-account.ts', { spy: true });

describe('test events', () => {
  it('are sent one at a time and at most ten a minute, without delaying other POS, and parse the account once', async () => {
    await using test = await openTestGateway();
    const [shop, other] = [
      await test.newPos({ defaults: { callbackUrl: 'https://a.invalid/' } }),
      await test.newPos({ defaults: { callbackUrl: 'https://b.invalid/' } }),
    ];
    let [nowMs, refused] = [0, 0];
    const waiting: ((attempt: Attempt) => void)[] = [];
    const events = new TestEvents({
      context: test.gateway.context,
      sender: { send: () => new Promise((resolve) => waiting.push(resolve)) },
      nowMs: () => nowMs,
      refused: () => (refused += 1),
    });
    const answer = async (): Promise<void> => {
      await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0));
      for (const resolve of waiting.splice(0)) resolve({ kind: 'acknowledged' });
    };
    vi.mocked(parsing.parseAccount).mockClear();
    const first = events.send(shop.pos);
    await expect(events.send(shop.pos)).rejects.toMatchObject({ code: '2000', retryAfterS: 2 });
    const others = events.send(other.pos);
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    await answer();
    expect((await Promise.all([first, others])).map(({ attempt }) => attempt.kind)).toEqual(['acknowledged', 'acknowledged']);
    for (let n = 1; n < 10; n += 1) {
      const sent = events.send(shop.pos);
      await answer();
      await sent;
    }
    expect(vi.mocked(parsing.parseAccount).mock.calls.length).toBeLessThanOrEqual(2);
    nowMs = 20_000;
    await expect(events.send(shop.pos)).rejects.toMatchObject({ code: '2000', retryAfterS: 40 });
    nowMs = 60_000;
    const again = events.send(shop.pos);
    await answer();
    await again;
    expect(refused).toBe(2);
  });

  it('are bounded in total', async () => {
    await using test = await openTestGateway();
    const shops = [];
    for (let n = 0; n < 17; n += 1) {
      const { pos } = await test.newPos({ defaults: { callbackUrl: 'https://a.invalid/' } });
      shops.push(pos);
    }
    const waiting: ((attempt: Attempt) => void)[] = [];
    const events = new TestEvents({
      context: test.gateway.context,
      sender: { send: () => new Promise((resolve) => waiting.push(resolve)) },
      nowMs: () => 0,
    });
    const sent = shops.slice(0, 16).map((pos) => events.send(pos));
    await expect(events.send(shops[16]!)).rejects.toMatchObject({ code: '2000' });
    await vi.waitFor(() => expect(waiting).toHaveLength(16));
    for (const resolve of waiting) resolve({ kind: 'acknowledged' });
    await Promise.all(sent);
  });
});

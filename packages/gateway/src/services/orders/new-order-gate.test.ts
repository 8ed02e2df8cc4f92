import { describe, expect, test } from 'vitest';
import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { NewOrderGate } from './new-order-gate.ts';

const ACCOUNT = 'account' as AccountId;
const TTL_MS = 1_000;

interface Reading {
  syncedAt: EpochMs | undefined;
  trouble: string | undefined;
  hasRead: boolean;
  now: EpochMs;
  /** Rounds that new orders have asked for. */
  asked: number;
}

function gate(
  changes: Partial<Reading> = {},
  round: (reading: Reading, signal: AbortSignal) => Promise<void> = () => new Promise(() => {}),
  patienceMs = 50,
): { reading: Reading; gate: NewOrderGate } {
  const reading: Reading = { syncedAt: epochMs(0), trouble: undefined, hasRead: true, now: epochMs(0), asked: 0, ...changes };
  const caughtUp = (signal: AbortSignal): Promise<void> => {
    reading.asked += 1;
    return round(reading, signal);
  };
  const options = { status: () => reading, hasRead: () => reading.hasRead, caughtUp, clock: { now: () => reading.now } };
  return { reading, gate: new NewOrderGate({ ...options, orderTtlMs: TTL_MS, patienceMs }) };
}

describe('a new order', () => {
  test('is made up to an order’s life after the chain was read, whatever trouble there is since', async () => {
    const { reading, gate: open } = gate({ now: epochMs(TTL_MS), trouble: 'nobody answers' });
    expect(await open.refusal(ACCOUNT)).toBeUndefined();
    expect(reading.asked).toBe(0);
  });

  test('is refused beyond it, at once where something is wrong, with what is wrong and when to try again', async () => {
    const { reading, gate: closed } = gate({ now: epochMs(TTL_MS + 1), trouble: 'nobody answers' }, undefined, 3_600_000);
    const refusal = await closed.refusal(ACCOUNT);
    expect(refusal).toMatchObject({ code: '4006', retryAfterS: 5 });
    expect(refusal?.message).toContain('longer than an order can be paid');
    expect(refusal?.message).not.toContain('nobody answers');
    expect(reading.asked).toBe(0);
  });

  test.each<[string, Partial<Reading>]>([
    ['that a start has not read yet', { syncedAt: undefined, hasRead: false }],
    ['read before the account was known', { hasRead: false }],
    ['last read too long ago', { now: epochMs(TTL_MS + 1) }],
  ])('waits for a chain %s, and all that wait have it read once', async (_, changes) => {
    const { reading, gate: open } = gate(
      changes,
      async (state) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        Object.assign(state, { syncedAt: state.now, hasRead: true });
      },
      3_600_000,
    );
    expect(await Promise.all([open.refusal(ACCOUNT), open.refusal(ACCOUNT)])).toEqual([undefined, undefined]);
    expect(reading.asked).toBe(1);
  });

  test('waits no longer than it has patience', async () => {
    const { gate: closed } = gate({ syncedAt: undefined });
    expect((await closed.refusal(ACCOUNT))?.message).toContain('has not been read up to its tip yet');
  });

  test('waits no longer when the reading fails', async () => {
    const { gate: closed } = gate(
      { syncedAt: undefined },
      (state) => {
        state.trouble = 'nobody answers';
        return new Promise(() => {});
      },
      3_600_000,
    );
    expect((await closed.refusal(ACCOUNT))?.message).toContain('/readyz');
  });
});

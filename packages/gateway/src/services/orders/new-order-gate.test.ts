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
  /** How many rounds new orders have requested. */
  rounds: number;
}

function gate(
  changes: Partial<Reading> = {},
  round: (reading: Reading, signal: AbortSignal) => Promise<void> = () => new Promise(() => {}),
  patienceMs = 50,
): { reading: Reading; gate: NewOrderGate } {
  const reading: Reading = { syncedAt: epochMs(0), trouble: undefined, hasRead: true, now: epochMs(0), rounds: 0, ...changes };
  const caughtUp = (signal: AbortSignal): Promise<void> => {
    reading.rounds += 1;
    return round(reading, signal);
  };
  const options = { status: () => reading, hasRead: () => reading.hasRead, caughtUp, clock: { now: () => reading.now } };
  return { reading, gate: new NewOrderGate({ ...options, orderTtlMs: TTL_MS, patienceMs }) };
}

describe('a new order', () => {
  test('is accepted up to the lifetime of an order after the chain was read, despite trouble since', async () => {
    const { reading, gate: open } = gate({ now: epochMs(TTL_MS), trouble: 'nobody answers' });
    expect(await open.refusal(ACCOUNT)).toBeUndefined();
    expect(reading.rounds).toBe(0);
  });

  test('is refused after that, immediately if trouble is known, with the reason and the time of a retry', async () => {
    const { reading, gate: closed } = gate({ now: epochMs(TTL_MS + 1), trouble: 'nobody answers' }, undefined, 3_600_000);
    const refusal = await closed.refusal(ACCOUNT);
    expect(refusal).toMatchObject({ code: '4006', retryAfterS: 5 });
    expect(refusal?.message).toContain('longer than an order can be paid');
    expect(refusal?.message).not.toContain('nobody answers');
    expect(reading.rounds).toBe(0);
  });

  test.each<[string, Partial<Reading>]>([
    ['that has not been read since the start', { syncedAt: undefined, hasRead: false }],
    ['that was read without the account', { hasRead: false }],
    ['that was last read too long ago', { now: epochMs(TTL_MS + 1) }],
  ])('waits for a chain %s, which is read once for all waiting orders', async (_, changes) => {
    const { reading, gate: open } = gate(
      changes,
      async (state) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        Object.assign(state, { syncedAt: state.now, hasRead: true });
      },
      3_600_000,
    );
    expect(await Promise.all([open.refusal(ACCOUNT), open.refusal(ACCOUNT)])).toEqual([undefined, undefined]);
    expect(reading.rounds).toBe(1);
  });

  test('waits no longer than its patience', async () => {
    const { gate: closed } = gate({ syncedAt: undefined });
    expect((await closed.refusal(ACCOUNT))?.message).toContain('has not been read up to its tip yet');
  });

  test('stops waiting when the round fails', async () => {
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

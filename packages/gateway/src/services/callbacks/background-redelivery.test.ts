import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { epochMs } from '../../kernel/clock.ts';
import type { CallbackId } from '../../kernel/ids.ts';
import type { CallbackSlice } from '../../store/ports/callback-store.ts';
import type { Store } from '../../store/ports/store.ts';
import type { RedeliveryContext } from '../context.ts';
import { BackgroundRedelivery, RedeliveryUnderWayError } from './background-redelivery.ts';

const WHICH = { endedSince: epochMs(0), posId: undefined, endpoint: undefined };

/** Searches that go on until they are ended; each has a page without a match. */
let searches: number;
let isLast: boolean;
let fault: Error | undefined;
let lines: string[];
let redelivery: BackgroundRedelivery;
beforeEach(() => {
  [searches, isLast, fault, lines] = [0, false, undefined, []];
  const failedSince = async (): Promise<CallbackSlice> => {
    searches += 1;
    if (fault !== undefined) throw fault;
    return { callbacks: [], searchedTo: isLast ? undefined : ('a callback' as CallbackId) };
  };
  const log = (_fields: unknown, message: string): void => void lines.push(message);
  const context: RedeliveryContext = {
    store: { callbacks: { failedSince } } as unknown as Store,
    clock: { now: () => epochMs(7) },
    callbacksStored: () => {},
  };
  redelivery = new BackgroundRedelivery({ context, log: { info: log, warn: log }, answerWithinMs: 20 });
});
afterEach(() => redelivery.stop());

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(1);
}

test('a short one is answered with its outcome', async () => {
  expect(redelivery.state).toBeUndefined();
  isLast = true;
  const ended = { state: 'done', due: 0, busy: 0, damaged: 0, startedAt: 7, endedAt: 7, error: undefined };
  expect(await redelivery.start(WHICH)).toEqual(ended);
  expect(redelivery.state).toEqual(ended);
  expect(lines).toEqual(['redelivery: done']);
});

test('a long one is answered before it ends, goes on, and keeps others out until then', async () => {
  expect(await redelivery.start(WHICH)).toMatchObject({ state: 'running', endedAt: undefined });
  await expect(redelivery.start(WHICH)).rejects.toThrow(RedeliveryUnderWayError);
  const before = searches;
  await until(() => searches > before);
  isLast = true;
  await until(() => redelivery.state?.state === 'done');
  expect(await redelivery.start(WHICH)).toMatchObject({ state: 'done' });
});

test('one that fails says why', async () => {
  fault = new Error('a fault');
  expect(await redelivery.start(WHICH)).toMatchObject({ state: 'failed', endedAt: 7, error: 'a fault' });
  expect(lines).toEqual([expect.stringContaining('failed half-way')]);
});

test('a stop ends it half-way, and says so', async () => {
  await redelivery.start(WHICH);
  await redelivery.stop();
  expect(redelivery.state).toMatchObject({ state: 'stopped', endedAt: 7 });
  expect(lines).toEqual([expect.stringContaining('stopped half-way')]);
});

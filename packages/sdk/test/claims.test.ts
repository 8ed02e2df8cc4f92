/**
 * Eight real processes behind one address, one Redis, and a handler slower than the sender's timeout: whatever is sent again, to
 * whichever process, every callback has exactly one effect. If a process dies while handling, another one takes over.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findRedis, type TestRedis } from '../../../test/support/redis.ts';
import { startTiedProcess, type TiedProcess } from '../../../test/support/tied-process.ts';
import { bodyOf, signed } from './callbacks.ts';

const PROCESSES = 8;
const HANDLER_MS = 5_000;
const SENDER_TIMEOUT_MS = 300;
/** On a busy machine, an answer that is due at once may take longer than the impatient sender waits. */
const PATIENT_MS = 30_000;
/**
 * Shorter than the handler takes: the claim of a living process must hold all the same. Longer than a process waits for the processor on a
 * busy machine, because a claim that cannot be renewed in time is lost.
 */
const CLAIM_MS = 3_500;

const PROGRAM = fileURLToPath(new URL('callback-server-process.ts', import.meta.url));
const FATAL_UUID = randomUUID();
const LIST = `webpos-test:${randomUUID()}`;

let redis: TestRedis;
let client: ReturnType<typeof createClient>;
let whyNone: string | undefined;
const started: TiedProcess[] = [];
let urls: string[] = [];

beforeAll(async () => {
  const found = await findRedis();
  if (typeof found === 'string') {
    whyNone = found;
    return;
  }
  redis = found;
  client = createClient({ url: redis.url });
  await client.connect();
  for (let at = 0; at < PROCESSES; at += 1) {
    const words = [String(redis.port), LIST, String(HANDLER_MS), String(CLAIM_MS), at === 0 ? FATAL_UUID : 'none'];
    const options = ['--conditions=webpos-source', '--import', 'tsx'];
    started.push(startTiedProcess(process.execPath, [...options, PROGRAM, ...words]));
  }
  urls = await Promise.all(
    started.map(async (each) => {
      const port = await vi.waitUntil(() => /^\d+$/.exec(each.lastOutput())?.[0], { timeout: 100_000, interval: 100 });
      return `http://127.0.0.1:${port}/callback`;
    }),
  );
}, 120_000);
beforeEach((context) => {
  if (whyNone !== undefined) context.skip(whyNone);
});
afterAll(async () => {
  client?.destroy();
  await Promise.all(started.map((each) => each.end(0)));
  await redis?.[Symbol.asyncDispose]();
});

/** Returns the entries `UUID PID` of a list: started handlers, or their effects. */
async function linesOf(list: string, uuids: readonly string[]): Promise<string[]> {
  return (await client.lRange(list, 0, -1)).filter((line) => uuids.includes(line.split(' ')[0]!));
}

/** Sends a callback to one process after the other, until it is acknowledged. @returns all answers. */
async function deliver(uuid: string, { first = 0, timeoutMs = PATIENT_MS } = {}): Promise<(number | string)[]> {
  const body = bodyOf({ object: { uuid, state: {} } });
  const answers: (number | string)[] = [];
  for (let at = first; answers.at(-1) !== 204; at += 1) {
    const sent = fetch(urls[at % PROCESSES]!, {
      method: 'POST',
      body,
      headers: signed(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    answers.push(
      await sent.then(
        ({ status }) => status,
        (error: unknown) => (error as Error).name,
      ),
    );
    await sleep(50);
  }
  return answers;
}

describe('eight processes with one Redis', () => {
  it('let every callback have exactly one effect', async () => {
    const uuids = Array.from({ length: 6 }, () => randomUUID());
    // Each twice, because two gateways may share a database for a moment. One of the two waits for its answers, however busy the machine.
    const answers = await Promise.all(
      uuids.flatMap((uuid, at) => [deliver(uuid, { first: at, timeoutMs: SENDER_TIMEOUT_MS }), deliver(uuid, { first: at + 1 })]),
    );
    const effects = await linesOf(LIST, uuids);
    expect(effects).toHaveLength(uuids.length);
    expect(new Set(effects.map((line) => line.split(' ')[0]))).toEqual(new Set(uuids));
    expect(await linesOf(`${LIST}:begun`, uuids)).toHaveLength(6);
    // Attempts during another process's work were refused, so that they were repeated.
    const withoutLate = answers.flat().filter((answer) => answer !== 500);
    expect(new Set(withoutLate)).toEqual(new Set(['TimeoutError', 409, 204]));
    // Only because Redis answered after the store's deadline, as it does when every core is busy.
    const reasons = started.flatMap((each) => each.lastOutput().match(/answered with 500.*/g) ?? []);
    expect(reasons.length).toBeGreaterThanOrEqual(answers.flat().length - withoutLate.length);
    for (const reason of reasons) expect(reason).toMatch(/TimeoutError\]: redis .*: no answer within 1000 ms/);
  }, 60_000);

  it('handle a callback once if a process died while handling it', async () => {
    const answers = await deliver(FATAL_UUID);
    // The dead process's claim held until it expired.
    expect(answers).toContain(409);
    const [first, second, ...others] = await linesOf(`${LIST}:begun`, [FATAL_UUID]);
    expect(others).toEqual([]);
    expect(second).not.toBe(first);
    expect(await linesOf(LIST, [FATAL_UUID])).toEqual([second]);
    expect(started[0]!.hasExited()).toBe(true);
    // It stays handled.
    expect(await deliver(FATAL_UUID, { first: 3 })).toEqual([204]);
    expect(await linesOf(LIST, [FATAL_UUID])).toEqual([second]);
  }, 60_000);
});

/**
 * Eight real processes behind one address, one Redis, and a handler that is slower than the sender is patient: whatever is sent again
 * meanwhile, and to whichever process, every callback has exactly one effect. Where a process dies at work, another takes over.
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
const HANDLER_MS = 1500;
const SENDER_TIMEOUT_MS = 300;
/** Shorter than the handler takes: what a living process has claimed stays claimed all the same. */
const CLAIM_MS = 900;

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

/** The lines `UUID PID` of a list: handlers that have begun, or their effects. */
async function linesOf(list: string, uuids: readonly string[]): Promise<string[]> {
  return (await client.lRange(list, 0, -1)).filter((line) => uuids.includes(line.split(' ')[0]!));
}

/** Sends a callback as an impatient sender does: each time to the next process, until one acknowledges it. @returns all answers. */
async function deliver(uuid: string, first = 0): Promise<(number | string)[]> {
  const body = bodyOf({ object: { uuid, state: {} } });
  const answers: (number | string)[] = [];
  for (let at = first; answers.at(-1) !== 204; at += 1) {
    const sent = fetch(urls[at % PROCESSES]!, {
      method: 'POST',
      body,
      headers: signed(body),
      signal: AbortSignal.timeout(SENDER_TIMEOUT_MS),
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
  it('have one effect of every callback between them', async () => {
    const uuids = Array.from({ length: 6 }, () => randomUUID());
    // Each twice: two gateways may share a database for a moment.
    const answers = await Promise.all([...uuids, ...uuids].map((uuid, at) => deliver(uuid, at)));
    const effects = await linesOf(LIST, uuids);
    expect(effects).toHaveLength(uuids.length);
    expect(new Set(effects.map((line) => line.split(' ')[0]))).toEqual(new Set(uuids));
    expect(await linesOf(`${LIST}:begun`, uuids)).toHaveLength(6);
    // What came while another process was at work was refused, so that it came again.
    expect(new Set(answers.flat())).toEqual(new Set(['TimeoutError', 409, 204]));
  }, 60_000);

  it('handle once what a process left that died at work', async () => {
    const answers = await deliver(FATAL_UUID);
    // Held by the dead process for as long as its claim lasted.
    expect(answers).toContain(409);
    const [first, second, ...others] = await linesOf(`${LIST}:begun`, [FATAL_UUID]);
    expect(others).toEqual([]);
    expect(second).not.toBe(first);
    expect(await linesOf(LIST, [FATAL_UUID])).toEqual([second]);
    expect(started[0]!.hasExited()).toBe(true);
    // And it stays handled.
    expect(await deliver(FATAL_UUID, 3)).toEqual([204]);
    expect(await linesOf(LIST, [FATAL_UUID])).toEqual([second]);
  }, 60_000);
});

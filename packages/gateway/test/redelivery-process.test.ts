/** A redelivery that the panel has begun survives the death of its gateway. */
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, test, vi } from 'vitest';
import { cloneOrders } from '../../../bench/support/stalls/clone-orders.mjs';
import { loadKeyFile } from '../src/security/key-file.ts';
import { WalletSeals } from '../src/security/wallet-seals.ts';
import { eachInItsFolder, home, json, newPos, serve } from './support/installation.ts';
import { loginAt } from './support/served-gateway.ts';

/** Some twenty pages. */
const COUNT = 2_000;
/** Three processes start, one after the other. */
const TIMEOUT_MS = 300_000;
const PATIENCE = { timeout: 100_000, interval: 10 };
const settings = { WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' };
/** Nothing listens there. */
const CALLBACK_URL = 'http://127.0.0.1:9/callback';

eachInItsFolder();

/** Creates an order with an event, and stops the gateway. */
async function sampleOrder(): Promise<string> {
  const pos = await newPos();
  const gateway = await serve({ settings });
  const { token = '' } = await loginAt(gateway.url, pos.client_id, pos.secret);
  const send = async (method: string, path: string, body?: object): Promise<{ uuid: string }> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(gateway.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return (await answer.json()) as { uuid: string };
  };
  const { uuid } = await send('POST', '/payment-order', { amount: '10.00', callback_url: CALLBACK_URL });
  await send('DELETE', `/payment-order/${uuid}`);
  await gateway.kill('SIGTERM');
  return uuid;
}

async function inDatabase<T>(work: (database: InstanceType<typeof DatabaseSync>) => T | Promise<T>): Promise<T> {
  const database = new DatabaseSync(join(home.folder, 'webpos.db'), { timeout: 10_000 });
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

interface Redelivery {
  readonly state: string;
  readonly due: number;
}

test(
  'a redelivery continues after kill -9 where it was, and counts every callback once',
  async () => {
    const sample = await sampleOrder();
    await inDatabase(async (database) => {
      const adapter = {
        kind: 'sqlite',
        exec: async (text: string) => database.exec(text),
        all: async (text: string) => database.prepare(text).all() as Record<string, unknown>[],
      } as const;
      const seals = new WalletSeals((await loadKeyFile(join(home.folder, 'webpos.key'))).wallet);
      const createdAtMs = Date.now() - 3_600_000;
      await cloneOrders(adapter, sample, COUNT, { seals, createdAtMs, payments: false, readable: true });
      database.exec(
        `update callbacks set status = 'failed', ended_at = ${Date.now()}, next_attempt_at = null, claimed_by = null where order_id <> '${sample}'`,
      );
    });
    const { token } = await json<{ token: string }>(['panel', 'token']);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const progress = async (url: string): Promise<Redelivery> => {
      const answer = await fetch(`${url}/panel/api/callbacks/redeliver`, { headers });
      return ((await answer.json()) as { redelivery: Redelivery }).redelivery;
    };

    const first = await serve({ settings });
    const body = JSON.stringify({ failed_since: new Date(Date.now() - 3_600_000).toISOString() });
    void fetch(`${first.url}/panel/api/callbacks/redeliver`, { method: 'POST', headers, body }).catch(() => {});
    await vi.waitFor(async () => expect((await progress(first.url)).due).toBeGreaterThan(0), PATIENCE);
    await first.kill('SIGKILL');
    const left = await inDatabase(
      (database) => database.prepare(`select count(*) as n from callbacks where status = 'failed'`).get() as { n: number },
    );
    expect(left.n).toBeGreaterThan(0);
    expect(left.n).toBeLessThan(COUNT);

    const second = await serve({ settings });
    await vi.waitFor(async () => expect(await progress(second.url)).toMatchObject({ state: 'done', due: COUNT }), PATIENCE);
    const failed = await inDatabase(
      (database) => database.prepare(`select id from callbacks where status = 'failed'`).all() as unknown[],
    );
    expect(failed).toEqual([]);
  },
  TIMEOUT_MS,
);

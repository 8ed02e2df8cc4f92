/** Forgets a person's orders beside a serving gateway, and looks for the person's name in every file. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { eachInItsFolder, home, json, newPos, serve, webpos } from './support/installation.ts';
import { loginAt } from './support/served-gateway.ts';

const NAME = 'Zwetschgenkern';
const EMAIL = `ottilie.${NAME}@example.org`;
const ORDERS = 12;
const PATIENCE = { timeout: 60_000, interval: 100 };

eachInItsFolder();

/** A shop that repeats the body in its answer. */
const shop = createServer((request, response) => request.pipe(response.writeHead(200)));
beforeAll(() => once(shop.listen(0, '127.0.0.1'), 'listening'));
afterAll(() => {
  shop.close().closeAllConnections();
});

/** Returns the files of a folder that contain the name, in whichever case. */
async function filesWithName(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).toString('latin1').toLowerCase().includes(NAME.toLowerCase())) found.push(entry.name);
  }
  return found.sort();
}

interface Listed {
  readonly uuid: string;
  readonly status: string;
}
const callbacks = (): Promise<Listed[]> => json<Listed[]>(['callback', 'list', '--limit', '100']);
async function bodies(): Promise<string[]> {
  const listed = await callbacks();
  return Promise.all(listed.map(async ({ uuid }) => JSON.stringify(await json(['callback', 'show', uuid]))));
}

/** Creates and cancels orders with the name in everything that a shop sends, and the rest as the gateway stores it. */
async function plant(url: string, token: string): Promise<string[]> {
  const at = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/callback?shop=7&customer=${encodeURIComponent(EMAIL)}`;
  const send = async (method: string, path: string, body?: object): Promise<{ uuid: string }> => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': `${NAME}-${randomUUID()}`,
    };
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return (await answer.json()) as { uuid: string };
  };
  const uuids: string[] = [];
  for (let n = 0; n < ORDERS; n += 1) {
    const { uuid } = await send('POST', '/payment-order', {
      amount: '10.00',
      details: `for Ottilie ${NAME}, ${EMAIL}, ${'cake '.repeat(n)}`,
      reference: `${NAME} ${n}`,
      callback_url: at,
      continue_url: `https://shop.example/${NAME}`,
      cancel_url: `https://shop.example/?name=${NAME}`,
    });
    await send('DELETE', `/payment-order/${uuid}`);
    uuids.push(uuid);
  }
  return uuids;
}

function plantInRows(uuid: string): void {
  const database = new DatabaseSync(join(home.folder, 'webpos.db'), { timeout: 10_000 });
  database.prepare(`insert into refund_requests (order_id, address, requested_at) values (?, ?, 1)`).run(uuid, `bcrt1q${NAME}`);
  database
    .prepare(
      `insert into order_history (id, order_id, at, actor, action, reason, status_before, status_after, received_sats)
       values (?, ?, 1, 'command', 'refuse', ?, 'cancelled', 'cancelled', 5)`,
    )
    .run(randomUUID(), uuid, `paid back to ${NAME}`);
  database.close();
}

it('erases a name from database, log files and backups, and keeps the amounts', async () => {
  const settings = { WEBPOS_LOG_LEVEL: 'debug', WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' };
  const pos = await newPos();
  const gateway = await serve({ settings });
  const { token = '' } = await loginAt(gateway.url, pos.client_id, pos.secret);
  const uuids = await plant(gateway.url, token);
  await vi.waitFor(async () => {
    const listed = await callbacks();
    expect(listed.map(({ status }) => status)).toEqual(Array.from({ length: ORDERS }, () => 'delivered'));
  }, PATIENCE);
  plantInRows(uuids[0]!);
  const authorization = { authorization: `Bearer ${token}` };
  const read = async (path: string): Promise<string> => (await fetch(`${gateway.url}${path}`, { headers: authorization })).text();
  const [orderBefore, feedBefore] = [await read(`/payment-order/${uuids[0]}`), await read('/events')];
  const before = join(home.folder, 'before');
  await json(['backup', before]);

  // The name is everywhere before.
  expect(await filesWithName(home.folder)).toEqual(expect.arrayContaining(['webpos.db', 'webpos.db-wal']));
  expect(await filesWithName(before)).toEqual(['webpos.db']);
  for (const text of [orderBefore, feedBefore, ...(await bodies())]) expect(text).toContain(NAME);

  const preview = await json<{ orders: { erases: string[] }[] }>(['forget', '--email', EMAIL, '--dry-run']);
  expect(preview.orders).toHaveLength(ORDERS);
  expect(new Set(preview.orders.flatMap(({ erases }) => erases))).toEqual(
    new Set([
      'reference',
      'details',
      'continue_url',
      'cancel_url',
      'callback_url',
      'refund_address',
      'reasons',
      'idempotency_key',
      'callback_bodies',
      'response_excerpts',
    ]),
  );
  expect(await read(`/payment-order/${uuids[0]}`)).toContain(NAME);
  const unasked = await webpos(['forget', '--email', EMAIL.toUpperCase()]);
  expect([unasked.status, unasked.err]).toEqual([2, expect.stringContaining('--yes')]);

  const { status, out, err } = await webpos(['forget', '--email', EMAIL.toUpperCase(), '--yes', '--json'], { settings });
  expect([status, err]).toEqual([0, '']);
  expect(JSON.parse(out)).toMatchObject({ found: ORDERS, log_cleared: true });

  // The gateway has noticed at once.
  for (const text of [await read(`/payment-order/${uuids[0]}`), await read('/events'), ...(await bodies())])
    expect(text.toLowerCase()).not.toContain(NAME.toLowerCase());
  const order = JSON.parse(await read(`/payment-order/${uuids[0]}`)) as object;
  expect(order).toEqual({
    ...(JSON.parse(orderBefore) as object),
    reference: null,
    details: null,
    callback_url: expect.stringMatching(/\/callback\?shop=7$/) as string,
    expires_in: expect.any(Number) as number,
  });
  const after = join(home.folder, 'after');
  await json(['backup', after]);
  expect(gateway.log()).toContain('request');
  expect(gateway.log().toLowerCase()).not.toContain(NAME.toLowerCase());
  await gateway.kill('SIGKILL');
  const backup = `${home.folder}-backup`;
  await cp(before, backup, { recursive: true });
  await rm(before, { recursive: true });
  expect(await filesWithName(home.folder)).toEqual([]);

  // A backup from before is erased again when it is restored.
  for (const name of await readdir(home.folder)) if (name.startsWith('webpos.db')) await rm(join(home.folder, name));
  const restored = await webpos(['restore', backup]);
  expect([restored.status, restored.err]).toEqual([0, '']);
  await rm(backup, { recursive: true });
  expect(await filesWithName(home.folder)).toEqual([]);
  expect(await callbacks()).toHaveLength(ORDERS);
}, 300_000);

it('leaves alone an order that may still be paid, unless it is told to', async () => {
  const pos = await newPos();
  const { url } = await serve();
  const { token = '' } = await loginAt(url, pos.client_id, pos.secret);
  const create = await fetch(`${url}/payment-order`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ amount: '10.00', reference: NAME }),
  });
  const { uuid } = (await create.json()) as { uuid: string };
  const left = await webpos(['forget', '--reference', NAME, '--yes']);
  expect([left.status, left.out]).toEqual([1, expect.stringContaining(`${uuid}: left alone, because it may still be paid`)]);
  const done = await json<{ orders: object[] }>(['forget', '--order', uuid, '--now', '--yes']);
  expect(done.orders).toEqual([{ order: uuid, erases: ['reference'], postponed: null }]);
  expect(await json<{ orders: object[] }>(['forget', '--order', uuid, '--now', '--yes'])).toMatchObject({
    orders: [{ erases: [] }],
  });
}, 120_000);

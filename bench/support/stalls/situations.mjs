/** What may hold a gateway up, one situation after the other. */
import { exec } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { webpos } from '../gateway-process.mjs';
import { cloneOrders } from './clone-orders.mjs';

/**
 * Prepares the orders of the situations. Each has a name, what is done before it is measured, what happens meanwhile, and what has to
 * end before the next one begins.
 *
 * @param world `gateway`: returns the gateway that serves. `settle`: brings the database to rest.
 */
export async function makeSituations(world, pos, samples) {
  const { database, folder, seals, orders, deadlines, tenth, gateway, settle } = world;
  const until = (query) => untilNone(database, query);
  const change = (first, count, statement) => inSlices(database, first, count, statement);
  const fail = (first) => change(first, tenth, failedCallbacks);
  // What is still to be sent would weigh on the next situation.
  const untilDelivered = () => until(`select count(*) as n from callbacks where status = 'waiting'`);
  const now = Date.now();
  const future = now + 7 * 86_400_000;
  const tip = Number((await database.all('select max(height) as n from chain_blocks'))[0].n);
  // Orders that expire together; their time comes when they are measured.
  const due = await cloneOrders(database, samples.pending, deadlines, {
    seals,
    createdAtMs: now - 1_800_000,
    payments: false,
    callbacks: false,
    set: { expires_at: String(future), deadline_at: String(future) },
  });
  // Orders paid in the last 100 blocks, which blocks alone do not change before they are buried.
  const watched = await cloneOrders(database, samples.paid, tenth, {
    seals,
    createdAtMs: now - 1_200_000,
    readable: true,
    set: { watched: '1', judge_at_height: String(tip + 90) },
  });
  await settle();
  const mine = async ({ token }) => {
    // A payment of this order, in a block of its own.
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const { uuid } = await json(`${gateway().url}/payment-order`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ amount: '12.50', currency: 'EUR' }),
    });
    await json(`${gateway().url}/payment-order/${uuid}/test/`, {
      method: 'PATCH',
      headers,
      body: '{"callback":"payment.completed"}',
    });
  };
  return [
    { name: 'the load alone', during: async () => sleep(10_000) },
    {
      name: `${deadlines} deadlines at once`,
      before: () =>
        change(
          due,
          deadlines,
          (range) => `update orders set expires_at = ${Date.now() + 4_000}, deadline_at = ${Date.now() + 4_000} where ${range}`,
        ),
      during: () =>
        until(
          `select count(*) as n from orders where address_index >= ${due} and address_index < ${due + deadlines} and status = 'pending'`,
        ),
    },
    { name: `blocks with ${tenth} watched orders`, during: async (at) => repeat(5, () => mine(at)) },
    {
      name: `a block that ${tenth} orders waited for`,
      before: () => change(watched, tenth, (range) => `update orders set judge_at_height = ${tip + 1} where ${range}`),
      during: async (at) => {
        // The sandbox waits ten seconds for the orders to be judged, which goes on afterwards.
        try {
          await mine(at);
        } catch (error) {
          if (!error.message.includes('has not read the sandbox chain up to its tip yet')) throw error;
        }
        await until(`select count(*) as n from orders where judge_at_height <= ${tip + 1}`);
      },
    },
    { name: 'a foreign lock held for 3 s', during: () => holdLock(database) },
    {
      name: `redeliver of ${tenth} by command`,
      before: () => fail(watched),
      during: async () =>
        webpos(folder, 'callback', 'redeliver', '--failed-since', new Date(Date.now() - 3_600_000).toISOString()),
      after: untilDelivered,
    },
    {
      name: `redeliver of ${tenth} by panel`,
      before: () => fail(watched),
      during: (at) => redeliverByPanel(gateway().url, at),
      after: untilDelivered,
    },
    { name: 'filters without a match', during: (at) => filters(gateway().url, at) },
    {
      name: 'a page in the middle, five a second',
      during: ({ token }) =>
        repeat(40, async () => {
          void json(`${gateway().url}/payment-order?page=${Math.floor(orders / 40)}`, {
            headers: { authorization: `Bearer ${token}` },
          });
          await sleep(200);
        }),
    },
    { name: 'a backup', during: () => backUp(folder) },
    { name: 'an export', during: () => exportOrders(folder) },
    {
      name: `account list and doctor`,
      during: async () => [await webpos(folder, 'account', 'list'), await webpos(folder, 'doctor').catch(() => {})],
    },
  ];
}

/** Marks the callbacks of a range of orders as given up. */
function failedCallbacks(range) {
  const ofOrders = `order_id in (select id from orders where ${range})`;
  return `update callbacks set status = 'failed', ended_at = ${Date.now()}, attempts = 5, next_attempt_at = null, claimed_by = null where ${ofOrders}`;
}

/** Updates orders beside the gateway in small transactions, by their address index. */
async function inSlices(database, first, count, statement) {
  for (let from = first; from < first + count; from += 500) {
    await database.exec(statement(`address_index >= ${from} and address_index < ${Math.min(from + 500, first + count)}`));
    await sleep(10);
  }
}

/** Holds up everything that writes: SQLite's only lock, or on PostgreSQL those tables that every step writes. */
async function holdLock(database) {
  await sleep(2_000);
  if (database.kind === 'sqlite') await database.exec('begin immediate');
  else await database.exec('begin; lock table orders, callbacks in share row exclusive mode');
  await sleep(3_000);
  await database.exec('rollback');
  await sleep(3_000);
}

/** Makes a backup. On PostgreSQL, the command names another one that copies the database, which is run as well. */
async function backUp(folder) {
  const { run } = await webpos(folder, 'backup', join(folder, `backup-${Date.now()}`));
  if (run !== null) await promisify(exec)(run);
}

/** Begins a redelivery in the panel, and asks how far it is until it has ended. */
async function redeliverByPanel(url, { panelToken }) {
  const headers = { authorization: `Bearer ${panelToken}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ failed_since: new Date(Date.now() - 3_600_000).toISOString() });
  let redelivery = await json(`${url}/panel/api/callbacks/redeliver`, { method: 'POST', headers, body });
  while (redelivery.state === 'running') {
    await sleep(500);
    ({ redelivery } = await json(`${url}/panel/api/callbacks/redeliver`, { headers }));
  }
  if (redelivery.state !== 'done') throw new Error(`the redelivery has ${redelivery.state}: ${redelivery.error}`);
}

/** Asks for lists by filters that nothing matches. */
async function filters(url, { token, panelToken, pos }) {
  const nobody = '5b3fb7f2-5d5a-4c8e-8f0a-3c1f3cf4a001';
  const panel = { authorization: `Bearer ${panelToken}` };
  const paths = [
    ...[
      'status=failed',
      'status=not_wanted',
      'status=waiting',
      `pos=${nobody}`,
      'endpoint=https://nobody.example',
      `order=${nobody}`,
      `status=not_wanted&pos=${pos.uuid}&endpoint=https://nobody.example`,
    ].map((query) => [`/panel/api/callbacks?${query}`, panel]),
    ...['status=possible_chargeback', 'status=chargeback', 'reference=nothing', 'status=cancelled&sort_by=amount'].map(
      (query) => [`/payment-order?${query}`, { authorization: `Bearer ${token}` }],
    ),
  ];
  for (let round = 0; round < 5; round += 1) {
    for (const [path, headers] of paths) {
      await json(url + path, { headers });
      await sleep(100);
    }
  }
}

/** Exports all orders into a file. */
async function exportOrders(folder) {
  const day = (ms) => new Date(ms).toISOString().slice(0, 10);
  const period = ['--from', day(Date.now() - 7 * 86_400_000), '--to', day(Date.now())];
  await webpos(folder, 'export', '--kind', 'orders', ...period, '--out', join(folder, `orders-${Date.now()}.csv`));
}

/** Waits until a query counts 0. */
export async function untilNone(database, query) {
  while (Number((await database.all(query))[0].n) > 0) await sleep(250);
}

async function repeat(times, work) {
  for (let time = 0; time < times; time += 1) await work();
}

async function json(url, init) {
  const answer = await fetch(url, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text.slice(0, 200)}`);
  return JSON.parse(text);
}

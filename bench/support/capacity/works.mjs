/** The pieces of work whose costs are measured. Each returns how many things were done. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ORDER } from './fill.mjs';

/** How many coins the sandbox's wallet has between two blocks. */
const PAYMENTS_PER_BLOCK = 400;
/** Together more than the default depth at which a payment is final. */
const QUIET_BLOCKS = 90;
const BURYING_BLOCKS = 15;
const UNTIL_MS = 120_000;
/** In an index, while reading the status of each order would take long. */
const OPEN = `deadline_at is not null and status = 'pending'`;

/** Creates orders at a fixed rate. */
export async function createAtRate(openLoop, { port, headers }, { perS, seconds }) {
  openLoop.send({ port, headers, body: JSON.stringify(ORDER), ids: [], creationsPerS: perS, readsPerS: 0, healthPerS: 10 });
  await sleep(100);
  openLoop.send('measure');
  await sleep(seconds * 1_000);
  openLoop.send('result');
  const [{ creation }] = await once(openLoop, 'message');
  openLoop.disconnect();
  // The creations under way still end.
  await sleep(1_000);
  if (creation.errors > 0) throw new Error(`${creation.errors} creations failed`);
  return creation.answered;
}

/** Creates orders over 16 connections. @returns their ids. */
export async function createOrders(generator, { port, headers }, count) {
  const plan = { port, method: 'POST', paths: ['/payment-order'], headers, bodies: [JSON.stringify(ORDER)] };
  const { bodies } = await asked(generator, { ...plan, connections: 16, count, keep: true });
  return bodies.map((body) => JSON.parse(body).uuid);
}

export async function readOrders(generator, { port, headers }, ids, count) {
  const paths = ids.map((id) => `/payment-order/${id}`);
  await asked(generator, { port, method: 'GET', paths, headers, connections: 16, count });
  return count;
}

/** Lets all pending orders expire, and waits until their callbacks are delivered. */
export async function expireAll(database, gateway) {
  const [{ n, id }] = await database.all(`select count(*) as n, max(id) as id from orders where ${OPEN}`);
  const nowMs = Date.now();
  await database.exec(`update orders set expires_at = ${nowMs}, deadline_at = ${nowMs} where ${OPEN}`);
  // The gateway does not know of the new deadlines, and looks at each block. The page may give up before all orders have expired.
  await press(gateway, id, 'mine', [303, 503]);
  await until(database, `select count(*) as n from orders where ${OPEN}`);
  await until(database, `select count(*) as n from callbacks where status = 'waiting'`);
  return Number(n);
}

/** Pays orders on the sandbox's chain, mines the payments, and waits until the callbacks are delivered. */
export async function payOrders(database, gateway, ids) {
  for (let from = 0; from < ids.length; from += PAYMENTS_PER_BLOCK) {
    const some = ids.slice(from, from + PAYMENTS_PER_BLOCK);
    for (let at = 0; at < some.length; at += 8) await Promise.all(some.slice(at, at + 8).map((id) => press(gateway, id, 'send')));
    await press(gateway, some[0], 'mine');
  }
  await until(database, `select count(*) as n from orders where ${OPEN}`);
  await until(database, `select count(*) as n from callbacks where status = 'waiting'`);
  return ids.length;
}

/** Mines blocks that change nothing of the orders that were paid just before. */
export async function mineBlocks(gateway, id) {
  for (let block = 0; block < QUIET_BLOCKS; block += 1) await press(gateway, id, 'mine');
  return QUIET_BLOCKS;
}

/** Mines the blocks that bury the payments: then each order is judged, and nothing can change it afterwards. */
export async function bury(database, gateway, ids) {
  for (let block = 0; block < BURYING_BLOCKS; block += 1) await press(gateway, ids[0], 'mine');
  await until(database, `select count(*) as n from orders where watched = 1`);
  return ids.length;
}

/** Delivers callbacks again that were marked as given up. */
export async function redeliver(database, { url }, panelToken, ids) {
  const body = JSON.stringify({ failed_since: new Date(Date.now() - 3_600_000).toISOString() });
  const headers = { authorization: `Bearer ${panelToken}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/panel/api/callbacks/redeliver`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`redeliver: ${answer.status} ${await answer.text()}`);
  for (const status of ['failed', 'waiting'])
    await until(database, `select count(*) as n from callbacks where status = '${status}'`);
  return ids.length;
}

export async function giveUp(database, ids) {
  await database.exec(`update callbacks set status = 'failed', ended_at = ${Date.now()}, next_attempt_at = null, claimed_by = null
    where order_id in (${quoted(ids)})`);
}

/** Opens checkout pages, each with its stream. */
export async function openPages(pages, { port }, ids) {
  await asked(pages, { port, pages: ids.map((id) => `/checkout/${id}`) });
  return ids.length;
}

async function asked(helper, plan) {
  helper.send(plan);
  const [answer] = await once(helper, 'message');
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}

async function press({ url }, id, action, expected = [303]) {
  const body = new URLSearchParams({ action });
  const answer = await fetch(`${url}/checkout/${id}/sandbox`, { method: 'POST', redirect: 'manual', body });
  await answer.text();
  if (!expected.includes(answer.status)) throw new Error(`the sandbox's button ${action}: ${answer.status}`);
}

/** Waits until a query counts 0. */
async function until(database, query) {
  for (const endMs = performance.now() + UNTIL_MS; ; await sleep(100)) {
    const [{ n }] = await database.all(query);
    if (Number(n) === 0) return;
    if (performance.now() > endMs) throw new Error(`${n} left after ${UNTIL_MS} ms: ${query}`);
  }
}

function quoted(ids) {
  return ids.map((id) => `'${id}'`).join(', ');
}

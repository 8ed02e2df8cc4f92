/** Makes a database with many orders at rest: half of them expired, and half paid and buried, each with its one delivered callback. */
import { setTimeout as sleep } from 'node:timers/promises';
import { login, serve, webpos } from '../gateway-process.mjs';
import { cloneOrders } from '../stalls/clone-orders.mjs';
import { growth, sizesOf } from './disk.mjs';

/** Enough for the blocks of the next samples to bury the first one. */
const SAMPLE_SETTINGS = { WEBPOS_FINAL_DEPTH: '2' };
const TPUB = 'tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M';
/** What a shop sends with an order. */
export const ORDER = { amount: '12.50', currency: 'EUR', reference: 'order 4711' };

export async function createPos(folder, callbackUrl) {
  const { uuid: account } = await webpos(folder, 'account', 'create', '--name', 'Wallet', '--xpub', TPUB);
  const words = ['--name', 'Till', '--account', account, '--currency', 'EUR', '--callback-url', callbackUrl];
  return webpos(folder, 'pos', 'create', ...words);
}

/** @returns what each kind of order took on the disk, by table and index. */
export async function fill(database, seals, samples, count) {
  const half = Math.floor(count / 2);
  const createdAtMs = Date.now() - count - 3_600_000;
  if (database.kind === 'sqlite')
    await database.exec('pragma foreign_keys = off; pragma synchronous = off; pragma cache_size = -500000');
  const empty = await sizesOf(database);
  await cloneOrders(database, samples.expired, half, { seals, createdAtMs, payments: false });
  const expired = await sizesOf(database);
  await cloneOrders(database, samples.paid, half, { seals, createdAtMs: createdAtMs + half });
  const all = await sizesOf(database);
  await database.exec(database.kind === 'sqlite' ? 'analyze; pragma synchronous = full' : 'vacuum analyze');
  return { expired: growth(empty, expired), paid: growth(expired, all), half };
}

/** Lets a gateway store an order that expired and one that was paid, until nothing can change either. */
export async function makeSamples(folder, pos, database) {
  const gateway = await serve(folder, SAMPLE_SETTINGS);
  try {
    const call = await clientOf(gateway, pos);
    const drive = async (event) => {
      const { uuid } = await call('POST', '/payment-order', ORDER);
      await call('PATCH', `/payment-order/${uuid}/test/`, { callback: event });
      return uuid;
    };
    const samples = { expired: await drive('payment.expired'), paid: await drive('payment.completed') };
    for (let block = 0; block < 3; block += 1) await drive('payment.completed');
    await untilAtRest(database, Object.values(samples));
    return samples;
  } finally {
    await gateway.stop();
  }
}

/** Returns a function that calls the API. It waits until the first addresses are derived. */
export async function clientOf(gateway, pos) {
  const token = await login(gateway.url, pos);
  const call = async (method, path, body) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(gateway.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  for (let triesLeft = 100; ; triesLeft -= 1) {
    try {
      await call('POST', '/payment-order', ORDER);
      return call;
    } catch (error) {
      if (triesLeft === 0) throw error;
      await sleep(200);
    }
  }
}

/** A copy of an order that still waits for something would take more than one at rest. */
async function untilAtRest(database, ids) {
  const list = ids.map((id) => `'${id}'`).join(', ');
  for (let triesLeft = 100; ; triesLeft -= 1) {
    const [{ n }] = await database.all(`select count(*) as n from orders join callbacks on callbacks.order_id = orders.id
      where orders.id in (${list}) and orders.watched = 0 and orders.judge_at_height is null and orders.deadline_at is null
      and callbacks.status = 'delivered' and callbacks.feed_position is null`);
    if (Number(n) === ids.length) return;
    if (triesLeft === 0) throw new Error(`${n} of ${ids.length} orders are at rest, each with one delivered callback`);
    await sleep(200);
  }
}

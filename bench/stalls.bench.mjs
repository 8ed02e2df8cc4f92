/**
 * What can hold a gateway up: the 99th percentile of `/healthz`, the step that held the JavaScript thread longest, the longest
 * transaction, and the memory, while the gateway does what once stopped it. Meanwhile another process creates 600 orders and reads 900 a
 * second, at these rates whether or not the gateway keeps up.
 *
 *   npm run bench -- stalls                        50,000 orders, on SQLite: a quick look, some three minutes
 *   npm run bench -- stalls --orders 1000000       the numbers that count; some ten minutes
 *   npm run bench -- stalls --postgres             on PostgreSQL
 *   npm run bench -- stalls --only redeliver       only the situations with that in their name
 *   npm run bench -- stalls --start 5000000        only the start, the stop and the disk, with that many orders
 *
 * No situation takes longer than 60 seconds; one that is not over by then is marked with `…`. The counts of deadlines, watched orders and
 * callbacks are a tenth of the orders, and those of the requirement with 1,000,000 orders (deadlines: a hundredth, at least 2,000).
 *
 * The orders are copies of one that the gateway has stored itself (`support/stalls/clone-orders.mjs`). Holds and transactions are those
 * that the gateway's own watchdog reports; a hold by CPU does not count the time in which the process waited for a processor or the disk.
 * `own timers` is how late the timers of the process that puts on the load were at the 99th
 * percentile: on a machine with other work, no latency is better than that.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildGateway, configure, login, serve, webpos } from './support/gateway-process.mjs';
import { freePorts } from './support/stalls/free-ports.mjs';
import { cloneOrders } from './support/stalls/clone-orders.mjs';
import { makePlace } from './support/stalls/database.mjs';
import { report } from './support/report.mjs';

const { values: options } = parseArgs({
  options: {
    orders: { type: 'string', default: '50000' },
    postgres: { type: 'boolean', default: false },
    only: { type: 'string' },
    start: { type: 'string' },
    creations: { type: 'string', default: '600' },
    reads: { type: 'string', default: '900' },
  },
});
const ORDERS = Number(options.start ?? options.orders);
const TENTH = Math.floor(ORDERS / 10);
const DEADLINES = Math.max(2_000, Math.floor(ORDERS / 100));
const MIN_PHASE_MS = 8_000;
const MAX_PHASE_MS = 60_000;
const HEALTH_PER_S = 50;
const TPUB = 'tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M';

const folder = await mkdtemp(join(tmpdir(), 'webpos-stalls-'));
const place = await makePlace(options.postgres ? 'postgres' : 'sqlite', folder);
const shop = http.createServer((request, response) => request.resume().on('end', () => response.end('ok')));
const load = fork(fileURLToPath(new URL('support/stalls/open-loop.mjs', import.meta.url)), { execArgv: [] });
let gateway;
let database;
try {
  await buildGateway();
  await main();
} finally {
  if (load.connected) load.disconnect();
  await database?.close();
  await gateway?.stop('SIGKILL');
  shop.close();
  shop.closeAllConnections();
  await place.drop();
  await rm(folder, { recursive: true, force: true });
}

async function main() {
  shop.listen(0, '127.0.0.1');
  await once(shop, 'listening');
  const [opsPort] = await freePorts(1);
  configure(folder, {
    WEBPOS_DATABASE_URL: place.url,
    WEBPOS_OPS_PORT: String(opsPort),
    WEBPOS_RATE_LIMIT_CLIENT: '0',
    WEBPOS_RATE_LIMIT_FAILURES: '0',
    WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true',
  });
  const { uuid: account } = await webpos(folder, 'account', 'create', '--name', 'Wallet', '--xpub', TPUB);
  const callbackUrl = `http://127.0.0.1:${shop.address().port}/paid`;
  const pos = await webpos(
    folder,
    'pos',
    'create',
    '--name',
    'Till',
    '--account',
    account,
    '--currency',
    'EUR',
    '--callback-url',
    callbackUrl,
  );
  const samples = await makeSamples(pos);
  database = await place.connect();
  const empty = await place.bytes();
  const now = Date.now();
  await cloneOrders(database, samples.paid, ORDERS, { createdAtMs: now - ORDERS - 3_600_000 });
  await settle();
  const bytesPerOrder = ((await place.bytes()) - empty) / ORDERS;
  report('bytes on disk per order with one callback', bytesPerOrder.toFixed(0), {
    target: '<= 1900',
    met: bytesPerOrder <= 1_900,
  });
  const targetMs = 2_000;
  gateway = await serve(folder);
  const what = `start with ${ORDERS.toLocaleString('en')} orders`;
  report(
    what,
    `${gateway.startMs.toFixed(0)} ms`,
    ORDERS <= 5_000_000 ? { target: `<= ${targetMs}`, met: gateway.startMs <= targetMs } : undefined,
  );
  await sleep(3_000);
  await reportStop('stop when idle');
  if (options.start !== undefined) return;
  const situations = await makeSituations(pos, samples, account);
  gateway = await serve(folder);
  const token = await login(gateway.url, pos);
  const at = { opsPort, token, pos, panelToken: (await webpos(folder, 'panel', 'token')).token };
  const ids = (await database.all('select id from orders order by created_at desc limit 5000')).map(({ id }) => id);
  load.send({
    port: gateway.port,
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    body: JSON.stringify({ amount: '12.50', currency: 'EUR', reference: 'bench' }),
    ids,
    creationsPerS: Number(options.creations),
    readsPerS: Number(options.reads),
    healthPerS: HEALTH_PER_S,
  });
  await sleep(3_000);
  heading();
  for (const situation of situations) {
    if (options.only !== undefined && !situation.name.includes(options.only) && situation.name !== 'the load alone') continue;
    await measure(situation, at);
  }
  load.disconnect();
  await sleep(2_000);
  // Idle connections are closed a second later, because a request may be on its way.
  await reportStop('stop with idle connections', 1_500);
}

/** Lets a gateway store one order that is paid and one that is pending, with their callbacks. */
async function makeSamples(pos) {
  gateway = await serve(folder, { WEBPOS_ORDER_TTL_S: '86400' });
  const token = await login(gateway.url, pos);
  const call = async (method, path, body) => {
    const answer = await fetch(gateway.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const create = async () =>
    (await call('POST', '/payment-order', { amount: '12.50', currency: 'EUR', reference: 'sample' })).uuid;
  for (let tries = 100; ; tries -= 1) {
    try {
      await create();
      break;
    } catch (error) {
      if (tries === 0) throw error;
      await sleep(200);
    }
  }
  const [paid, pending] = [await create(), await create()];
  await call('PATCH', `/payment-order/${paid}/test/`, { callback: 'payment.completed' });
  database = await place.connect();
  await until(`select count(*) as n from callbacks where status = 'waiting'`);
  await database.close();
  await gateway.stop();
  return { paid, pending };
}

/** Writes the log into the database and updates the statistics, as after long service. */
async function settle() {
  await database.exec(database.kind === 'sqlite' ? 'pragma wal_checkpoint(truncate)' : 'vacuum analyze');
  if (database.kind === 'sqlite') await database.exec('analyze');
}

async function makeSituations(pos, samples, account) {
  const now = Date.now();
  const future = now + 7 * 86_400_000;
  const tip = Number((await database.all('select max(height) as n from chain_blocks'))[0].n);
  // Orders that expire together; their time comes when they are measured.
  const due = await cloneOrders(database, samples.pending, DEADLINES, {
    createdAtMs: now - 1_800_000,
    payments: false,
    callbacks: false,
    set: { expires_at: String(future), deadline_at: String(future) },
  });
  // Orders paid in the last 100 blocks, which blocks alone do not change before they are buried.
  const watched = await cloneOrders(database, samples.paid, TENTH, {
    createdAtMs: now - 1_200_000,
    readable: true,
    set: { watched: '1', judge_at_height: String(tip + 90) },
  });
  await settle();
  const mine = async ({ token }) => {
    // A payment of this order, in a block of its own.
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const { uuid } = await json(`${gateway.url}/payment-order`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ amount: '12.50', currency: 'EUR' }),
    });
    await json(`${gateway.url}/payment-order/${uuid}/test/`, {
      method: 'PATCH',
      headers,
      body: '{"callback":"payment.completed"}',
    });
  };
  return [
    { name: 'the load alone', during: async () => sleep(10_000) },
    {
      name: `${DEADLINES} deadlines at once`,
      before: () =>
        inSlices(
          due,
          DEADLINES,
          (range) => `update orders set expires_at = ${Date.now() + 4_000}, deadline_at = ${Date.now() + 4_000} where ${range}`,
        ),
      during: () =>
        until(
          `select count(*) as n from orders where address_index >= ${due} and address_index < ${due + DEADLINES} and status = 'pending'`,
        ),
    },
    { name: `blocks with ${TENTH} watched orders`, during: async (at) => repeat(5, () => mine(at)) },
    {
      name: `a block that ${TENTH} orders waited for`,
      before: () => inSlices(watched, TENTH, (range) => `update orders set judge_at_height = ${tip + 1} where ${range}`),
      during: async (at) => {
        await mine(at);
        await until(`select count(*) as n from orders where judge_at_height <= ${tip + 1}`);
      },
    },
    ...(options.postgres ? [] : [{ name: 'a foreign lock held for 3 s', during: foreignLock }]),
    {
      name: `redeliver of ${TENTH} by command`,
      before: () => fail(watched),
      during: async () =>
        webpos(folder, 'callback', 'redeliver', '--failed-since', new Date(Date.now() - 3_600_000).toISOString()),
    },
    {
      name: `redeliver of ${TENTH} by panel`,
      before: () => fail(watched),
      during: ({ panelToken }) =>
        json(`${gateway.url}/panel/api/callbacks/redeliver`, {
          method: 'POST',
          headers: { authorization: `Bearer ${panelToken}`, 'content-type': 'application/json' },
          body: JSON.stringify({ failed_since: new Date(Date.now() - 3_600_000).toISOString() }),
        }),
    },
    { name: 'filters without a match', during: filters },
    {
      name: 'a page in the middle, five a second',
      during: ({ token }) =>
        repeat(40, async () => {
          void json(`${gateway.url}/payment-order?page=${Math.floor(ORDERS / 40)}`, {
            headers: { authorization: `Bearer ${token}` },
          });
          await sleep(200);
        }),
    },
    { name: 'a backup', during: () => webpos(folder, 'backup', join(folder, `backup-${Date.now()}`)) },
    { name: 'an export', during: exportOrders },
    {
      name: `account list and doctor`,
      during: async () => [await webpos(folder, 'account', 'list'), await webpos(folder, 'doctor').catch(() => {})],
    },
  ].map((situation) => ({ ...situation, account }));
}

/** Marks the callbacks of the last tenth of the orders as given up. */
async function fail(first) {
  await inSlices(first, TENTH, (range) => {
    const ofOrders = `order_id in (select id from orders where ${range})`;
    return `update callbacks set status = 'failed', ended_at = ${Date.now()}, attempts = 5, next_attempt_at = null, claimed_by = null where ${ofOrders}`;
  });
}

/** Updates orders beside the gateway in small transactions, by their address index. */
async function inSlices(first, count, statement) {
  for (let from = first; from < first + count; from += 500) {
    await database.exec(statement(`address_index >= ${from} and address_index < ${Math.min(from + 500, first + count)}`));
    await sleep(10);
  }
}

async function foreignLock() {
  await sleep(2_000);
  await database.exec('begin immediate');
  await sleep(3_000);
  await database.exec('rollback');
  await sleep(3_000);
}

async function filters({ token, panelToken, pos }) {
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
    ].map((query) => [`/panel/api/callbacks?${query}`, panel]),
    [`/panel/api/callbacks?status=not_wanted&pos=${pos.uuid}&endpoint=https://nobody.example`, panel],
    ...['status=confirmed_disputed', 'status=charged_back', 'reference=nothing', 'status=cancelled&sort_by=amount'].map(
      (query) => [`/payment-order?${query}`, { authorization: `Bearer ${token}` }],
    ),
  ];
  for (let round = 0; round < 5; round += 1) {
    for (const [path, headers] of paths) {
      await fetch(gateway.url + path, { headers }).then((answer) => answer.text());
      await sleep(100);
    }
  }
}

/** Lists the orders page by page with the command that prints them. */
async function exportOrders() {
  let before;
  for (const endMs = performance.now() + 20_000; performance.now() < endMs;) {
    const page = await webpos(folder, 'order', 'list', '--limit', '1000', ...(before === undefined ? [] : ['--before', before]));
    before = page.at(-1)?.uuid;
    if (page.length < 1000) return;
  }
}

async function measure({ name, before, during }, at) {
  await before?.(at);
  await sleep(500);
  await metrics(at);
  load.send('measure');
  let [memory, isOver] = [0, false];
  const written = bytesWritten();
  const beganMs = performance.now();
  const work = during(at).then(
    () => (isOver = true),
    (error) => console.log(`    ${name}: ${error.message.slice(0, 600)}`),
  );
  const sample = async () => {
    memory = Math.max(memory, await gateway.residentMb());
  };
  const sampling = setInterval(() => void sample(), 200);
  await Promise.race([work, sleep(MAX_PHASE_MS)]);
  await sleep(Math.max(0, beganMs + MIN_PHASE_MS - performance.now()));
  clearInterval(sampling);
  load.send('result');
  const [result] = await once(load, 'message');
  const { hold, cpu, transaction } = await metrics(at);
  const seconds = (performance.now() - beganMs) / 1000;
  line([
    name,
    `${seconds.toFixed(0)} s${isOver ? '' : '…'}`,
    verdict(percentile(result.health.latenciesMs, 0.99), 50),
    verdict(Math.max(0, ...result.health.latenciesMs)),
    verdict(percentile(result.creation.latenciesMs, 0.99)),
    verdict(percentile(result.read.latenciesMs, 0.99)),
    String(result.health.errors + result.creation.errors + result.read.errors),
    `${verdict(hold.ms, 50)} ${hold.step}`,
    `${verdict(cpu.ms, 50)} ${cpu.step}`,
    `${verdict(transaction.ms, 200)} ${transaction.step}`,
    verdict(memory, 250),
    verdict(percentile(result.ownLateMs, 0.99)),
  ]);
  // On PostgreSQL, the server writes.
  if (name !== 'the load alone' || options.postgres) return;
  const perOrder = (bytesWritten() - written) / Math.max(1, result.creation.answered);
  report('  bytes written per order created', `${(perOrder / 1000).toFixed(1)} kB`, { target: '<= 30', met: perOrder <= 30_000 });
}

function heading() {
  console.log(
    `\n  ${ORDERS.toLocaleString('en')} orders on ${options.postgres ? 'PostgreSQL' : 'SQLite'}, ${options.creations} creations and ${options.reads} reads a second; milliseconds, MB; a number beyond its target has a !`,
  );
  line([
    'situation',
    'took',
    'health p99 (50)',
    'max',
    'create p99',
    'read p99',
    'errors',
    'longest hold (50)',
    'longest hold by CPU (50)',
    'transaction (200)',
    'memory (250)',
    'own timers',
  ]);
}

function line(cells) {
  const widths = [40, 8, 16, 6, 11, 9, 7, 32, 32, 32, 13, 10];
  console.log(`  ${cells.map((cell, nth) => cell.padEnd(widths[nth])).join(' ')}`);
}

function verdict(value, most = Number.POSITIVE_INFINITY) {
  return `${value.toFixed(0)}${value > most ? '!' : ''}`;
}

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Reads the longest hold and the longest transaction since the last call. */
async function metrics({ opsPort }) {
  const text = await (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text();
  const longest = (name) => {
    const series = [...text.matchAll(new RegExp(`^${name}\\{step="([^"]*)"\\} (\\S+)$`, 'gm'))];
    const [first] = series.map(([, step, value]) => ({ step, ms: Number(value) * 1000 })).sort((a, b) => b.ms - a.ms);
    return first ?? { step: '', ms: 0 };
  };
  return {
    hold: longest('webpos_step_hold_max_seconds'),
    cpu: longest('webpos_step_hold_cpu_max_seconds'),
    transaction: longest('webpos_store_transaction_max_seconds'),
  };
}

/** What the gateway's process has written to the disk. */
function bytesWritten() {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${gateway.pid}/io`, 'utf8'))?.[1]);
}

async function reportStop(what, targetMs = 200) {
  const beganMs = performance.now();
  await gateway.stop();
  const tookMs = performance.now() - beganMs;
  report(what, `${tookMs.toFixed(0)} ms`, { target: `< ${targetMs}`, met: tookMs < targetMs });
  gateway = undefined;
}

/** Waits until a query counts 0. */
async function until(query) {
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

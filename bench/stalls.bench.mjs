/**
 * What can hold a gateway up: the 99th percentile of `/healthz`, the step that held the JavaScript thread longest, the longest
 * transaction, and the memory, while the gateway does what once stopped it. Meanwhile another process creates 600 orders and reads 900 a
 * second, at these rates whether or not the gateway keeps up.
 *
 *   npm run bench -- stalls                        50,000 orders on both databases: a quick look, some three minutes each
 *   npm run bench -- stalls --orders 1000000       the numbers that count; some ten minutes each
 *   npm run bench -- stalls --database postgres    on PostgreSQL only
 *   npm run bench -- stalls --only panel,backup    only the situations with one of these in their name
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
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { databaseOf, databaseOption, onEachDatabase } from './support/each-database.mjs';
import { buildGateway, bytesWrittenBy, configure, login, serve, webpos } from './support/gateway-process.mjs';
import { freePorts } from './support/stalls/free-ports.mjs';
import { cloneOrders } from './support/stalls/clone-orders.mjs';
import { makePlace } from './support/stalls/database.mjs';
import { readLongest } from './support/stalls/longest.mjs';
import { makeSituations, untilNone } from './support/stalls/situations.mjs';
import { heading, line, percentile, verdict } from './support/stalls/table.mjs';
import { walletSealsOf } from './support/stalls/wallet-seals.mjs';
import { report } from './support/report.mjs';

const { values: options } = parseArgs({
  options: {
    orders: { type: 'string', default: '50000' },
    database: databaseOption,
    only: { type: 'string' },
    start: { type: 'string' },
    creations: { type: 'string', default: '600' },
    reads: { type: 'string', default: '900' },
  },
});
const DATABASE = databaseOf(options.database);
if (DATABASE === undefined) process.exit(await onEachDatabase(fileURLToPath(import.meta.url), process.argv.slice(2)));
const ORDERS = Number(options.start ?? options.orders);
const TENTH = Math.floor(ORDERS / 10);
const DEADLINES = Math.max(2_000, Math.floor(ORDERS / 100));
const MIN_PHASE_MS = 8_000;
const MAX_PHASE_MS = 60_000;
/** How long what a situation leaves behind may take. */
const MAX_AFTER_MS = 600_000;
const HEALTH_PER_S = 50;
const TPUB = 'tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M';

const folder = await mkdtemp(join(tmpdir(), 'webpos-stalls-'));
const place = await makePlace(DATABASE, folder);
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
  const seals = await walletSealsOf(join(folder, 'webpos.key'));
  await cloneOrders(database, samples.paid, ORDERS, { seals, createdAtMs: now - ORDERS - 3_600_000 });
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
  const world = { database, folder, seals, orders: ORDERS, deadlines: DEADLINES, tenth: TENTH, settle };
  const situations = await makeSituations({ ...world, gateway: () => gateway }, pos, samples);
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
  heading({ orders: ORDERS, isPostgres: DATABASE === 'postgres', creations: options.creations, reads: options.reads });
  for (const situation of situations) {
    if (!isWanted(situation) && situation.name !== 'the load alone') continue;
    const { work } = await measure(situation, at);
    // What is not over ends before the next one begins.
    await Promise.race([work.then(() => situation.after?.()), sleep(MAX_AFTER_MS, undefined, { ref: false })]);
  }
  load.disconnect();
  await sleep(2_000);
  // Idle connections are closed a second later, because a request may be on its way.
  await reportStop('stop with idle connections', 1_500);
}

function isWanted({ name }) {
  return options.only?.split(',').some((part) => name.includes(part)) ?? true;
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
  await untilNone(database, `select count(*) as n from callbacks where status = 'waiting'`);
  await database.close();
  await gateway.stop();
  return { paid, pending };
}

/** Writes the log into the database and updates the statistics, as after long service. */
async function settle() {
  await database.exec(database.kind === 'sqlite' ? 'pragma wal_checkpoint(truncate)' : 'vacuum analyze');
  if (database.kind === 'sqlite') await database.exec('analyze');
}

/** @returns what goes on when it has been measured. */
async function measure({ name, before, during }, at) {
  await before?.(at);
  await sleep(500);
  await readLongest(at.opsPort);
  load.send('measure');
  let [memory, isOver] = [0, false];
  const written = await bytesWritten();
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
  const { hold, cpu, transaction } = await readLongest(at.opsPort);
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
  if (name !== 'the load alone') return { work };
  const perOrder = ((await bytesWritten()) - written) / Math.max(1, result.creation.answered);
  // The server writes its tables later, at checkpoints that all of its databases share.
  const what =
    DATABASE === 'sqlite' ? 'bytes written per order created' : "the server's log per order created, without its tables";
  report(`  ${what}`, `${(perOrder / 1000).toFixed(1)} kB`, { target: '<= 30', met: perOrder <= 30_000 });
  return { work };
}

/** What the database has written so far: the process of the gateway on SQLite, the server's log on PostgreSQL. */
async function bytesWritten() {
  if (DATABASE === 'sqlite') return bytesWrittenBy(gateway.pid);
  const [{ n }] = await database.all(`select pg_current_wal_lsn() - '0/0'::pg_lsn as n`);
  return Number(n);
}

async function reportStop(what, targetMs = 200) {
  const beganMs = performance.now();
  await gateway.stop();
  const tookMs = performance.now() - beganMs;
  report(what, `${tookMs.toFixed(0)} ms`, { target: `< ${targetMs}`, met: tookMs < targetMs });
  gateway = undefined;
}

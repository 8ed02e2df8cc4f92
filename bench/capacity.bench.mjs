/**
 * The cost model of a gateway: what an order, a payment, a callback, an open checkout page and a watched order cost in processor time,
 * bytes written, bytes on the disk and memory, with few and with many orders in the database (docs/capacity.md).
 *
 *   npm run bench -- capacity                             0 and 100,000 orders on both databases; some four minutes each
 *   npm run bench -- capacity --sizes 0,1000000,5000000   the numbers of docs/capacity.md
 *   npm run bench -- capacity --database postgres         on PostgreSQL only; processor time is that of the gateway and that of its servers
 *
 * Method: the built gateway with its defaults, in a process of its own, on the sandbox's chain. The orders in the database are copies of
 * two that the gateway has stored itself, an expired and a paid one, at rest: nothing can change them any more, and each has one delivered
 * callback. Processor time and bytes come from the kernel's counters of the gateway's process, so other work on the machine changes them
 * little; they hold for a machine like this one. Bytes on the disk are the pages of each table and index. "lived" are orders that the
 * gateway itself created and let expire in this run, whose pages are as full as those of real orders.
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
import { growth, sizesOf, sum } from './support/capacity/disk.mjs';
import { clientOf, createPos, fill, makeSamples } from './support/capacity/fill.mjs';
import { reachOf } from './support/capacity/machine.mjs';
import { metered } from './support/capacity/meter.mjs';
import * as works from './support/capacity/works.mjs';
import { databaseOf, databaseOption, onEachDatabase } from './support/each-database.mjs';
import { buildGateway, configure, cpuMsOf, login, serve, webpos } from './support/gateway-process.mjs';
import { report } from './support/report.mjs';
import { makePlace } from './support/stalls/database.mjs';
import { walletSealsOf } from './support/stalls/wallet-seals.mjs';

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '0,100000' },
    database: databaseOption,
    seconds: { type: 'string', default: '20' },
    pages: { type: 'string', default: '2000' },
  },
});
const DATABASE = databaseOf(options.database);
if (DATABASE === undefined) process.exit(await onEachDatabase(fileURLToPath(import.meta.url), process.argv.slice(2)));
const CREATIONS_PER_S = 600;
const PAID = 1_000;
const READS = 10_000;
const PAGES = Number(options.pages);
const LIMITS = {
  WEBPOS_RATE_LIMIT_CLIENT: '0',
  WEBPOS_RATE_LIMIT_FAILURES: '0',
  WEBPOS_RATE_LIMIT_PAGES: '0',
  WEBPOS_MAX_CONNECTIONS: '12000',
  WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true',
};
let diskOfPaidOrder = 0;
/** What is undone at the end, the last first. */
const endings = [];
const shop = http.createServer((request, response) => request.resume().on('end', () => response.end('ok')));
try {
  await buildGateway();
  shop.listen(0, '127.0.0.1');
  await once(shop, 'listening');
  for (const size of options.sizes.split(',').map(Number)) {
    await measureAt(size);
    await end();
  }
} finally {
  await end();
  shop.close();
  shop.closeAllConnections();
}

async function end() {
  for (const ending of endings.splice(0).reverse()) await ending();
}

async function measureAt(size) {
  console.log(`\n  ${size.toLocaleString('en')} orders in the database, on ${DATABASE === 'postgres' ? 'PostgreSQL' : 'SQLite'}`);
  const folder = await mkdtemp(join(tmpdir(), 'webpos-capacity-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const place = await makePlace(DATABASE, folder);
  endings.push(() => place.drop());
  configure(folder, { ...LIMITS, WEBPOS_DATABASE_URL: place.url });
  const pos = await createPos(folder, `http://127.0.0.1:${shop.address().port}/webpos/callback`);
  const database = await place.connect();
  endings.push(() => database.close());
  if (size > 0) {
    const samples = await makeSamples(folder, pos, database);
    reportDisk(await fill(database, await walletSealsOf(join(folder, 'webpos.key')), samples, size));
  }
  const started = await start(folder, size);
  const token = await login(started.url, pos);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' };
  const at = { folder, pos, database, gateway: { ...started, headers } };
  await clientOf(at.gateway, pos);
  const costs = await measureOrders(at);
  await at.gateway.stop();
  await measurePages(at, await start(folder));
  if (size > 0) reach(costs);
}

/** Starts a gateway and reports how long it took and its memory. */
async function start(folder, size) {
  const gateway = await serve(folder);
  endings.push(() => gateway.stop('SIGKILL'));
  if (size === undefined) return gateway;
  const cpuMs = cpuMsOf(gateway.pid);
  report('start to ready', `${gateway.startMs.toFixed(0)} ms`, { target: '<= 2,000 ms', met: gateway.startMs <= 2_000 });
  report('  of which processor time', `${cpuMs.toFixed(0)} ms`);
  await sleep(5_000);
  report('memory after the start', `${(await gateway.residentMb()).toFixed(0)} MB`);
  return gateway;
}

function reportDisk({ expired, paid, half }) {
  for (const [kind, grown] of [
    ['expired', expired],
    ['paid, with its payment', paid],
  ]) {
    const bytes = sum(grown) / half;
    const goal = kind === 'expired' ? { target: '<= 1,900', met: bytes <= 1_900 } : undefined;
    report(`disk of an order with one callback: ${kind}`, `${bytes.toFixed(0)} bytes`, goal);
    const attempts = sum(grown, (name) => name.startsWith('callback_attempts')) / half;
    report('  when its attempt is deleted, after 30 days', `${(bytes - attempts).toFixed(0)} bytes`);
    for (const { name, bytes: all } of grown)
      if (all / half >= 1) console.log(`      ${name.padEnd(40)} ${(all / half).toFixed(1)}`);
  }
  diskOfPaidOrder = sum(paid) / half;
}

async function measureOrders({ folder, database, gateway }) {
  const [openLoop, generator] = [helper('stalls/open-loop'), helper('http-load')];
  const costs = {};
  const measure = async (name, work, settings = {}) => {
    const cost = await metered({ gateway, database }, work);
    costs[name] = cost;
    reportCost(name, cost, settings);
    return cost;
  };
  let memory = 0;
  const sample = async () => {
    memory = Math.max(memory, await gateway.residentMb());
  };
  const sampling = setInterval(() => void sample(), 200);
  endings.push(() => clearInterval(sampling));
  const empty = await sizesOf(database);
  const rate = { perS: CREATIONS_PER_S, seconds: Number(options.seconds) };
  await measure(`an order created, at ${CREATIONS_PER_S} a second`, () => works.createAtRate(openLoop, gateway, rate), {
    mostBytes: 30_000,
  });
  costs.created = Object.values(costs)[0];
  const { count } = await measure('an order expired, with its callback', () => works.expireAll(database, gateway));
  reportLived(growth(empty, await sizesOf(database)), count);
  const ids = await works.createOrders(generator, gateway, PAID);
  await measure('an order read, unchanged since the last read', () =>
    works.readOrders(generator, gateway, ids.slice(0, 1), READS),
  );
  await measure('an order read, for the first time', () => works.readOrders(generator, gateway, ids, ids.length));
  await measure('a payment, to a paid order and its callback', () => works.payOrders(database, gateway, ids));
  await measure(`a block, with ${PAID} watched orders`, () => works.mineBlocks(gateway, ids[0]));
  await measure('an order judged and buried', () => works.bury(database, gateway, ids));
  await works.giveUp(database, ids);
  const { token } = await webpos(folder, 'panel', 'token');
  await measure('a callback, delivered again', () => works.redeliver(database, gateway, token, ids));
  clearInterval(sampling);
  report('memory meanwhile, max', `${memory.toFixed(0)} MB`, { target: '<= 250', met: memory <= 250 });
  return costs;
}

function reportCost(name, { cpuUs, serverCpuUs, written }, { mostBytes }) {
  const server = DATABASE === 'postgres' ? ` + ${serverCpuUs.toFixed(0)}` : '';
  const goal = mostBytes === undefined ? undefined : { target: `<= ${mostBytes / 1000} kB written`, met: written <= mostBytes };
  report(name, `${cpuUs.toFixed(0)}${server} µs  ${(written / 1000).toFixed(1)} kB`, goal);
}

function reportLived(grown, count) {
  const isOf = (table) => (name) => name.startsWith(table);
  const per = (table) => (sum(grown, isOf(table)) / count).toFixed(0);
  report('  disk of such an order, lived', `${(sum(grown) / count).toFixed(0)} bytes`);
  console.log(`      orders ${per('orders')}, callbacks ${per('callbacks')}, callback_attempts ${per('callback_attempts')}`);
}

/** Memory and processor time of open checkout pages, in a gateway that has done nothing else. */
async function measurePages({ database, pos }, gateway) {
  const [pages, generator] = [helper('open-pages'), helper('http-load')];
  const headers = { authorization: `Bearer ${await login(gateway.url, pos)}`, 'content-type': 'application/json' };
  const ids = await works.createOrders(generator, { ...gateway, headers }, PAGES);
  await sleep(3_000);
  const before = await gateway.residentMb();
  reportCost('a checkout page opened', await metered({ gateway, database }, () => works.openPages(pages, gateway, ids)), {});
  await sleep(5_000);
  report('  its memory', `${((((await gateway.residentMb()) - before) * 1_024) / PAGES).toFixed(0)} kB`);
  const minute = await metered({ gateway, database }, async () => {
    await sleep(60_000);
    return PAGES;
  });
  reportCost('  each minute that it stays open', minute, {});
}

function reach(costs) {
  const { created } = costs;
  const paid = costs['a payment, to a paid order and its callback'];
  const buried = costs['an order judged and buried'];
  const total = (key) => created[key] + paid[key] + buried[key];
  const read = costs['an order read, for the first time'];
  const lines = reachOf({
    orderCpuUs: total('cpuUs'),
    readCpuUs: read.cpuUs,
    written: total('written'),
    diskBytes: diskOfPaidOrder,
  });
  for (const [what, number] of lines) report(what, number);
}

function helper(name) {
  const child = fork(fileURLToPath(new URL(`support/${name}.mjs`, import.meta.url)), { execArgv: [] });
  endings.push(() => child.connected && child.disconnect());
  return child;
}

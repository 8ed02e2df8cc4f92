/**
 * The cost of many orders: a gateway with 1,000,000 of them, of which 10,000 are open, compared with one with 1,000 and one with
 * none. Method: each built, on a SQLite file, in a process of its own. Start to ready is the time until it reports that it
 * serves, the median of five starts; memory is the resident size ten seconds later. Pages of 20 over HTTP, 8 requests at a time,
 * both gateways in turn, the median of each round's ratio.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { costRatios, median } from './support/compare.mjs';
import { buildGateway, login, newPos, serve } from './support/gateway-process.mjs';
import { report } from './support/report.mjs';
import { seedOrders } from './support/seed-orders.mjs';

const MANY = Number(process.env.BENCH_ORDERS ?? 1_000_000);
const OPEN = MANY / 100;
const SETTINGS = { WEBPOS_RATE_LIMIT_CLIENT: '0' };
const base = await mkdtemp(join(tmpdir(), 'webpos-bench-orders-'));
const generator = fork(fileURLToPath(new URL('support/http-load.mjs', import.meta.url)), { execArgv: [] });
const running = [];
let gateways;
try {
  await buildGateway();
  const none = await prepared(0, 0);
  await startTimes('start to ready, no orders', none, 1_000);
  const idle = await started(none);
  await sleep(10_000);
  const memory = await idle.residentMb();
  report('idle memory, no orders, MB', memory.toFixed(0), { target: '< 150', met: memory < 150 });
  await idle.stop();

  const [few, many] = [await prepared(1_000, 10), await prepared(MANY, OPEN)];
  await startTimes(`start to ready, ${MANY} orders, ${OPEN} open`, many, 3_000);
  gateways = { few: await signedIn(few), many: await signedIn(many) };
  await sleep(10_000);
  report(`memory, ${MANY} orders, MB`, (await gateways.many.residentMb()).toFixed(0));

  await compare('the newest page', '');
  await compare('the first page by amount', 'sort_by=amount&sort_order=asc');
  await compare('the newest page of one status', 'status=pending');
  await compare('the page in the middle', (orders) => `page=${orders / 40}`);
} finally {
  for (const gateway of running) await gateway.stop();
  generator.disconnect();
  await rm(base, { recursive: true, force: true });
}

async function compare(what, query) {
  const page = (gateway, orders) => async (count) => {
    const search = typeof query === 'string' ? query : query(orders);
    const { port, headers } = gateway;
    generator.send({ port, method: 'GET', paths: [`/payment-order?${search}`], headers, connections: 8, count });
    const [answer] = await once(generator, 'message');
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.ms;
  };
  const contenders = { few: page(gateways.few, 1_000), many: page(gateways.many, MANY) };
  const ratios = await costRatios(contenders, { rounds: 5, count: 100, warmUp: 100 });
  report(`${what}: cost with ${MANY} over 1000`, ratios.many.toFixed(2), { target: '<= 3', met: ratios.many <= 3 });
}

async function prepared(count, open) {
  const folder = await mkdtemp(join(base, 'orders-'));
  const pos = await newPos(folder);
  if (count > 0) await seedOrders(folder, pos, count, open);
  return { folder, pos };
}

async function started({ folder }) {
  const gateway = await serve(folder, SETTINGS);
  running.push(gateway);
  return gateway;
}

async function signedIn(place) {
  const gateway = await started(place);
  const token = await login(gateway.url, place.pos);
  return { ...gateway, headers: { authorization: `Bearer ${token}`, 'x-api-version': 'v1', accept: 'application/json' } };
}

async function startTimes(what, place, mostMs) {
  const times = [];
  for (let start = 0; start < 5; start += 1) {
    const gateway = await started(place);
    times.push(gateway.startMs);
    await gateway.stop();
  }
  const ms = median(times);
  report(`${what}, ms`, ms.toFixed(0), { target: `< ${mostMs}`, met: ms < mostMs });
}

/**
 * The cost of the gateway's API relative to a Fastify route that parses and answers the same sizes and does nothing else. Method:
 * the built gateway, on a SQLite file that is synced at every commit; floor, gateway and load each in a process of its own, on 64
 * kept-alive connections with one request under way each; one login. Rounds of 2,000 requests of floor and gateway in turn, the
 * median of each round's ratio: how much of the floor's throughput is left. The CPU of both processes is reported too, because it
 * depends less on other processes (it needs Linux's /proc).
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { costRatios } from './support/compare.mjs';
import { buildGateway, cpuMsOf, derived, login, newPos, serve } from './support/gateway-process.mjs';
import { report } from './support/report.mjs';

const CONNECTIONS = 64;
const PLAN = { rounds: 9, count: 2_000, warmUp: 4_000 };
/** Enough for every order of the run. A single client may send as fast as it can, which is what is measured. */
const DERIVED = Number(process.env.BENCH_DERIVED ?? 120_000);
const SETTINGS = { WEBPOS_ADDRESS_POOL_SIZE: String(DERIVED), WEBPOS_RATE_LIMIT_CLIENT: '0' };
/** More than the gateway caches. */
const MANY = 3_000;
/** Successive orders differ in price, so that indexes by amount are written as in production. */
const PRICES = Array.from({ length: 1_000 }, (_, nth) => (10 + ((nth * 37) % 1_000) * 0.09).toFixed(2));
const creationOf = (amount) =>
  JSON.stringify({ amount, reference: 'order 4711', details: 'two coffees and a cake', required_confirmations: 1 });
const forkHelper = (name) => fork(fileURLToPath(new URL(`support/${name}.mjs`, import.meta.url)), { execArgv: [] });

const folder = await mkdtemp(join(tmpdir(), 'webpos-bench-gateway-'));
const [generator, floor] = [forkHelper('http-load'), forkHelper('floor-server')];
let gateway;
try {
  await buildGateway();
  const pos = await newPos(folder);
  const profile = process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`] : [];
  gateway = await serve(folder, SETTINGS, profile);
  const derivation = await derived(folder, DERIVED);
  const rate = DERIVED / (derivation / 1000);
  report('addresses derived and stored, per second', rate.toFixed(0), { target: '>= 3000', met: rate >= 3000 });
  const authorization = `Bearer ${await login(gateway.url, pos)}`;
  const headers = { authorization, 'x-api-version': 'v1', accept: 'application/json' };
  const create = { method: 'POST', paths: ['/payment-order'], bodies: PRICES.map(creationOf) };
  create.headers = { ...headers, 'content-type': 'application/json' };

  const { bodies } = await load({ ...create, port: gateway.port, count: MANY, connections: CONNECTIONS, keep: true });
  const [made, ...others] = bodies.map((body) => JSON.parse(body));
  const pathOf = ({ uuid }) => `/payment-order/${uuid}`;
  const read = { method: 'GET', paths: [pathOf(made)], headers };
  const order = await (await fetch(gateway.url + pathOf(made), { headers })).json();
  floor.send([
    { method: 'POST', url: '/payment-order', status: 201, body: made },
    { method: 'GET', url: '/payment-order/:uuid', status: 200, body: order },
  ]);
  const [floorPort] = await once(floor, 'message');

  await compare('orders created, speed over the floor', create, floorPort, 0.4);
  await compare('orders read, speed over the floor', read, floorPort, 0.7);
  await compare('orders read that are not cached', { ...read, paths: others.map(pathOf) }, floorPort);
} finally {
  await gateway?.stop();
  generator.disconnect();
  floor.disconnect();
  await rm(folder, { recursive: true, force: true });
}

async function compare(what, request, floorPort, target) {
  let fastest = Number.POSITIVE_INFINITY;
  const cpuMs = { floor: 0, gateway: 0 };
  const on = (who, port, pid) => async (count) => {
    const before = cpuMsOf(pid);
    const { ms } = await load({ ...request, port, count, connections: CONNECTIONS });
    cpuMs[who] += cpuMsOf(pid) - before;
    if (who === 'gateway') fastest = Math.min(fastest, ms / count);
    return ms;
  };
  const contenders = { floor: on('floor', floorPort, floor.pid), gateway: on('gateway', gateway.port, gateway.pid) };
  const { gateway: cost } = await costRatios(contenders, PLAN);
  report(what, (1 / cost).toFixed(2), target && { target: `>= ${target}`, met: 1 / cost >= target });
  report('  max, per second', (1000 / fastest).toFixed(0));
  const each = (ms) => `${((ms * 1000) / (PLAN.warmUp + PLAN.rounds * PLAN.count)).toFixed(0)} us`;
  report('  CPU of each, and of the floor', `${each(cpuMs.gateway)}, ${each(cpuMs.floor)}`);
  report('  CPU, the floor over the gateway', (cpuMs.floor / cpuMs.gateway).toFixed(2));
}

async function load(plan) {
  generator.send(plan);
  const [answer] = await once(generator, 'message');
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}

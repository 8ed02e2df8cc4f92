/**
 * How far PostgreSQL keeps up with SQLite: orders created and read per second over the API, each divided by SQLite's of the same round,
 * the median. Method: two built gateways at the same time, one on a SQLite file and one on PostgreSQL (`TEST_POSTGRES_URL`), both with
 * every commit on disk; 64 kept-alive connections with one request under way each; rounds in turn. PostgreSQL's own processes run on the
 * same machine, so they take their share of it. The load is a process of its own, the same for both. The CPU of each gateway is reported
 * too (it needs Linux's /proc); that of PostgreSQL's processes is not in it.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { costRatios } from './support/compare.mjs';
import { buildGateway, configure, cpuMsOf, login, newPos, serve } from './support/gateway-process.mjs';
import { report } from './support/report.mjs';
import { makePlace } from './support/stalls/database.mjs';

const CONNECTIONS = 64;
const PLAN = { rounds: Number(process.env.BENCH_ROUNDS ?? 9), count: 2_000, warmUp: 4_000 };
/** Enough for every order of the run, and less than a quarter of the pool, at which it is filled up again. */
const DERIVED = 4 * (PLAN.warmUp + (PLAN.rounds + 1) * PLAN.count + 3_000);
const MANY = 3_000;
/** Successive orders differ in price, so that indexes by amount are written as in production. */
const PRICES = Array.from({ length: 1_000 }, (_, nth) => (10 + ((nth * 37) % 1_000) * 0.09).toFixed(2));
const creationOf = (amount) =>
  JSON.stringify({ amount, reference: `order ${amount}`, details: 'two coffees and a cake', required_confirmations: 1 });

const base = await mkdtemp(join(tmpdir(), 'webpos-bench-postgres-'));
const generator = fork(fileURLToPath(new URL('support/http-load.mjs', import.meta.url)), { execArgv: [] });
const opened = [];
try {
  await buildGateway();
  const postgres = await open('postgres').catch(unlessMissing);
  if (postgres !== undefined) await compareAll({ sqlite: await open('sqlite'), postgres });
} finally {
  for (const { gateway, place } of opened) {
    await gateway?.stop();
    await place.drop();
  }
  generator.disconnect();
  await rm(base, { recursive: true, force: true });
}

async function compareAll(contenders) {
  await compare('orders created', contenders, ({ create }) => create, 0.5);
  await compare('orders read', contenders, ({ read }) => read, 0.25);
  await compare('orders read that are not cached', contenders, ({ readMany }) => readMany, undefined, { ...PLAN, count: MANY });
}

/** Without a PostgreSQL, there is nothing to compare. */
function unlessMissing(error) {
  if (error.code !== 'ECONNREFUSED') throw error;
  console.log('  no PostgreSQL answers; TEST_POSTGRES_URL names another one');
}

/** Starts a gateway with orders on a new database. */
async function open(kind) {
  const folder = await mkdtemp(join(base, `${kind}-`));
  const place = await makePlace(kind, folder);
  const contender = { place };
  opened.push(contender);
  configure(folder, { WEBPOS_DATABASE_URL: place.url });
  const pos = await newPos(folder);
  const profile = process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}/${kind}`] : [];
  const gateway = await serve(folder, { WEBPOS_ADDRESS_POOL_SIZE: String(DERIVED), WEBPOS_RATE_LIMIT_CLIENT: '0' }, profile);
  contender.gateway = gateway;
  await derived(place);
  const token = await login(gateway.url, pos);
  const headers = { authorization: `Bearer ${token}`, 'x-api-version': 'v1', accept: 'application/json' };
  const create = { method: 'POST', paths: ['/payment-order'], bodies: PRICES.map(creationOf) };
  create.headers = { ...headers, 'content-type': 'application/json' };
  const { bodies } = await load({ ...create, port: gateway.port, count: MANY, keep: true });
  const [path, ...paths] = bodies.map((body) => `/payment-order/${JSON.parse(body).uuid}`);
  return Object.assign(contender, {
    create,
    read: { method: 'GET', paths: [path], headers },
    readMany: { method: 'GET', paths, headers },
  });
}

/** Waits until the pool of addresses is full. */
async function derived(place) {
  const database = await place.connect();
  const count = async () => Number((await database.all('select count(*) as n from derived_addresses'))[0].n);
  while ((await count()) < DERIVED) await sleep(500);
  await database.close();
}

async function compare(what, { sqlite, postgres }, requestOf, target, plan = PLAN) {
  const fastest = { sqlite: Number.POSITIVE_INFINITY, postgres: Number.POSITIVE_INFINITY };
  const cpuMs = { sqlite: 0, postgres: 0 };
  const on = (name, contender) => async (count) => {
    const before = cpuMsOf(contender.gateway.pid);
    const { ms } = await load({ ...requestOf(contender), port: contender.gateway.port, count });
    cpuMs[name] += cpuMsOf(contender.gateway.pid) - before;
    fastest[name] = Math.min(fastest[name], ms / count);
    return ms;
  };
  const { postgres: cost } = await costRatios({ sqlite: on('sqlite', sqlite), postgres: on('postgres', postgres) }, plan);
  report(`${what}, PostgreSQL over SQLite`, (1 / cost).toFixed(2), target && { target: `>= ${target}`, met: 1 / cost >= target });
  const perS = (name) => (1000 / fastest[name]).toFixed(0);
  report('  max per second, PostgreSQL, and SQLite', `${perS('postgres')}, ${perS('sqlite')}`);
  const each = (ms) => `${((ms * 1000) / (plan.warmUp + plan.rounds * plan.count)).toFixed(0)} us`;
  report('  CPU of each gateway', `${each(cpuMs.postgres)}, ${each(cpuMs.sqlite)}`);
}

async function load(plan) {
  generator.send({ ...plan, connections: CONNECTIONS });
  const [answer] = await once(generator, 'message');
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}
